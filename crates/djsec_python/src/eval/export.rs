//! From the evaluator's heap to plain values.

use std::sync::Arc;

use djsec_base::Span;

use super::val::Bound;
use super::{Interp, Leaf, NsId, ObjId, Object, SeqVal, Val};
use crate::value::{Alt, Data, Item, Map, ObjectKind, Seq, Value};
use crate::worlds::Guard;

/// A name's value and the statements that made it what it is, in order.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
    /// Statements that assigned it or changed the object it names.
    pub touched: Vec<Span>,
    /// Plain values that it had in every world and lost, with the statements that had set them.
    pub replaced: Vec<(Span, Data)>,
    /// Those of them that only run in some worlds, with these.
    pub conditional: Vec<(Span, Guard)>,
}

/// Nesting that is kept; deeper values are cut off as open.
const MAX_DEPTH: u32 = 24;

impl Interp<'_> {
    /// All names of a namespace in order of first assignment, restricted to the worlds in `live`.
    pub fn export(&mut self, ns: NsId, live: Guard) -> Vec<Exported> {
        let Some(space) = self.namespace(ns) else { return vec![] };
        let names: Vec<(Arc<str>, Bound)> =
            space.iter().map(|(name, bound)| (Arc::clone(name), bound.clone())).collect();
        let mut out = Vec::with_capacity(names.len());
        for (name, Bound { val, mut touched, replaced, conditional }) in names {
            let val = self.narrow_to(&val, live);
            self.collect_touches(&val, &mut touched, 0);
            let value = self.export_value(&val, live);
            let plain =
                |(span, leaf): (Span, Leaf)| (span, self.data(&leaf, live, &mut Vec::new()));
            let replaced = replaced.into_iter().map(plain).collect();
            out.push(Exported { name, value, touched, replaced, conditional });
        }
        out
    }

    /// One value as a tree.
    pub fn export_value(&mut self, val: &Val, live: Guard) -> Value {
        self.tree(val, live, &mut Vec::new())
    }

    /// A value that rules asked to keep, by the number [`Interp::note_value`] gave.
    pub fn export_noted(&mut self, number: u32, live: Guard) -> Value {
        let val = self.noted.get(number as usize).cloned().unwrap_or_default();
        self.export_value(&val, live)
    }

    /// Keeps the alternatives possible in `live`; guards stay as they are.
    fn narrow_to(&mut self, val: &Val, live: Guard) -> Val {
        let mut out = Val::nothing();
        for alt in &val.alts {
            let reach = self.worlds.and(alt.guard, live);
            if !self.worlds.impossible(reach) {
                out.alts.push(alt.clone());
            }
        }
        out
    }

    fn collect_touches(&self, val: &Val, touched: &mut Vec<Span>, depth: u32) {
        if depth > 4 || touched.len() > 64 {
            return;
        }
        for alt in &val.alts {
            let Leaf::Ref(id) = alt.leaf else { continue };
            for span in self.touched(id) {
                if !touched.contains(span) {
                    touched.push(*span);
                }
            }
            match self.object(id) {
                Some(Object::List(seq)) => {
                    for (_, item) in &seq.items {
                        self.collect_touches(item, touched, depth + 1);
                    }
                }
                Some(Object::Dict(dict)) => {
                    for (_, item) in &dict.entries {
                        self.collect_touches(item, touched, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn tree(&mut self, val: &Val, live: Guard, path: &mut Vec<ObjId>) -> Value {
        let mut alts = Vec::with_capacity(val.alts.len());
        let val = self.narrow_to(val, live);
        let only = val.alts.len() == 1;
        for alt in &val.alts {
            let guard = if only { self.certain(alt.guard, live) } else { alt.guard };
            let data = self.data(&alt.leaf, live, path);
            alts.push(Alt { guard, data, span: alt.span });
        }
        Value { alts }
    }

    /// A guard that covers all live worlds is no condition.
    fn certain(&mut self, guard: Guard, live: Guard) -> Guard {
        let rest = self.worlds.minus(live, guard);
        if self.worlds.impossible(rest) { Guard::ALWAYS } else { guard }
    }

    fn data(&mut self, leaf: &Leaf, live: Guard, path: &mut Vec<ObjId>) -> Data {
        match leaf {
            Leaf::Absent => Data::Absent,
            Leaf::None => Data::None,
            Leaf::Bool(b) => Data::Bool(*b),
            Leaf::Int(i) => Data::Int(*i),
            Leaf::Float(f) => Data::Float(*f),
            Leaf::Str(s) => Data::Str(Arc::clone(s)),
            Leaf::Bytes(b) => Data::Bytes(Arc::clone(b)),
            Leaf::Path(p) => Data::Path(Arc::clone(p)),
            Leaf::Delta(us) => Data::Delta(*us),
            Leaf::Sym(sym) => Data::Sym(Arc::clone(sym)),
            Leaf::Tuple(seq) => {
                let seq = std::rc::Rc::clone(seq);
                Data::Tuple(self.seq(&seq, live, path))
            }
            Leaf::Ref(id) => self.object_data(*id, live, path),
            Leaf::Func(func) => object(&func.name, ObjectKind::Function),
            Leaf::Method(bound) => object(&bound.1.name, ObjectKind::Function),
            // Not called, it may as well be plain data of an object that djsec does not see.
            Leaf::BuiltinMethod(bound) if self.is_external_attribute(leaf) => {
                object(&bound.1, ObjectKind::External)
            }
            Leaf::BuiltinMethod(bound) => object(&bound.1, ObjectKind::Function),
            Leaf::Module(name) => object(name, ObjectKind::Module),
            Leaf::Ext(name) => object(name, ObjectKind::External),
        }
    }

    fn object_data(&mut self, id: ObjId, live: Guard, path: &mut Vec<ObjId>) -> Data {
        let depth = u32::try_from(path.len()).unwrap_or(u32::MAX);
        if path.contains(&id) || depth > MAX_DEPTH {
            return Data::List(Seq { items: vec![], open: true });
        }
        let Some(value) = self.object(id).cloned() else { return Data::Absent };
        path.push(id);
        let data = match value {
            Object::List(seq) => Data::List(self.seq(&seq, live, path)),
            Object::Set(seq) => Data::Set(self.seq(&seq, live, path)),
            Object::Dict(dict) => {
                let mut entries = Vec::with_capacity(dict.entries.len());
                for (key, value) in &dict.entries {
                    let key = self.data(key, live, path);
                    let value = self.tree(value, live, path);
                    if value.alts.iter().any(|alt| alt.data != Data::Absent) {
                        entries.push((key, value));
                    }
                }
                Data::Dict(Map { entries, open: dict.open })
            }
            Object::Class(class) => object(&class.name, ObjectKind::Class),
            Object::Inst(inst) => {
                let name = match &inst.class {
                    Leaf::Ext(name) => Arc::clone(name),
                    Leaf::Ref(class) => match self.object(*class) {
                        Some(Object::Class(class)) => Arc::clone(&class.name),
                        _ => Arc::from("object"),
                    },
                    _ => Arc::from("object"),
                };
                let mut args = Vec::new();
                for arg in &inst.args {
                    args.push(self.tree(arg, live, path));
                }
                let mut keywords = Vec::new();
                for (name, arg) in &inst.keywords {
                    keywords.push((Arc::clone(name), self.tree(arg, live, path)));
                }
                let kind = ObjectKind::Instance;
                Data::Object(Arc::new(crate::value::Object { name, kind, args, keywords }))
            }
        };
        path.pop();
        data
    }

    fn seq(&mut self, seq: &SeqVal, live: Guard, path: &mut Vec<ObjId>) -> Seq {
        let mut items = Vec::with_capacity(seq.items.len());
        for (guard, item) in &seq.items {
            let reach = self.worlds.and(*guard, live);
            if self.worlds.impossible(reach) {
                continue;
            }
            let guard = self.certain(*guard, live);
            let value = self.tree(item, live, path);
            items.push(Item { guard, value });
        }
        Seq { items, open: seq.open }
    }
}

fn object(name: &Arc<str>, kind: ObjectKind) -> Data {
    Data::Object(Arc::new(crate::value::Object {
        name: Arc::clone(name),
        kind,
        args: vec![],
        keywords: vec![],
    }))
}
