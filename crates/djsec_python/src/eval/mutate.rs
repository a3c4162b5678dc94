//! Changes of lists, sets, dicts, the environment and namespaces, in the worlds of the path.

use std::sync::Arc;

use djsec_syntax::python::ast::Operator;

use super::{Args, At, Interp, Leaf, ObjId, Object, Val};
use crate::worlds::{Guard, Sym};

impl Interp<'_> {
    /// Inserts before the element that has `index` elements in front of it in the given worlds.
    pub(super) fn insert_at(&mut self, id: ObjId, index: i64, item: Val, at: At) {
        let Some(Object::List(seq)) = self.object(id) else { return };
        let guards: Vec<Guard> = seq.items.iter().map(|(guard, _)| *guard).collect();
        let total = guards.len();
        let place = if index < 0 {
            let back = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
            total.saturating_sub(back)
        } else {
            let mut before = 0_i64;
            let mut place = total;
            for (n, guard) in guards.iter().enumerate() {
                if before >= index {
                    place = n;
                    break;
                }
                let here = self.worlds.and(*guard, at.pc);
                if here == at.pc || !self.worlds.impossible(here) && self.surely(*guard, at) {
                    before += 1;
                }
            }
            place
        };
        if let Some(Object::List(seq)) = self.object_mut(id, at) {
            let place = place.min(seq.items.len());
            seq.items.insert(place, (at.pc, item));
        }
    }

    pub(super) fn append(&mut self, id: ObjId, item: Val, at: At) {
        let open = self.unknown_loops > 0;
        let limit = self.budget.elements;
        if let Some(Object::List(seq) | Object::Set(seq)) = self.object_mut(id, at) {
            seq.open |= open;
            if seq.items.len() < limit {
                seq.items.push((at.pc, item));
            } else {
                seq.open = true;
            }
        }
    }

    pub(super) fn extend(&mut self, id: ObjId, items: &Val, at: At) {
        let seq = self.elements(items, at);
        for (guard, item) in seq.items {
            let pc = self.worlds.and(at.pc, guard);
            if !self.worlds.impossible(pc) {
                self.append(id, item, At { pc, ..at });
            }
        }
        if seq.open
            && let Some(Object::List(target) | Object::Set(target)) = self.object_mut(id, at)
        {
            target.open = true;
        }
    }

    /// Removes elements equal to `wanted`; gives the worlds in which there was one.
    pub(super) fn remove_equal(&mut self, id: ObjId, wanted: &Val, first: bool, at: At) -> Guard {
        let Some(Object::List(seq) | Object::Set(seq)) = self.object(id) else {
            return Guard::NEVER;
        };
        let items = seq.items.clone();
        let mut left = at.pc;
        let mut kept = Vec::with_capacity(items.len());
        let mut found = Guard::NEVER;
        for (guard, item) in items {
            let same = self.equal(&item, wanted, at);
            let hit = self.worlds.and(guard, same);
            let hit = self.worlds.and(hit, left);
            found = self.worlds.or(found, hit);
            if first {
                left = self.worlds.minus(left, hit);
            }
            let guard = self.worlds.minus(guard, hit);
            if !guard.is_never() {
                kept.push((guard, item));
            }
        }
        if let Some(Object::List(seq) | Object::Set(seq)) = self.object_mut(id, at) {
            seq.items = kept;
        }
        found
    }

    /// `container[key] = value`.
    pub fn set_item(&mut self, container: &Val, key: &Val, value: &Val, at: At) {
        for alt in &container.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            for key_alt in &key.alts {
                let pc = self.worlds.and(pc, key_alt.guard);
                if !self.worlds.impossible(pc) {
                    self.set_leaf_item(&alt.leaf, &key_alt.leaf, value, At { pc, ..at });
                }
            }
        }
    }

    fn set_leaf_item(&mut self, container: &Leaf, key: &Leaf, value: &Val, at: At) {
        match (container, key) {
            (Leaf::Ext(name), Leaf::Str(key)) if &**name == "os.environ" => {
                self.set_environ(key, value, at);
            }
            (Leaf::Ref(id), _) => match self.object(*id) {
                Some(Object::Dict(_)) => self.dict_set(*id, key, value, at),
                Some(Object::List(_)) => self.replace_element(*id, key, value, at),
                Some(Object::Inst(inst)) => {
                    let class = inst.class.clone();
                    let key = Val::of(key.clone(), Some(at.span));
                    let args = Args::positional(vec![key, value.clone()]);
                    self.ask_object((*id, &class), "__setitem__", &args, at);
                }
                _ => {}
            },
            // `globals()["NAME"] = …`, `vars()["NAME"] = …`
            (Leaf::Module(module), Leaf::Str(name)) => {
                if let Some(ns) = self.module_namespace(module) {
                    self.bind_in(ns, name, value.clone(), at);
                }
            }
            (Leaf::Module(module), Leaf::Sym(sym)) => {
                let prefix = known_prefix(sym).or_else(|| self.prefix_on_path(sym, at));
                if let Some(ns) = self.module_namespace(module)
                    && prefix.is_none()
                    && let Some(space) = self.namespace_mut(ns)
                {
                    space.open = true;
                }
                if let Some(prefix) = prefix {
                    self.facts.push(super::Fact::PrefixFamily { prefix, span: at.span });
                }
            }
            _ => {}
        }
    }

    /// What an unknown name begins with, where the path tells:
    /// `if name.startswith("MAIL_"): globals()[name] = …`
    fn prefix_on_path(&mut self, name: &Sym, at: At) -> Option<String> {
        self.worlds.truths(at.pc).iter().find_map(|test| {
            let (last, before) = test.ops.split_last()?;
            let prefix = last.strip_prefix(".startswith('")?.strip_suffix("')")?;
            let same = test.root == name.root && before == name.ops.as_slice();
            (same && !prefix.is_empty() && !prefix.contains('\'')).then(|| prefix.to_owned())
        })
    }

    /// Sets an entry in the worlds of the current path.
    pub fn dict_set(&mut self, id: ObjId, key: &Leaf, value: &Val, at: At) {
        let Some(Object::Dict(dict)) = self.object(id) else { return };
        if matches!(key, Leaf::Sym(_)) {
            if let Some(Object::Dict(dict)) = self.object_mut(id, at) {
                dict.open = true;
            }
            return;
        }
        let old = dict.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        let old = old.unwrap_or_else(|| Val::of(Leaf::Absent, None));
        let merged = self.merge(at.pc, value.clone(), &old);
        let limit = self.budget.elements;
        if let Some(Object::Dict(dict)) = self.object_mut(id, at) {
            if let Some(slot) = dict.entries.iter_mut().find(|(k, _)| k == key) {
                slot.1 = merged;
            } else if dict.entries.len() < limit {
                dict.entries.push((key.clone(), merged));
            } else {
                dict.open = true;
            }
        }
    }

    fn replace_element(&mut self, id: ObjId, key: &Leaf, value: &Val, at: At) {
        let Leaf::Int(index) = key else { return };
        let Some(Object::List(seq)) = self.object(id) else { return };
        let len = i64::try_from(seq.items.len()).unwrap_or(i64::MAX);
        let index = if *index < 0 { index + len } else { *index };
        let Ok(index) = usize::try_from(index) else { return };
        let Some((_, old)) = seq.items.get(index).cloned() else { return };
        let merged = self.merge(at.pc, value.clone(), &old);
        if let Some(Object::List(seq)) = self.object_mut(id, at)
            && let Some(slot) = seq.items.get_mut(index)
        {
            slot.1 = merged;
        }
    }

    pub(super) fn remove_key(&mut self, container: &Val, key: &Val, at: At) {
        for alt in &container.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            let Some(key) = key.single() else { continue };
            match (&alt.leaf, key) {
                (Leaf::Ext(name), Leaf::Str(key)) if &**name == "os.environ" => {
                    self.set_environ(key, &Val::of(Leaf::Absent, None), here);
                }
                (Leaf::Ref(id), _) => {
                    let is_dict = matches!(self.object(*id), Some(Object::Dict(_)));
                    if is_dict {
                        self.dict_set(*id, key, &Val::of(Leaf::Absent, None), here);
                    } else if let Leaf::Int(index) = key {
                        self.drop_element(*id, *index, here);
                    }
                }
                (Leaf::Module(module), Leaf::Str(name)) => {
                    if let Some(ns) = self.module_namespace(module) {
                        self.bind_in(ns, name, Val::of(Leaf::Absent, None), here);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes the element at a raw position away in the worlds of the path, and gives it.
    pub(super) fn drop_element(&mut self, id: ObjId, index: i64, at: At) -> Val {
        let Some(Object::List(seq)) = self.object(id) else { return Val::nothing() };
        let len = i64::try_from(seq.items.len()).unwrap_or(i64::MAX);
        let place = usize::try_from(if index < 0 { index + len } else { index }).ok();
        let Some((guard, item)) = place.and_then(|p| seq.items.get(p)).cloned() else {
            return self.fail("IndexError", "pop from a list without that element", at);
        };
        let rest = self.worlds.minus(guard, at.pc);
        if let (Some(Object::List(seq)), Some(place)) = (self.object_mut(id, at), place) {
            if rest.is_never() {
                seq.items.remove(place);
            } else if let Some(slot) = seq.items.get_mut(place) {
                slot.0 = rest;
            }
        }
        item
    }

    /// Copies the entries of a mapping into a dict, in the worlds of the current path.
    pub fn dict_update(&mut self, id: ObjId, from: &Val, at: At) {
        for alt in &from.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            let Leaf::Ref(source) = alt.leaf else {
                self.open_dict(id, &alt.leaf, here);
                continue;
            };
            match self.object(source).cloned() {
                Some(Object::Dict(dict)) => {
                    for (key, value) in &dict.entries {
                        let absent = self.absent(value);
                        let there = self.worlds.minus(pc, absent);
                        if !self.worlds.impossible(there) {
                            let value = self.narrow(value, there);
                            self.dict_set(id, key, &value, At { pc: there, ..at });
                        }
                    }
                    if dict.open
                        && let Some(Object::Dict(target)) = self.object_mut(id, at)
                    {
                        target.open = true;
                        target.rest = target.rest.take().or(dict.rest);
                    }
                }
                Some(Object::List(seq)) => {
                    for (guard, pair) in seq.items {
                        let pc = self.worlds.and(pc, guard);
                        let pair = self.elements(&pair, here);
                        if let [(_, key), (_, value)] = pair.items.as_slice()
                            && let Some(key) = key.single()
                        {
                            self.dict_set(id, key, value, At { pc, ..at });
                        }
                    }
                }
                _ => self.open_dict(id, &alt.leaf, here),
            }
        }
    }

    fn open_dict(&mut self, id: ObjId, source: &Leaf, at: At) {
        if matches!(source, Leaf::None | Leaf::Absent) {
            return;
        }
        let rest = match source {
            Leaf::Sym(sym) => Some(Arc::clone(sym)),
            _ => None,
        };
        if let Some(Object::Dict(dict)) = self.object_mut(id, at) {
            dict.open = true;
            dict.rest = dict.rest.take().or(rest);
        }
    }

    /// `x += y` and `x |= y` on a mutable object; whether the object took it.
    pub(super) fn update_in_place(&mut self, id: ObjId, op: Operator, right: &Val, at: At) -> bool {
        match (self.object(id), op) {
            (Some(Object::List(_)), Operator::Add) | (Some(Object::Set(_)), Operator::BitOr) => {
                self.extend(id, right, at);
                true
            }
            (Some(Object::Dict(_)), Operator::BitOr) => {
                self.dict_update(id, right, at);
                true
            }
            (Some(Object::Set(_)), Operator::Sub) => {
                let gone = self.elements(right, at);
                for (_, item) in gone.items {
                    self.remove_equal(id, &item, false, at);
                }
                true
            }
            _ => false,
        }
    }
}

/// The constant text an f-string or concatenation starts with, if the symbol was made so.
fn known_prefix(sym: &Sym) -> Option<String> {
    let op = sym.ops.last()?;
    let prefix = op.strip_prefix("in '")?.split("{}").next()?;
    (!prefix.is_empty()).then(|| prefix.to_owned())
}
