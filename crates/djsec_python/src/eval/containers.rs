//! Lists, tuples, sets, dicts and the environment: elements with the worlds in which they are there.

use std::rc::Rc;
use std::sync::Arc;

use super::{At, DictVal, Interp, Leaf, ObjId, Object, SeqVal, Val, ValAlt};
use crate::worlds::{Guard, Root, Sym, Type};

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
                    if let Some(fields) = self.named_fields(*id) {
                        return fields;
                    }
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
            Leaf::Module(module) => {
                let names: Vec<Arc<str>> = self
                    .module_namespace(module)
                    .and_then(|ns| self.namespace(ns))
                    .map(|space| space.iter().map(|(name, _)| Arc::clone(name)).collect())
                    .unwrap_or_default();
                let items = names.into_iter().map(|n| (Guard::ALWAYS, Val::str(n))).collect();
                SeqVal { items, open: false }
            }
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

    /// `container[key]`.
    pub fn get_item(&mut self, container: &Val, key: &Val, at: At) -> Val {
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
            (Leaf::Module(module), Leaf::Str(name)) => self.namespace_item(module, name, at),
            (Leaf::Ext(name), Leaf::Str(module)) if &**name == "sys.modules" => {
                match self.module_namespace(module) {
                    Some(_) => Val::of(Leaf::Module(Arc::clone(module)), Some(at.span)),
                    None => Val::of(Leaf::Ext(Arc::clone(module)), Some(at.span)),
                }
            }
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

    /// `globals()["NAME"]`.
    fn namespace_item(&mut self, module: &str, name: &str, at: At) -> Val {
        let space = self.module_namespace(module).and_then(|ns| self.namespace(ns));
        let open = space.is_none_or(|space| space.open);
        let found = space.and_then(|space| space.find(name)).map(|bound| bound.val.clone());
        let found = found.unwrap_or_else(|| Val::of(Leaf::Absent, None));
        if open {
            let more = self.unknown(format!("`{name}` of module {module}"), at);
            return self.or_default(&found, &more, at);
        }
        self.required(&found, "KeyError", name, at)
    }

    fn symbol_item(&mut self, sym: &Sym, key: &Leaf) -> Sym {
        let text = self.repr(key);
        if let (Root::File { path, key: k }, true, Leaf::Str(name)) =
            (&sym.root, sym.ops.is_empty(), key)
        {
            let key = if k.is_empty() { Arc::clone(name) } else { format!("{k}.{name}").into() };
            let root = Root::File { path: Arc::clone(path), key };
            return Sym { root, ops: vec![], ty: Type::Any, span: sym.span };
        }
        let ty = if sym.ty == Type::List { Type::Str } else { Type::Any };
        sym.then(format!("[{text}]"), ty)
    }

    fn object_item(&mut self, id: ObjId, key: &Leaf, at: At) -> Val {
        match (self.object(id), key) {
            (Some(Object::Dict(_)), _) => {
                let val = self.dict_get(id, key, at);
                let val = self.made_entry(id, key, val, at);
                let name = self.repr(key);
                self.required(&val, "KeyError", &name, at)
            }
            (Some(Object::List(seq)), Leaf::Int(index)) => {
                let seq = seq.clone();
                self.element(&seq, *index, at)
            }
            (Some(Object::Inst(_)), Leaf::Int(index))
                if let Some(fields) = self.named_fields(id) =>
            {
                self.element(&fields, *index, at)
            }
            (Some(Object::Inst(inst)), _) => {
                let class = inst.class.clone();
                let args = super::Args::positional(vec![Val::of(key.clone(), None)]);
                let found = self.ask_object((id, &class), "__getitem__", &args, at);
                found.unwrap_or_else(|| self.unknown("an item of an object", at))
            }
            _ => self.unknown("an item of an unknown container", at),
        }
    }

    /// `defaultdict(factory, …)`.
    pub(super) fn default_dict(&mut self, args: &super::Args, at: At) -> Option<Val> {
        let rest = super::Args {
            positional: args.positional.iter().skip(1).cloned().collect(),
            ..args.clone()
        };
        let dict = self.call_builtin("dict", &rest, at)?;
        let factory = args.positional.first().cloned();
        if let (Some(Leaf::Ref(id)), Some(factory)) = (dict.single(), factory)
            && !matches!(factory.single(), Some(Leaf::None))
        {
            self.factories.insert(*id, factory);
        }
        Some(dict)
    }

    /// What a `defaultdict` puts under a key where there is nothing yet.
    fn made_entry(&mut self, id: ObjId, key: &Leaf, val: Val, at: At) -> Val {
        let missing = self.absent(&val);
        let missing = self.worlds.and(missing, at.pc);
        if missing.is_never() {
            return val;
        }
        let Some(factory) = self.factories.get(&id).cloned() else { return val };
        let here = At { pc: missing, ..at };
        let made = self.call_value(&factory, &super::Args::default(), here);
        self.dict_set(id, key, &made, here);
        self.or_default(&val, &made, at)
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
            return match key {
                Leaf::Sym(sym) => self.entry_by_symbol(id, &Arc::clone(sym), at),
                _ => found,
            };
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

    /// The entry under a key that is not known: each one in the worlds in which it is the key.
    fn entry_by_symbol(&mut self, id: ObjId, sym: &Arc<Sym>, at: At) -> Val {
        let Some(Object::Dict(dict)) = self.object(id) else { return Val::nothing() };
        if dict.entries.len() >= self.budget.alternatives / 2 {
            return self.unknown("an entry under an unknown key", at);
        }
        let entries = dict.entries.clone();
        let mut parts = Vec::new();
        let mut rest = at.pc;
        for (key, val) in entries {
            let is = self.leaf_equal(&Leaf::Sym(Arc::clone(sym)), &key, at);
            let here = self.worlds.and(rest, is);
            rest = self.worlds.minus(rest, is);
            if !self.worlds.impossible(here) {
                let part = self.narrow(&val, here);
                parts.push(part);
            }
        }
        let absent = Val::of(Leaf::Absent, None);
        let absent = self.narrow(&absent, rest);
        parts.push(absent);
        self.join(parts, at)
    }

    /// The element at an index, with one alternative per way the elements before it can be there.
    fn element(&mut self, seq: &SeqVal, index: i64, at: At) -> Val {
        let order: Vec<&(Guard, Val)> =
            if index < 0 { seq.items.iter().rev().collect() } else { seq.items.iter().collect() };
        let wanted = if index < 0 { -(index + 1) } else { index };
        let certain = usize::try_from(wanted).ok().filter(|w| {
            order.len() > *w && order.iter().take(w + 1).all(|(guard, _)| guard.is_always())
        });
        if let (Some((_, item)), false) =
            (certain.and_then(|w| order.get(w)), seq.open && index < 0)
        {
            return item.clone();
        }
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
        let covered = parts
            .iter()
            .flat_map(|part| part.alts.iter().map(|alt| alt.guard))
            .fold(Guard::NEVER, |all, guard| self.worlds.or(all, guard));
        let missing = self.worlds.minus(at.pc, covered);
        if seq.open && (index < 0 || !self.worlds.impossible(missing)) {
            return self.unknown("an element of a list that may hold more", at);
        }
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
        let certain = seq.items.iter().filter(|(guard, _)| guard.is_always()).count();
        if seq.items.len() - certain >= self.budget.alternatives {
            return self.unknown_of("the length of a list", Type::Int, at);
        }
        let mut counts = vec![Guard::NEVER; certain];
        counts.push(at.pc);
        for (guard, _) in seq.items.iter().filter(|(guard, _)| !guard.is_always()) {
            counts = self.shift(&counts, *guard);
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
        let uncertain = seq.items.iter().filter(|(guard, _)| !guard.is_always()).count();
        if uncertain >= self.budget.alternatives {
            return self.unknown_of("a position in a list", Type::Int, at);
        }
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
}
