//! Membership: `x in container`.

use std::sync::Arc;

use super::{Args, At, Interp, Leaf, Object, Val};
use crate::worlds::{Atom, Guard, Type};

impl Interp<'_> {
    /// The worlds in which `item` is an element, key or part of `container`.
    pub fn contains_item(&mut self, container: &Val, item: &Val, at: At) -> Guard {
        self.contains(container, item, at)
    }

    /// The worlds in which `container` contains `item`.
    pub(super) fn contains(&mut self, container: &Val, item: &Val, at: At) -> Guard {
        let mut out = Guard::NEVER;
        for alt in &container.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let within = self.leaf_contains(&alt.leaf, item, At { pc, ..at });
            let within = self.worlds.and(within, alt.guard);
            out = self.worlds.or(out, within);
        }
        out
    }

    fn leaf_contains(&mut self, container: &Leaf, item: &Val, at: At) -> Guard {
        match (container, item.single()) {
            (Leaf::Ext(name), Some(Leaf::Str(key))) if &**name == "os.environ" => {
                let val = self.environ(key, at);
                let absent = self.absent(&val);
                self.worlds.not(absent)
            }
            // A server start, not a test run.
            (Leaf::Ext(name), Some(Leaf::Str(module))) if &**name == "sys.modules" => {
                if matches!(&**module, "pytest" | "_pytest" | "nose" | "test") {
                    return Guard::NEVER;
                }
                if self.module_namespace(module).is_some() {
                    return Guard::ALWAYS;
                }
                let what = format!("`{module}` is loaded");
                self.worlds.atom(Atom::Unknown(0, Arc::from(what)))
            }
            (Leaf::Str(text), Some(Leaf::Str(part))) => {
                if text.contains(&**part) {
                    Guard::ALWAYS
                } else {
                    Guard::NEVER
                }
            }
            (Leaf::Sym(sym), Some(leaf)) => {
                let text = self.repr(leaf);
                let test = sym.then(format!("contains {text}"), Type::Bool);
                self.worlds.atom(Atom::Truthy(Arc::new(test)))
            }
            (Leaf::Module(module), Some(Leaf::Str(name))) => {
                let bound = self
                    .module_namespace(module)
                    .and_then(|ns| self.namespace(ns))
                    .and_then(|space| space.find(name))
                    .map(|bound| bound.val.clone());
                let Some(val) = bound else { return Guard::NEVER };
                let absent = self.absent(&val);
                self.worlds.not(absent)
            }
            (Leaf::Ref(id), _) if matches!(self.object(*id), Some(Object::Inst(_))) => {
                let args = Args::positional(vec![item.clone()]);
                let method = self.leaf_attribute(container, "__contains__", at);
                let within = self.call_value(&method, &args, at);
                self.truth(&within, at)
            }
            (Leaf::Ref(id), Some(key)) if matches!(self.object(*id), Some(Object::Dict(_))) => {
                let val = self.dict_get(*id, &key.clone(), at);
                let absent = self.absent(&val);
                self.worlds.not(absent)
            }
            _ => {
                let seq = self.leaf_elements(container, at);
                let mut within = Guard::NEVER;
                for (guard, element) in &seq.items {
                    let same = self.equal(element, item, at);
                    let same = self.worlds.and(same, *guard);
                    within = self.worlds.or(within, same);
                }
                let sure = self.surely(within, at);
                if seq.open && !sure {
                    within = self.or_unknown(within, "a list that may hold more contains it");
                }
                within
            }
        }
    }
}
