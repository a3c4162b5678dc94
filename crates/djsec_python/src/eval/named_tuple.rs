//! `collections.namedtuple`: a class that a call makes.

use std::rc::Rc;
use std::sync::Arc;

use super::{Args, At, InstVal, Interp, Leaf, ObjId, Object, SeqVal, Val};
use crate::worlds::Guard;

/// Class of what `namedtuple(…)` gives.
const MADE: &str = "collections.namedtuple";
/// Fields that are looked at.
const MOST: usize = 64;

impl Interp<'_> {
    /// Whether a value is a class that `namedtuple` made.
    pub(super) fn is_named_tuple(&self, leaf: &Leaf) -> bool {
        let Leaf::Ref(id) = leaf else { return false };
        matches!(
            self.object(*id),
            Some(Object::Inst(InstVal { class: Leaf::Ext(class), .. })) if &**class == MADE
        )
    }

    /// Whether a value is an instance of a class that `namedtuple` made.
    pub(super) fn is_of_named_tuple(&self, leaf: &Leaf, class: &Leaf) -> bool {
        let Leaf::Ref(id) = leaf else { return false };
        matches!(self.object(*id), Some(Object::Inst(inst)) if inst.class == *class)
    }

    /// `namedtuple("Route", ["url", "name"])`, `namedtuple("Route", "url name")`.
    pub(super) fn make_named_tuple(&mut self, args: &Args, at: At) -> Option<Val> {
        let given = args.at(1, "field_names")?.clone();
        let names: Vec<Val> = if let Some(text) = given.as_str() {
            text.split([' ', ',']).filter(|name| !name.is_empty()).map(Val::str).collect()
        } else {
            let seq = self.elements(&given, at);
            let whole = !seq.open && seq.items.iter().all(|(guard, _)| self.surely(*guard, at));
            whole.then(|| seq.items.into_iter().map(|(_, name)| name).collect())?
        };
        if names.len() > MOST || names.iter().any(|name| name.as_str().is_none()) {
            return None;
        }
        let defaults = args.keyword("defaults").cloned();
        let keywords = defaults.map(|val| (Arc::from("defaults"), val)).into_iter().collect();
        let class = Args { positional: names, keywords, open: false };
        Some(self.external_instance(MADE, &class, at))
    }

    /// `Route(url=…, name=…)`.
    pub(super) fn fill_named_tuple(&mut self, class: ObjId, args: &Args, at: At) -> Val {
        let Some(Object::Inst(made)) = self.object(class) else { return Val::nothing() };
        let names: Vec<Arc<str>> = made.args.iter().filter_map(Val::as_str).collect();
        let defaults = made.keywords.first().map(|(_, val)| val.clone());
        let defaults = defaults.map(|val| self.elements(&val, at).items).unwrap_or_default();
        let plain = names.len().saturating_sub(defaults.len());
        let mut attrs = Vec::with_capacity(names.len());
        for (n, name) in names.into_iter().enumerate() {
            let default = n.checked_sub(plain).and_then(|n| defaults.get(n)).map(|(_, val)| val);
            let value = match args.at(n, &name).or(default) {
                Some(value) => value.clone(),
                None => self.unknown(format!("argument `{name}` is missing"), at),
            };
            attrs.push((name, value));
        }
        let inst = InstVal { class: Leaf::Ref(class), attrs, args: vec![], keywords: vec![] };
        let id = self.alloc(Object::Inst(inst));
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// The fields of such an instance, in order.
    pub(super) fn named_fields(&self, id: ObjId) -> Option<SeqVal> {
        let Some(Object::Inst(inst)) = self.object(id) else { return None };
        if !self.is_named_tuple(&inst.class) {
            return None;
        }
        let items = inst.attrs.iter().map(|(_, val)| (Guard::ALWAYS, val.clone())).collect();
        Some(SeqVal { items, open: false })
    }

    /// `route._replace(url=…)` and the methods of tuples.
    pub(super) fn named_tuple_method(
        &mut self,
        id: ObjId,
        name: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        let fields = self.named_fields(id)?;
        let Some(Object::Inst(inst)) = self.object(id) else { return None };
        let mut inst = inst.clone();
        Some(match name {
            "_replace" => {
                for (name, value) in &args.keywords {
                    if let Some(slot) = inst.attrs.iter_mut().find(|(known, _)| known == name) {
                        slot.1 = value.clone();
                    }
                }
                let made = self.alloc(Object::Inst(inst));
                Val::of(Leaf::Ref(made), Some(at.span))
            }
            "_asdict" => {
                let entries =
                    inst.attrs.iter().map(|(name, value)| (&**name, value.clone())).collect();
                self.dict_of(entries, at)
            }
            _ => self.call_method(&Leaf::Tuple(Rc::new(fields)), name, args, at),
        })
    }
}
