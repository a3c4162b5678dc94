//! Lists, tuples, sets, dicts and the environment: elements with the worlds in which they are there.

use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast::{self, Expr, Operator};

use super::{At, DictVal, EnvironmentValue, Interp, Leaf, ObjId, Object, SeqVal, Val, ValAlt};
use crate::worlds::{Atom, Guard, Root, Sym, Type};

impl Interp<'_> {
    /// The elements of one leaf as iteration gives them.
    pub(super) fn leaf_elements(&mut self, leaf: &Leaf, at: At) -> SeqVal {
        match leaf {
            Leaf::Tuple(seq) => (**seq).clone(),
            Leaf::Ref(id) => match self.object(*id) {
                Some(Object::List(seq) | Object::Set(seq)) => seq.clone(),
                Some(Object::Dict(dict)) => {
                    let dict = dict.clone();
                    self.keys(&dict)
                }
                Some(Object::Inst(inst)) => {
                    let class = inst.class.clone();
                    if let Leaf::Ext(class) = class {
                        let args = super::Args::default();
                        let made = self.library.method(self, *id, &class, "__iter__", &args, at);
                        if let Some(made) = made {
                            return self.elements(&made, at);
                        }
                    }
                    SeqVal { items: vec![], open: true }
                }
                _ => SeqVal { items: vec![], open: true },
            },
            Leaf::Str(text) => SeqVal {
                items: text
                    .chars()
                    .take(4096)
                    .map(|c| (Guard::ALWAYS, Val::str(c.to_string())))
                    .collect(),
                open: false,
            },
            Leaf::None | Leaf::Absent => SeqVal::default(),
            _ => SeqVal { items: vec![], open: true },
        }
    }

    fn keys(&mut self, dict: &DictVal) -> SeqVal {
        let mut items = Vec::with_capacity(dict.entries.len());
        for (key, value) in &dict.entries {
            let absent = self.absent(value);
            let there = self.worlds.not(absent);
            items.push((there, Val::of(key.clone(), None)));
        }
        SeqVal { items, open: dict.open }
    }

    /// Key and value pairs, each a two-tuple with the worlds in which it is there.
    pub(super) fn pairs(&mut self, dict: &DictVal) -> SeqVal {
        let mut items = Vec::with_capacity(dict.entries.len());
        for (key, value) in &dict.entries {
            let absent = self.absent(value);
            let there = self.worlds.not(absent);
            let value = self.narrow(value, there);
            let pair = vec![(Guard::ALWAYS, Val::of(key.clone(), None)), (Guard::ALWAYS, value)];
            let pair = Leaf::Tuple(Rc::new(SeqVal { items: pair, open: false }));
            items.push((there, Val::of(pair, None)));
        }
        SeqVal { items, open: dict.open }
    }

    /// The value of a variable: absent in the worlds in which it is not set.
    pub fn environ(&mut self, name: &str, at: At) -> Val {
        if let Some((_, val)) = self.environ.iter().find(|(n, _)| &**n == name) {
            return val.clone();
        }
        let val = match self.environment.given.get(name).cloned() {
            Some(EnvironmentValue::Is(text, span)) => {
                Val::of(Leaf::Str(Arc::from(text)), span.or(Some(at.span)))
            }
            Some(EnvironmentValue::Unset) => Val::of(Leaf::Absent, None),
            Some(EnvironmentValue::Set(span)) => {
                let sym = env_symbol(name, span.unwrap_or(at.span));
                let set = self.worlds.atom(Atom::EnvSet(Arc::from(name)));
                let _ = set;
                Val::of(Leaf::Sym(Arc::new(sym)), Some(at.span))
            }
            None if self.environment.closed => Val::of(Leaf::Absent, None),
            None => {
                let set = self.worlds.atom(Atom::EnvSet(Arc::from(name)));
                let unset = self.worlds.not(set);
                let sym = env_symbol(name, at.span);
                let span = Some(at.span);
                Val {
                    alts: vec![
                        ValAlt { guard: set, leaf: Leaf::Sym(Arc::new(sym)), span },
                        ValAlt { guard: unset, leaf: Leaf::Absent, span: None },
                    ],
                }
            }
        };
        self.environ.push((Arc::from(name), val.clone()));
        val
    }

    /// Sets a variable in the worlds of the current path.
    pub fn set_environ(&mut self, name: &str, value: &Val, at: At) {
        let old = self.environ(name, at);
        let merged = self.merge(at.pc, value.clone(), &old);
        if let Some(slot) = self.environ.iter_mut().find(|(n, _)| &**n == name) {
            slot.1 = merged;
        }
    }

    /// `container[key]`.
    pub(super) fn get_item(&mut self, container: &Val, key: &Val, at: At) -> Val {
        let container = self.narrow(container, at.pc);
        let key = key.clone();
        self.map(&container, at, |it, leaf, at| {
            it.map(&key, at, |it, key, at| it.leaf_item(leaf, key, at))
        })
    }

    fn leaf_item(&mut self, leaf: &Leaf, key: &Leaf, at: At) -> Val {
        match (leaf, key) {
            (Leaf::Ext(name), Leaf::Str(key)) if &**name == "os.environ" => {
                let val = self.environ(key, at);
                self.required(&val, "KeyError", &format!("environment variable {key}"), at)
            }
            (Leaf::Ref(id), _) => self.object_item(*id, key, at),
            (Leaf::Tuple(seq), Leaf::Int(index)) => {
                let seq = Rc::clone(seq);
                self.element(&seq, *index, at)
            }
            (Leaf::Str(text), Leaf::Int(index)) => {
                let len = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                let index = if *index < 0 { index + len } else { *index };
                match usize::try_from(index).ok().and_then(|i| text.chars().nth(i)) {
                    Some(c) => Val::str(c.to_string()),
                    None => self.fail("IndexError", "string index out of range", at),
                }
            }
            (Leaf::Sym(sym), _) => {
                let sym = self.symbol_item(sym, key);
                self.symbol(sym, at)
            }
            (Leaf::Ext(name), _) => {
                let what = format!("an item of {name}");
                self.unknown(what, at)
            }
            _ => self.unknown("an item of a value that has none", at),
        }
    }

    fn symbol_item(&mut self, sym: &Sym, key: &Leaf) -> Sym {
        let text = self.repr(key);
        match (&sym.root, sym.ops.is_empty(), key) {
            (Root::File { path, key: k }, true, Leaf::Str(name)) => {
                let key =
                    if k.is_empty() { Arc::clone(name) } else { format!("{k}.{name}").into() };
                let root = Root::File { path: Arc::clone(path), key };
                Sym { root, ops: vec![], ty: Type::Any, span: sym.span }
            }
            _ => {
                let ty = if sym.ty == Type::List { Type::Str } else { Type::Any };
                sym.then(format!("[{text}]"), ty)
            }
        }
    }

    fn object_item(&mut self, id: ObjId, key: &Leaf, at: At) -> Val {
        match (self.object(id), key) {
            (Some(Object::Dict(_)), _) => {
                let val = self.dict_get(id, key, at);
                let name = self.repr(key);
                self.required(&val, "KeyError", &name, at)
            }
            (Some(Object::List(seq)), Leaf::Int(index)) => {
                let seq = seq.clone();
                self.element(&seq, *index, at)
            }
            (Some(Object::Inst(inst)), _) => {
                let class = inst.class.clone();
                let args = super::Args::positional(vec![Val::of(key.clone(), None)]);
                let found = match class {
                    Leaf::Ext(name) => {
                        self.library.method(self, id, &name, "__getitem__", &args, at)
                    }
                    _ => {
                        let method = self.attribute_of_object(id, "__getitem__", at);
                        method.map(|m| self.call_value(&m, &args, at))
                    }
                };
                found.unwrap_or_else(|| self.unknown("an item of an object", at))
            }
            _ => self.unknown("an item of an unknown container", at),
        }
    }

    /// The value where it is there; raises where it is absent.
    pub fn required(&mut self, val: &Val, kind: &str, message: &str, at: At) -> Val {
        let missing = self.absent(val);
        if missing.is_never() {
            return val.clone();
        }
        self.raise(missing, kind, message, at);
        let alts =
            val.alts.iter().filter(|alt| !matches!(alt.leaf, Leaf::Absent)).cloned().collect();
        Val { alts }
    }

    pub(super) fn fail(&mut self, kind: &str, message: &str, at: At) -> Val {
        self.raise(at.pc, kind, message, at);
        Val::nothing()
    }

    /// The value under a key, absent where there is none; unknown where the dict may hold more.
    pub fn dict_get(&mut self, id: ObjId, key: &Leaf, at: At) -> Val {
        let Some(Object::Dict(dict)) = self.object(id) else { return Val::nothing() };
        let open = dict.open;
        let rest = dict.rest.clone();
        let found = dict.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        let found = found.unwrap_or_else(|| Val::of(Leaf::Absent, None));
        if !open {
            if matches!(key, Leaf::Sym(_)) {
                return self.unknown("an entry under an unknown key", at);
            }
            return found;
        }
        let more = match rest {
            Some(sym) => {
                let sym = self.symbol_item(&sym, key);
                self.symbol(sym, at)
            }
            None => self.unknown("an entry that may be set elsewhere", at),
        };
        self.or_default(&found, &more, at)
    }

    /// The element at an index, with one alternative per way the elements before it can be there.
    fn element(&mut self, seq: &SeqVal, index: i64, at: At) -> Val {
        let order: Vec<&(Guard, Val)> =
            if index < 0 { seq.items.iter().rev().collect() } else { seq.items.iter().collect() };
        let wanted = if index < 0 { -(index + 1) } else { index };
        let mut counts: Vec<Guard> = vec![at.pc];
        let mut parts = Vec::new();
        for (guard, item) in order {
            let present = self.worlds.and(*guard, at.pc);
            if let Some(before) = usize::try_from(wanted).ok().and_then(|w| counts.get(w)).copied()
            {
                let here = self.worlds.and(before, present);
                if !self.worlds.impossible(here) {
                    let part = self.narrow(item, here);
                    parts.push(part);
                }
            }
            counts = self.shift(&counts, present);
            if counts.len() > 64 {
                return self.unknown("an element whose position is not known", at);
            }
        }
        if seq.open {
            return self.unknown("an element of a list that may hold more", at);
        }
        let covered = parts
            .iter()
            .flat_map(|part| part.alts.iter().map(|alt| alt.guard))
            .fold(Guard::NEVER, |all, guard| self.worlds.or(all, guard));
        let missing = self.worlds.minus(at.pc, covered);
        self.raise(missing, "IndexError", "list index out of range", at);
        self.join(parts, at)
    }

    /// How many elements are there, as guards by count, after one more that may be there.
    fn shift(&mut self, counts: &[Guard], present: Guard) -> Vec<Guard> {
        let mut next = vec![Guard::NEVER; counts.len() + 1];
        for (n, guard) in counts.iter().enumerate() {
            let stays = self.worlds.minus(*guard, present);
            let grows = self.worlds.and(*guard, present);
            if let Some(slot) = next.get(n).copied() {
                let merged = self.worlds.or(slot, stays);
                if let Some(slot) = next.get_mut(n) {
                    *slot = merged;
                }
            }
            if let Some(slot) = next.get_mut(n + 1) {
                *slot = grows;
            }
        }
        while next.last().is_some_and(|guard| guard.is_never()) && next.len() > 1 {
            next.pop();
        }
        next
    }

    /// The number of elements, with one alternative per possible count.
    pub(super) fn length(&mut self, seq: &SeqVal, at: At) -> Val {
        if seq.open {
            return self.unknown_of("the length of a list that may hold more", Type::Int, at);
        }
        let mut counts = vec![at.pc];
        for (guard, _) in &seq.items {
            counts = self.shift(&counts, *guard);
            if counts.len() > 512 && seq.items.len() > 512 {
                break;
            }
        }
        if counts.iter().filter(|g| !g.is_never()).count() > self.budget.alternatives {
            return self.unknown_of("the length of a list", Type::Int, at);
        }
        let alts = counts
            .into_iter()
            .enumerate()
            .filter(|(_, guard)| !guard.is_never())
            .map(|(n, guard)| ValAlt {
                guard,
                leaf: Leaf::Int(i64::try_from(n).unwrap_or(i64::MAX)),
                span: Some(at.span),
            })
            .collect();
        Val { alts }
    }

    /// The position of the first element equal to `wanted`; raises `ValueError` where there is none.
    pub(super) fn position(&mut self, seq: &SeqVal, wanted: &Val, at: At) -> Val {
        let mut counts = vec![at.pc];
        let mut searching = at.pc;
        let mut out = Val::nothing();
        for (guard, item) in &seq.items {
            let same = self.equal(item, wanted, at);
            let hit = self.worlds.and(*guard, same);
            let hit = self.worlds.and(hit, searching);
            for (n, count) in counts.clone().into_iter().enumerate() {
                let guard = self.worlds.and(hit, count);
                let leaf = Leaf::Int(i64::try_from(n).unwrap_or(i64::MAX));
                self.push_alt(&mut out, ValAlt { guard, leaf, span: Some(at.span) });
            }
            searching = self.worlds.minus(searching, hit);
            counts = self.shift(&counts, *guard);
            if counts.len() > 256 {
                return self.unknown_of("a position in a long list", Type::Int, at);
            }
        }
        if seq.open {
            let unknown = self.unknown_of("a position in a list that may hold more", Type::Int, at);
            let rest = self.narrow(&unknown, searching);
            return self.join([out, rest], at);
        }
        self.raise(searching, "ValueError", "value is not in the list", at);
        out
    }

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
                _ => {}
            },
            // `globals()["NAME"] = …`, `vars()["NAME"] = …`
            (Leaf::Module(module), Leaf::Str(name)) => {
                if let Some(ns) = self.module_namespace(module) {
                    self.bind_in(ns, name, value.clone(), at);
                }
            }
            (Leaf::Module(module), Leaf::Sym(sym)) => {
                let prefix = known_prefix(sym);
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

    pub(super) fn set_slice(
        &mut self,
        container: &Val,
        slice: &ast::ExprSlice,
        value: &Val,
        at: At,
    ) {
        let lower = self.slice_bound(slice.lower.as_deref(), at);
        let upper = self.slice_bound(slice.upper.as_deref(), at);
        let new = self.elements(value, at);
        let Some(Leaf::Ref(id)) = container.single() else { return };
        let Some(Object::List(seq)) = self.object(*id) else { return };
        let len = seq.items.len();
        let (Some(from), Some(to)) = (bound_at(lower, 0, len), bound_at(upper, len, len)) else {
            if let Some(Object::List(seq)) = self.object_mut(*id, at) {
                seq.open = true;
            }
            return;
        };
        let mut items = seq.items.clone();
        let mut middle: Vec<(Guard, Val)> = Vec::new();
        for (guard, item) in new.items {
            let guard = self.worlds.and(guard, at.pc);
            middle.push((guard, item));
        }
        let mut dropped: Vec<(Guard, Val)> = Vec::new();
        for (guard, item) in items.get(from..to.max(from)).unwrap_or_default() {
            let guard = self.worlds.minus(*guard, at.pc);
            if !guard.is_never() {
                dropped.push((guard, item.clone()));
            }
        }
        middle.extend(dropped);
        items.splice(from..to.max(from), middle);
        if let Some(Object::List(seq)) = self.object_mut(*id, at) {
            seq.items = items;
            seq.open |= new.open;
        }
    }

    /// A slice bound: `Ok(None)` when left out, `Err` when unknown.
    #[expect(clippy::option_option, reason = "left out and unknown are different answers")]
    fn slice_bound(&mut self, bound: Option<&Expr>, at: At) -> Option<Option<i64>> {
        let Some(bound) = bound else { return Some(None) };
        match self.expr(bound, at).single() {
            Some(Leaf::Int(i)) => Some(Some(*i)),
            Some(Leaf::None) => Some(None),
            _ => None,
        }
    }

    /// `container[a:b]`.
    pub(super) fn get_slice(&mut self, container: &Val, slice: &ast::ExprSlice, at: At) -> Val {
        let lower = self.slice_bound(slice.lower.as_deref(), at);
        let upper = self.slice_bound(slice.upper.as_deref(), at);
        let step = self.slice_bound(slice.step.as_deref(), at);
        self.map(container, at, |it, leaf, at| {
            let plain = matches!(step, Some(None | Some(1)));
            let reversed = step == Some(Some(-1)) && lower == Some(None) && upper == Some(None);
            match leaf {
                Leaf::Str(text) => {
                    let chars: Vec<char> = text.chars().collect();
                    if reversed {
                        return Val::str(chars.iter().rev().collect::<String>());
                    }
                    let ends = (
                        bound_at(lower, 0, chars.len()),
                        bound_at(upper, chars.len(), chars.len()),
                    );
                    if let ((Some(from), Some(to)), true) = (ends, plain) {
                        let part: String =
                            chars.get(from..to.max(from)).unwrap_or_default().iter().collect();
                        return Val::str(part);
                    }
                    it.unknown_of("a slice with unknown bounds", Type::Str, at)
                }
                Leaf::Sym(sym) => {
                    let sym = sym.then("[…:…]", sym.ty);
                    it.symbol(sym, at)
                }
                _ => {
                    let mut seq = it.leaf_elements(leaf, at);
                    if reversed {
                        seq.items.reverse();
                    } else if plain {
                        let len = seq.items.len();
                        match (bound_at(lower, 0, len), bound_at(upper, len, len)) {
                            (Some(from), Some(to)) => {
                                seq.items =
                                    seq.items.get(from..to.max(from)).unwrap_or_default().to_vec();
                            }
                            _ => seq.open = true,
                        }
                    } else {
                        seq.open = true;
                    }
                    it.same_kind(leaf, seq, at)
                }
            }
        })
    }

    /// A new sequence of the same type as `like`.
    pub(super) fn same_kind(&mut self, like: &Leaf, seq: SeqVal, at: At) -> Val {
        match like {
            Leaf::Tuple(_) => Val::of(Leaf::Tuple(Rc::new(seq)), Some(at.span)),
            _ => self.list(seq, at),
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
            (Some(Object::List(_)), Operator::Add) => {
                self.extend(id, right, at);
                true
            }
            (Some(Object::Dict(_)), Operator::BitOr) => {
                self.dict_update(id, right, at);
                true
            }
            (Some(Object::Set(_)), Operator::BitOr) => {
                self.extend(id, right, at);
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

fn env_symbol(name: &str, span: djsec_base::Span) -> Sym {
    Sym { root: Root::Env(Arc::from(name)), ops: vec![], ty: Type::Str, span: Some(span) }
}

/// The constant text an f-string or concatenation starts with, if the symbol was made so.
fn known_prefix(sym: &Sym) -> Option<String> {
    let op = sym.ops.last()?;
    let prefix = op.strip_prefix("in '")?.split("{}").next()?;
    (!prefix.is_empty()).then(|| prefix.to_owned())
}

/// A slice bound as a position in `0..=len`; `missing` when left out, `None` when unknown.
#[expect(clippy::option_option, reason = "left out and unknown are different answers")]
fn bound_at(bound: Option<Option<i64>>, missing: usize, len: usize) -> Option<usize> {
    let Some(bound) = bound? else { return Some(missing) };
    let len_i = i64::try_from(len).unwrap_or(i64::MAX);
    let place = if bound < 0 { (bound + len_i).max(0) } else { bound.min(len_i) };
    usize::try_from(place).ok()
}
