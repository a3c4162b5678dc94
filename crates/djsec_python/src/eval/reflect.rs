//! Looking at values by name: `getattr`, `hasattr`, `setattr`, `dir`.

use std::sync::Arc;

use super::attribute::function_attribute;
use super::{Args, At, DictVal, Interp, Leaf, ObjId, Object, SeqVal, Val};
use crate::worlds::{Guard, Type};

impl Interp<'_> {
    pub(super) fn set_attr(&mut self, object: &Val, args: &Args, at: At) {
        let name = args.positional.get(1).cloned().unwrap_or_default();
        let value = args.positional.get(2).cloned().unwrap_or_default();
        match name.as_str() {
            Some(name) => {
                self.set_attribute(object, &name, &value, at);
                if let Some(Leaf::Module(module)) = object.single()
                    && let Some(ns) = self.module_namespace(&Arc::clone(module))
                {
                    self.credit_members(ns, &name, at);
                }
            }
            None => self.set_item(object, &name, &value, at),
        }
    }

    /// `vars(x)`: what is `x.__dict__`.
    pub(super) fn vars(&mut self, object: &Val, at: At) -> Val {
        self.map(object, at, |it, leaf, at| {
            match leaf {
                Leaf::Ref(id) => it.own_attributes(*id, at),
                _ => None,
            }
            .unwrap_or_else(|| Val::of(leaf.clone(), Some(at.span)))
        })
    }

    /// What an instance or a class of the project holds itself, as a dict of its own: writing to it changes nothing else.
    pub(super) fn own_attributes(&mut self, id: ObjId, at: At) -> Option<Val> {
        let held: Vec<(Arc<str>, Val)> = match self.object(id)? {
            Object::Inst(inst) if self.external_base(id).is_none() => inst.attrs.clone(),
            Object::Class(class) => {
                let space = self.namespace(class.ns)?;
                space.iter().map(|(name, bound)| (Arc::clone(name), bound.val.clone())).collect()
            }
            _ => return None,
        };
        let entries = held.into_iter().map(|(name, val)| (Leaf::Str(name), val)).collect();
        Some(self.dict(DictVal { entries, open: false, rest: None }, at))
    }

    pub(super) fn get_attr(&mut self, object: &Val, args: &Args, at: At) -> Val {
        let name = args.positional.get(1).cloned().unwrap_or_default();
        let default = args.positional.get(2).cloned();
        let Some(name) = name.as_str() else {
            return self.unknown("an attribute with an unknown name", at);
        };
        self.map(object, at, |it, leaf, at| match &default {
            None => {
                let one = Val::of(leaf.clone(), None);
                it.attribute(&one, &name, at)
            }
            Some(default) => it.attribute_or(leaf, &name, default, at),
        })
    }

    /// `getattr(x, name, default)`.
    fn attribute_or(&mut self, leaf: &Leaf, name: &str, default: &Val, at: At) -> Val {
        match leaf {
            Leaf::Module(module) => {
                if self.module_namespace(module).is_none() && self.defers(module) {
                    self.load_module(module, at);
                }
                let space = self.module_namespace(module).and_then(|ns| self.namespace(ns));
                let open = space.is_some_and(|space| space.open);
                let found = space.and_then(|s| s.find(name)).map(|b| b.val.clone());
                let found = found.unwrap_or_else(|| Val::of(Leaf::Absent, None));
                let missing = self.absent(&found);
                if open && !missing.is_never() {
                    let more = self.unknown(format!("`{name}` of module {module}"), at);
                    return self.or_default(&found, &more, at);
                }
                self.or_default(&found, default, at)
            }
            Leaf::Ref(id) => match self.attribute_of_object(*id, name, at) {
                Some(val) => self.or_default(&val, default, at),
                None => match self.library.member(self, leaf, name, at) {
                    Some(val) => self.or_default(&val, default, at),
                    None => default.clone(),
                },
            },
            Leaf::Ext(base) => {
                let full: Arc<str> = Arc::from(format!("{base}.{name}"));
                let known = self.library.value(self, &full, at);
                match known.or_else(|| self.library.member(self, leaf, name, at)) {
                    Some(val) => self.or_default(&val, default, at),
                    None => self.operator_attribute(base, name, default, at),
                }
            }
            Leaf::Func(_) | Leaf::Method(_) => match function_attribute(leaf, name) {
                Some(val) => self.or_default(&val, default, at),
                None if name.starts_with("__") => {
                    self.unknown(format!("attribute `{name}` of a function"), at)
                }
                None => default.clone(),
            },
            Leaf::None => default.clone(),
            _ if is_plain(leaf) && !name.starts_with("__") && !of_plain_data(name) => {
                default.clone()
            }
            _ => self.unknown(format!("attribute `{name}`"), at),
        }
    }

    /// What `getattr` finds, [`Leaf::Absent`] where there is nothing.
    pub fn attribute_or_absent(&mut self, object: &Val, name: &str, at: At) -> Val {
        let absent = Val::of(Leaf::Absent, None);
        self.map(object, at, |it, leaf, at| it.attribute_or(leaf, name, &absent, at))
    }

    pub(super) fn has_attr(&mut self, object: &Val, args: &Args, at: At) -> Val {
        let probe = Val::of(Leaf::Absent, None);
        let mut asked = args.clone();
        asked.positional.truncate(2);
        asked.positional.push(probe);
        let val = self.get_attr(object, &asked, at);
        let missing = self.absent(&val);
        let there = self.worlds.not(missing);
        self.boolean(there, at)
    }

    pub(super) fn dir(&mut self, val: &Val, at: At) -> Val {
        let closed = |names: Vec<Arc<str>>| (names, false);
        let names: Option<(Vec<Arc<str>>, bool)> = match val.single() {
            Some(leaf @ Leaf::Ext(_)) => self.library.members(leaf),
            Some(Leaf::Module(module)) => self
                .module_namespace(module)
                .and_then(|ns| self.namespace(ns))
                .map(|space| closed(space.iter().map(|(name, _)| Arc::clone(name)).collect())),
            Some(Leaf::Ref(id)) => match self.object(*id) {
                Some(Object::Class(_)) => Some(closed(self.list_members(*id))),
                Some(Object::Inst(inst)) => match inst.class {
                    Leaf::Ref(class) => Some(closed(self.list_members(class))),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let Some((mut names, open)) = names else {
            if let Some(Leaf::Ext(base)) = val.single() {
                return self.unknown_of(format!("names of {base}"), Type::List, at);
            }
            return self.unknown_of("dir()", Type::List, at);
        };
        names.sort();
        names.dedup();
        let items = names.into_iter().map(|n| (Guard::ALWAYS, Val::str(n))).collect();
        self.list(SeqVal { items, open }, at)
    }
}

fn is_plain(leaf: &Leaf) -> bool {
    matches!(
        leaf,
        Leaf::Bool(_)
            | Leaf::Int(_)
            | Leaf::Float(_)
            | Leaf::Str(_)
            | Leaf::Bytes(_)
            | Leaf::Tuple(_)
            | Leaf::Delta(_)
    )
}

/// What texts, numbers, tuples and periods have, and members of enumerations, which stand for their
/// values here.
fn of_plain_data(name: &str) -> bool {
    const OF_TEXTS: &str = "capitalize casefold center count decode encode endswith expandtabs find format \
         format_map fromhex hex index isalnum isalpha isascii isdecimal isdigit isidentifier islower \
         isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition \
         removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines \
         startswith strip swapcase title translate upper zfill";
    const OF_OTHERS: &str = "as_integer_ratio bit_count bit_length conjugate days denominator from_bytes \
         fromhex hex imag is_integer label max microseconds min name names numerator real resolution \
         seconds to_bytes total_seconds value";
    let mut names = OF_TEXTS.split_whitespace().chain(OF_OTHERS.split_whitespace());
    names.any(|known| known == name)
}
