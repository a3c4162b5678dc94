//! Settings as the evaluator of URLconfs sees them.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::eval::{DictVal, Interp, Leaf, Object, SeqVal, Val, ValAlt};
use djsec_python::value::{Data, ObjectKind, Seq, Value};

/// A setting's value on the heap of another evaluation that shares its worlds.
pub(super) fn val(it: &mut Interp<'_>, value: &Value, depth: u32) -> Val {
    let mut out = Val::nothing();
    for alt in &value.alts {
        let leaf = leaf(it, &alt.data, depth);
        out.alts.push(ValAlt { guard: alt.guard, leaf, span: alt.span });
    }
    out
}

fn leaf(it: &mut Interp<'_>, data: &Data, depth: u32) -> Leaf {
    match data {
        Data::Absent => Leaf::Absent,
        Data::None => Leaf::None,
        Data::Bool(b) => Leaf::Bool(*b),
        Data::Int(i) => Leaf::Int(*i),
        Data::Float(f) => Leaf::Float(*f),
        Data::Str(s) => Leaf::Str(Arc::clone(s)),
        Data::Bytes(b) => Leaf::Bytes(Arc::clone(b)),
        Data::Path(p) => Leaf::Path(Arc::clone(p)),
        Data::Delta(us) => Leaf::Delta(*us),
        Data::Sym(sym) => Leaf::Sym(Arc::clone(sym)),
        Data::Tuple(items) => Leaf::Tuple(Rc::new(seq(it, items, depth))),
        Data::List(items) => {
            let items = seq(it, items, depth);
            Leaf::Ref(it.alloc(Object::List(items)))
        }
        Data::Set(items) => {
            let items = seq(it, items, depth);
            Leaf::Ref(it.alloc(Object::Set(items)))
        }
        Data::Dict(map) => {
            let mut dict = DictVal { entries: Vec::new(), open: map.open, rest: None };
            for (key, value) in &map.entries {
                let key = leaf(it, key, depth + 1);
                let value = val(it, value, depth + 1);
                dict.entries.push((key, value));
            }
            Leaf::Ref(it.alloc(Object::Dict(dict)))
        }
        Data::Object(object) => match object.kind {
            ObjectKind::Instance => {
                let inst = djsec_python::eval::InstVal {
                    class: Leaf::Ext(Arc::clone(&object.name)),
                    attrs: Vec::new(),
                    args: object.args.iter().map(|arg| val(it, arg, depth + 1)).collect(),
                    keywords: Vec::new(),
                };
                Leaf::Ref(it.alloc(Object::Inst(inst)))
            }
            _ => Leaf::Ext(Arc::clone(&object.name)),
        },
    }
}

fn seq(it: &mut Interp<'_>, items: &Seq, depth: u32) -> SeqVal {
    if depth > 24 {
        return SeqVal { items: Vec::new(), open: true };
    }
    let mut out = SeqVal { items: Vec::with_capacity(items.items.len()), open: items.open };
    for item in &items.items {
        let value = val(it, &item.value, depth + 1);
        out.items.push((item.guard, value));
    }
    out
}
