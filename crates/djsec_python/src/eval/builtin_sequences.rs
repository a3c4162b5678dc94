//! Built-in functions on sequences: `list`, `range`, `zip`, `map`, `any`, `next` and their kin.

use std::rc::Rc;
use std::sync::Arc;

use super::{Args, At, DictVal, Interp, Leaf, Object, SeqVal, Val};
use crate::worlds::{Guard, Type};

impl Interp<'_> {
    /// A list whose elements are there in the worlds of `guard` only.
    fn narrowed_list(&mut self, item: &Val, guard: Guard, at: At) -> Option<Val> {
        let Leaf::Ref(id) = item.single()? else { return None };
        let Object::List(seq) = self.object(*id)? else { return None };
        let SeqVal { items, open } = seq.clone();
        let items =
            items.into_iter().map(|(own, item)| (self.worlds.and(own, guard), item)).collect();
        Some(self.list(SeqVal { items, open }, at))
    }

    /// `functools.reduce(function, items, start)`.
    pub(super) fn reduce(&mut self, function: &Val, args: &Args, at: At) -> Val {
        let items = args.positional.get(1).cloned().unwrap_or_default();
        let seq = self.elements(&items, at);
        let mut whole = args.positional.get(2).cloned();
        for (guard, item) in seq.items {
            let pc = self.worlds.and(at.pc, guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            whole = Some(match whole {
                None => item,
                Some(so_far) => {
                    let (pc, guard, item) = match self.narrowed_list(&item, guard, at) {
                        // A list of elements that are there in some worlds stays one list.
                        Some(item) => (at.pc, Guard::ALWAYS, item),
                        None => (pc, guard, item),
                    };
                    let args = Args::positional(vec![so_far.clone(), item]);
                    let next = self.call_value(function, &args, At { pc, ..at });
                    self.merge(guard, next, &so_far)
                }
            });
        }
        match whole {
            Some(whole) if !seq.open => whole,
            _ => self.unknown("what functools.reduce() gives", at),
        }
    }

    /// `dict.fromkeys(keys, value)`: each key once, in order.
    pub(super) fn make_keyed(&mut self, keys: &Val, args: &Args, at: At) -> Val {
        let value = args.at(1, "value").cloned();
        let value = value.unwrap_or_else(|| Val::of(Leaf::None, Some(at.span)));
        let seq = self.elements(keys, at);
        let id = self.alloc(Object::Dict(DictVal { open: seq.open, ..DictVal::default() }));
        for (guard, key) in seq.items {
            for alt in &key.alts {
                let pc =
                    if key.alts.len() == 1 { guard } else { self.worlds.and(guard, alt.guard) };
                self.dict_set(id, &alt.leaf, &value, At { pc, ..at });
            }
        }
        self.forget_touches(id);
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// `next(iterable, default)`: the first element that is there.
    pub(super) fn next(&mut self, val: &Val, args: &Args, at: At) -> Val {
        let seq = self.elements(val, at);
        let mut waiting = at.pc;
        let mut parts = Vec::new();
        for (guard, item) in &seq.items {
            let here = self.worlds.and(waiting, *guard);
            if !self.worlds.impossible(here) {
                let part = self.narrow(item, here);
                parts.push(part);
                waiting = self.worlds.minus(waiting, *guard);
            }
        }
        if !self.worlds.impossible(waiting) {
            let rest = match args.positional.get(1) {
                _ if seq.open => self.unknown("next() of an unknown sequence", at),
                Some(default) => default.clone(),
                None => {
                    self.raise(waiting, "StopIteration", "next()", at);
                    Val::nothing()
                }
            };
            let rest = self.narrow(&rest, waiting);
            parts.push(rest);
        }
        self.join(parts, at)
    }

    pub(super) fn make_sequence(&mut self, name: &str, val: Option<&Val>, at: At) -> Val {
        let Some(val) = val else {
            return match name {
                "tuple" => Val::of(Leaf::Tuple(Rc::default()), Some(at.span)),
                "set" | "frozenset" => {
                    let id = self.alloc(Object::Set(SeqVal::default()));
                    Val::of(Leaf::Ref(id), Some(at.span))
                }
                _ => self.list(SeqVal::default(), at),
            };
        };
        self.map(val, at, |it, leaf, at| {
            if let Leaf::Sym(sym) = leaf {
                let ty =
                    if sym.ty == Type::Str && name != "sorted" { Type::Any } else { Type::List };
                return it.symbol(sym.then(name, ty), at);
            }
            let mut seq = it.leaf_elements(leaf, at);
            match name {
                "sorted" => seq = super::methods::sorted(&seq),
                "reversed" => seq.items.reverse(),
                _ => {}
            }
            match name {
                "tuple" => Val::of(Leaf::Tuple(Rc::new(seq)), Some(at.span)),
                "set" | "frozenset" => {
                    let id = it.alloc(Object::Set(seq));
                    Val::of(Leaf::Ref(id), Some(at.span))
                }
                _ => it.list(seq, at),
            }
        })
    }

    pub(super) fn make_dict(&mut self, val: Option<&Val>, args: &Args, at: At) -> Val {
        let id = self.alloc(Object::Dict(DictVal { open: args.open, ..DictVal::default() }));
        if let Some(val) = val {
            self.dict_update(id, val, At { pc: at.pc, ..at });
        }
        for (name, value) in &args.keywords {
            let whole = At { pc: Guard::ALWAYS, ..at };
            self.dict_set(id, &Leaf::Str(Arc::clone(name)), value, whole);
        }
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    pub(super) fn len(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Str(s) => it.integer(i64::try_from(s.chars().count()).ok(), at),
            Leaf::Sym(sym) => it.symbol(sym.then("len", Type::Int), at),
            _ => {
                let seq = it.leaf_elements(leaf, at);
                it.length(&seq, at)
            }
        })
    }

    pub(super) fn range(&mut self, args: &Args, at: At) -> Val {
        let ints: Vec<i64> = args
            .positional
            .iter()
            .filter_map(|v| match v.single() {
                Some(Leaf::Int(i)) => Some(*i),
                _ => None,
            })
            .collect();
        let (from, to) = match ints.as_slice() {
            [to] => (0, *to),
            [from, to] => (*from, *to),
            _ => return self.unknown_of("range()", Type::List, at),
        };
        let limit = i64::from(self.budget.iterations) + 1;
        let end = to.min(from.saturating_add(limit));
        let items =
            (from..end).map(|i| (Guard::ALWAYS, Val::of(Leaf::Int(i), Some(at.span)))).collect();
        self.list(SeqVal { items, open: end < to }, at)
    }

    pub(super) fn pair_up(&mut self, name: &str, args: &Args, at: At) -> Val {
        let mut columns = Vec::new();
        for arg in &args.positional {
            columns.push(self.elements(arg, at));
        }
        let rows = columns.iter().map(|c| c.items.len()).min().unwrap_or(0);
        let mut out = SeqVal { items: vec![], open: columns.iter().any(|c| c.open) };
        for row in 0..rows {
            let mut guard = Guard::ALWAYS;
            let mut cells = Vec::new();
            if name == "enumerate" {
                let n = Leaf::Int(i64::try_from(row).unwrap_or(i64::MAX));
                cells.push((Guard::ALWAYS, Val::of(n, None)));
            }
            for column in &columns {
                if let Some((g, item)) = column.items.get(row) {
                    guard = self.worlds.and(guard, *g);
                    cells.push((Guard::ALWAYS, item.clone()));
                }
            }
            let tuple = Leaf::Tuple(Rc::new(SeqVal { items: cells, open: false }));
            out.items.push((guard, Val::of(tuple, Some(at.span))));
        }
        self.list(out, at)
    }

    pub(super) fn map_filter(&mut self, name: &str, f: &Val, args: &Args, at: At) -> Val {
        let Some(list) = args.positional.get(1) else { return self.unknown(name, at) };
        if list.alts.iter().any(|alt| matches!(alt.leaf, Leaf::Sym(_))) {
            return self.map(list, at, |it, leaf, at| match leaf {
                Leaf::Sym(sym) => it.symbol(sym.then(name, Type::List), at),
                other => {
                    let one = Val::of(other.clone(), None);
                    it.map_filter_known(name, f, &one, at)
                }
            });
        }
        let list = list.clone();
        self.map_filter_known(name, f, &list, at)
    }

    fn map_filter_known(&mut self, name: &str, f: &Val, list: &Val, at: At) -> Val {
        let seq = self.elements(list, at);
        let mut out = SeqVal { items: vec![], open: seq.open };
        for (guard, item) in seq.items {
            let pc = self.worlds.and(at.pc, guard);
            let here = At { pc, ..at };
            let result = match f.single() {
                Some(Leaf::None) => item.clone(),
                _ => self.call_value(f, &Args::positional(vec![item.clone()]), here),
            };
            if name == "map" {
                out.items.push((guard, result));
            } else {
                let holds = self.truth(&result, here);
                let guard = self.worlds.and(guard, holds);
                out.items.push((guard, item));
            }
        }
        self.list(out, at)
    }

    pub(super) fn any_all(&mut self, any: bool, val: &Val, at: At) -> Val {
        let seq = self.elements(val, at);
        let mut out = if any { Guard::NEVER } else { Guard::ALWAYS };
        for (guard, item) in &seq.items {
            let holds = self.truth(item, at);
            if any {
                let here = self.worlds.and(holds, *guard);
                out = self.worlds.or(out, here);
            } else {
                let here = self.worlds.implies(*guard, holds);
                out = self.worlds.and(out, here);
            }
        }
        if seq.open {
            return self.unknown_of("any() or all() of an unknown list", Type::Bool, at);
        }
        self.boolean(out, at)
    }

    pub(super) fn extreme(&mut self, name: &str, args: &Args, at: At) -> Val {
        let items = match args.positional.as_slice() {
            [one] => self.elements(one, at).items.into_iter().map(|(_, v)| v).collect(),
            many => many.to_vec(),
        };
        let ints: Option<Vec<i64>> = items
            .iter()
            .map(|v| match v.single() {
                Some(Leaf::Int(i)) => Some(*i),
                _ => None,
            })
            .collect();
        let best = ints.and_then(|ints| match name {
            "min" => ints.into_iter().min(),
            "max" => ints.into_iter().max(),
            _ => ints.into_iter().try_fold(0_i64, i64::checked_add),
        });
        match best {
            Some(i) => self.integer(Some(i), at),
            None => self.unknown_of(format!("{name}()"), Type::Int, at),
        }
    }
}
