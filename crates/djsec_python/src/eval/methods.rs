//! Methods of built-in types.

use std::rc::Rc;
use std::sync::Arc;

use super::{Args, At, DictVal, Interp, Leaf, ObjId, Object, SeqVal, Val};
use crate::worlds::{Guard, Type};

/// Methods of a dict that settings call on `globals()`.
pub(super) fn is_mapping_method(name: &str) -> bool {
    matches!(name, "update" | "get" | "setdefault" | "pop" | "items" | "keys" | "values" | "copy")
}

impl Interp<'_> {
    pub(super) fn call_method(&mut self, receiver: &Leaf, name: &str, args: &Args, at: At) -> Val {
        match receiver {
            Leaf::Str(text) => self.str_method(text, name, args, at),
            Leaf::Path(path) => self.path_method(path, name, args, at),
            Leaf::Sym(sym) => self.symbol_call(sym, name, args, at),
            Leaf::Tuple(seq) => {
                let seq = Rc::clone(seq);
                self.seq_query(&seq, name, args, at)
            }
            Leaf::Ref(id) => self.object_method(*id, name, args, at),
            Leaf::Module(module) => self.namespace_method(module, name, args, at),
            Leaf::Bytes(bytes) if name == "decode" => {
                Val::str(String::from_utf8_lossy(bytes).into_owned())
            }
            Leaf::Delta(us) if name == "total_seconds" => {
                Val::of(Leaf::Float(super::ops::as_float(*us) / 1e6), Some(at.span))
            }
            Leaf::Func(_) | Leaf::Method(_) => self.unknown("an attribute of a function", at),
            _ => self.unknown(format!("a call of .{name}()"), at),
        }
    }

    /// `globals().update(…)`, `vars().get(…)`: a module's namespace used as a dict.
    fn namespace_method(&mut self, module: &Arc<str>, name: &str, args: &Args, at: At) -> Val {
        let none = Val::of(Leaf::None, Some(at.span));
        let Some(ns) = self.module_namespace(module) else {
            return self.unknown(format!("a call of .{name}()"), at);
        };
        // A copy as a dict answers the questions; what it is asked to change is written back.
        if name != "update" {
            let mut dict = DictVal::default();
            if let Some(space) = self.namespace(ns) {
                dict.open = space.open;
                dict.entries = space
                    .iter()
                    .map(|(name, bound)| (Leaf::Str(Arc::clone(name)), bound.val.clone()))
                    .collect();
            }
            let id = self.alloc(Object::Dict(dict.clone()));
            let val = self.dict_method(id, &dict, name, args, at);
            if matches!(name, "setdefault" | "pop")
                && let Some(key) = args.positional.first().and_then(Val::as_str)
            {
                let kept = self.dict_get(id, &Leaf::Str(Arc::clone(&key)), at);
                self.bind_in(ns, &key, kept, at);
            }
            return val;
        }
        let whole = At { pc: Guard::ALWAYS, ..at };
        let id = self.alloc(Object::Dict(DictVal::default()));
        for from in &args.positional {
            self.dict_update(id, from, whole);
        }
        for (name, value) in &args.keywords {
            self.dict_set(id, &Leaf::Str(Arc::clone(name)), value, whole);
        }
        let Some(Object::Dict(more)) = self.object(id).cloned() else { return none };
        for (key, value) in more.entries {
            if let Leaf::Str(key) = key {
                let absent = self.absent(&value);
                let pc = self.worlds.minus(at.pc, absent);
                // Whoever looks for a setting looks for where its value is written.
                let written = match &*value.alts {
                    [only] => only.span,
                    _ => None,
                };
                self.bind_in(ns, &key, value, At { pc, span: written.unwrap_or(at.span) });
            }
        }
        if more.open || args.open {
            self.taint(ns, at);
        }
        none
    }

    /// An unknown dict went into a namespace: it may hold more names than these.
    fn taint(&mut self, ns: super::NsId, at: At) {
        let fact = super::Fact::LocalOverride {
            name: "a dict that djsec cannot see".to_owned(),
            present: false,
            span: at.span,
        };
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
        if let Some(space) = self.namespace_mut(ns) {
            space.open = true;
        }
    }

    fn symbol_call(
        &mut self,
        sym: &Arc<crate::worlds::Sym>,
        name: &str,
        args: &Args,
        at: At,
    ) -> Val {
        // `.get(key, default)` on an unknown mapping: its item where it has one.
        if name == "get" && !args.positional.is_empty() {
            let container = Val::of(Leaf::Sym(Arc::clone(sym)), None);
            let key = args.positional.first().cloned().unwrap_or_default();
            let item = self.get_item(&container, &key, at);
            let default = args.positional.get(1).cloned();
            let default = default.unwrap_or_else(|| Val::of(Leaf::None, Some(at.span)));
            let text = key.as_str().unwrap_or_else(|| Arc::from("…"));
            let name = format!("{}[{}]", sym.describe(), super::strings::quote(&text));
            let there = self.worlds.atom(crate::worlds::Atom::KeyIn(Arc::from(name)));
            return self.merge(there, item, &default);
        }
        self.symbol_method(sym, name, args, at)
    }

    fn seq_query(&mut self, seq: &SeqVal, name: &str, args: &Args, at: At) -> Val {
        match (name, args.positional.first()) {
            ("index", Some(wanted)) => self.position(seq, wanted, at),
            ("count", Some(wanted)) => self.count(seq, wanted, at),
            _ => self.unknown(format!("a call of .{name}()"), at),
        }
    }

    /// How often an element occurs, where that is certain.
    fn count(&mut self, seq: &SeqVal, wanted: &Val, at: At) -> Val {
        let mut n = 0;
        for (guard, item) in &seq.items {
            let same = self.equal(item, wanted, at);
            let here = self.worlds.and(*guard, same);
            let reach = self.worlds.and(here, at.pc);
            if self.worlds.impossible(reach) {
                continue;
            }
            if !self.surely(here, at) || seq.open {
                return self.unknown_of("how often an element occurs", Type::Int, at);
            }
            n += 1;
        }
        self.integer(Some(n), at)
    }

    fn object_method(&mut self, id: ObjId, name: &str, args: &Args, at: At) -> Val {
        match self.object(id) {
            // What long loops do most needs no copy of the list.
            Some(Object::List(_)) if name == "append" && args.positional.len() == 1 => {
                let item = args.positional.first().cloned().unwrap_or_default();
                self.append(id, item, at);
                Val::of(Leaf::None, Some(at.span))
            }
            Some(Object::List(seq)) => {
                let seq = seq.clone();
                self.list_method(id, &seq, name, args, at)
            }
            Some(Object::Set(_)) => self.set_method(id, name, args, at),
            Some(Object::Dict(dict)) => {
                let dict = dict.clone();
                self.dict_method(id, &dict, name, args, at)
            }
            Some(Object::Class(_)) => {
                if let Some(base) = self.external_base_of_class(id)
                    && let Some(val) = self.instance_method(id, &base, name, args, at)
                {
                    return val;
                }
                self.unknown(format!("a call of .{name}() of a class"), at)
            }
            Some(Object::Inst(inst)) => {
                let class = inst.class.clone();
                if let Some(val) = self.named_tuple_method(id, name, args, at) {
                    return val;
                }
                let base = match class {
                    Leaf::Ext(name) => Some(name),
                    Leaf::Ref(class) => self.external_base_of_class(class),
                    _ => None,
                };
                if let Some(base) = base
                    && let Some(val) = self.instance_method(id, &base, name, args, at)
                {
                    return val;
                }
                self.unknown(format!("a call of .{name}() of an object"), at)
            }
            _ => self.unknown(format!("a call of .{name}()"), at),
        }
    }

    fn instance_method(
        &mut self,
        id: ObjId,
        class: &str,
        name: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        if class == "io.TextIOWrapper" {
            let Some(Object::Inst(inst)) = self.object(id) else { return None };
            let text = inst.args.first().cloned().unwrap_or_default();
            return Some(match name {
                "read" | "__enter__" => text,
                "readlines" | "__iter__" => self.map(&text, at, |it, leaf, at| match leaf {
                    Leaf::Str(text) => it.str_split(text, "splitlines", &Args::default(), at),
                    _ => it.unknown_of("lines of a file", Type::List, at),
                }),
                "readline" => self.unknown_of("a line of a file", Type::Str, at),
                _ => Val::of(Leaf::None, Some(at.span)),
            });
        }
        if class == super::stdlib::SPEC || class == "importlib.machinery.SourceFileLoader" {
            let spec = Val::of(Leaf::Ref(id), None);
            return Some(match name {
                "exec_module" => {
                    let module = args.positional.first().cloned().unwrap_or_default();
                    self.execute_spec(&module, at);
                    Val::of(Leaf::None, Some(at.span))
                }
                "load_module" => {
                    let module = self.module_of_spec(&spec, at);
                    self.execute_spec(&module, at);
                    module
                }
                _ => return None,
            });
        }
        self.library.method(self, id, class, name, args, at)
    }

    fn list_method(&mut self, id: ObjId, seq: &SeqVal, name: &str, args: &Args, at: At) -> Val {
        let none = Val::of(Leaf::None, Some(at.span));
        let first = args.positional.first().cloned();
        match (name, first) {
            ("append", Some(item)) => self.append(id, item, at),
            ("extend", Some(items)) => self.extend(id, &items, at),
            ("insert", Some(index)) => {
                let item = args.positional.get(1).cloned().unwrap_or_default();
                for alt in index.alts {
                    let pc = self.worlds.and(at.pc, alt.guard);
                    if self.worlds.impossible(pc) {
                        continue;
                    }
                    match alt.leaf {
                        Leaf::Int(index) => {
                            self.insert_at(id, index, item.clone(), At { pc, ..at });
                        }
                        _ => self.append(id, item.clone(), At { pc, ..at }),
                    }
                }
            }
            ("remove", Some(wanted)) => {
                let found = self.remove_equal(id, &wanted, true, at);
                let missing = self.worlds.minus(at.pc, found);
                if !seq.open {
                    self.raise(missing, "ValueError", "list.remove(x): x not in list", at);
                }
            }
            ("pop", index) => {
                let index = match index.as_ref().and_then(Val::single) {
                    Some(Leaf::Int(i)) => *i,
                    None if args.positional.is_empty() => -1,
                    _ => return self.unknown("an element popped at an unknown position", at),
                };
                return self.drop_element(id, index, at);
            }
            ("index", Some(wanted)) => return self.position(seq, &wanted, at),
            ("copy", _) => return self.list(seq.clone(), at),
            ("clear", _) => {
                let mut kept = Vec::new();
                for (guard, item) in &seq.items {
                    let guard = self.worlds.minus(*guard, at.pc);
                    if !guard.is_never() {
                        kept.push((guard, item.clone()));
                    }
                }
                if let Some(Object::List(target)) = self.object_mut(id, at) {
                    target.items = kept;
                }
            }
            ("reverse", _) => {
                if let Some(Object::List(target)) = self.object_mut(id, at) {
                    target.items.reverse();
                }
            }
            ("sort", _) => {
                let sorted = sorted(seq);
                if let Some(Object::List(target)) = self.object_mut(id, at) {
                    target.items = sorted.items;
                }
            }
            ("count", Some(wanted)) => return self.count(seq, &wanted, at),
            _ => return self.unknown(format!("list.{name}()"), at),
        }
        none
    }

    fn set_method(&mut self, id: ObjId, name: &str, args: &Args, at: At) -> Val {
        let first = args.positional.first().cloned();
        match (name, first) {
            ("add", Some(item)) => self.append(id, item, at),
            ("update", Some(items)) => self.extend(id, &items, at),
            ("discard" | "remove", Some(wanted)) => {
                self.remove_equal(id, &wanted, false, at);
            }
            ("union", Some(items)) => {
                let copy = match self.object(id) {
                    Some(Object::Set(seq)) => seq.clone(),
                    _ => SeqVal::default(),
                };
                let copy = self.alloc(Object::Set(copy));
                self.extend(copy, &items, at);
                return Val::of(Leaf::Ref(copy), Some(at.span));
            }
            _ => return self.unknown(format!("set.{name}()"), at),
        }
        Val::of(Leaf::None, Some(at.span))
    }

    fn dict_method(&mut self, id: ObjId, dict: &DictVal, name: &str, args: &Args, at: At) -> Val {
        let none = Val::of(Leaf::None, Some(at.span));
        let key = args.positional.first().cloned();
        match name {
            "get" | "pop" | "setdefault" => {
                let Some(key) = key else { return none };
                let default = args.positional.get(1);
                return self.dict_take(id, name, &key, default, at);
            }
            "update" => {
                if let Some(from) = &key {
                    self.dict_update(id, from, at);
                }
                for (name, value) in &args.keywords {
                    self.dict_set(id, &Leaf::Str(Arc::clone(name)), value, at);
                }
                if args.open
                    && let Some(Object::Dict(target)) = self.object_mut(id, at)
                {
                    target.open = true;
                }
            }
            "items" => {
                let pairs = self.pairs(dict);
                return self.list(pairs, at);
            }
            "keys" => {
                let val = Val::of(Leaf::Ref(id), None);
                let keys = self.elements(&val, at);
                return self.list(keys, at);
            }
            "values" => {
                let mut items = Vec::new();
                for (_, value) in &dict.entries {
                    let absent = self.absent(value);
                    let there = self.worlds.not(absent);
                    let value = self.narrow(value, there);
                    items.push((there, value));
                }
                return self.list(SeqVal { items, open: dict.open }, at);
            }
            "copy" => return self.dict(dict.clone(), at),
            "clear" => {
                for (key, _) in &dict.entries {
                    self.dict_set(id, key, &Val::of(Leaf::Absent, None), at);
                }
            }
            _ => return self.unknown(format!("dict.{name}()"), at),
        }
        none
    }

    fn dict_take(
        &mut self,
        id: ObjId,
        name: &str,
        key: &Val,
        default: Option<&Val>,
        at: At,
    ) -> Val {
        let mut parts = Vec::new();
        for alt in key.alts.clone() {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            let found = self.dict_get(id, &alt.leaf, here);
            let missing = self.absent(&found);
            let val = match (default, name) {
                (Some(default), _) => self.or_default(&found, default, here),
                (None, "pop") => self.required(&found, "KeyError", "pop", here),
                (None, _) => self.or_default(&found, &Val::of(Leaf::None, Some(at.span)), here),
            };
            match name {
                "pop" => self.dict_set(id, &alt.leaf, &Val::of(Leaf::Absent, None), here),
                "setdefault" => {
                    let pc = self.worlds.and(pc, missing);
                    if !self.worlds.impossible(pc) {
                        self.dict_set(id, &alt.leaf, &val, At { pc, ..at });
                    }
                }
                _ => {}
            }
            let val = if key.alts.len() == 1 { val } else { self.narrow(&val, alt.guard) };
            parts.push(val);
        }
        self.join(parts, at)
    }

    pub(super) fn enter_context(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Ref(id) => match it.object(*id) {
                Some(Object::Inst(inst))
                    if inst.class == Leaf::Ext(Arc::from("io.TextIOWrapper")) =>
                {
                    Val::of(leaf.clone(), Some(at.span))
                }
                Some(Object::Inst(inst)) => {
                    let class = inst.class.clone();
                    let args = Args::default();
                    if let Leaf::Ext(class) = class
                        && let Some(val) =
                            it.library.method(it, *id, &class, "__enter__", &args, at)
                    {
                        return val;
                    }
                    Val::of(leaf.clone(), Some(at.span))
                }
                _ => Val::of(leaf.clone(), Some(at.span)),
            },
            _ => Val::of(leaf.clone(), Some(at.span)),
        })
    }

    pub(super) fn exit_context(&mut self, expr: &djsec_syntax::python::ast::Expr, at: At) {
        // Only `with env.prefixed("X_")` needs to hear of the end.
        let djsec_syntax::python::ast::Expr::Call(call) = expr else { return };
        let djsec_syntax::python::ast::Expr::Attribute(attribute) = &*call.func else { return };
        let receiver = self.expr(&attribute.value, at);
        if let Some(Leaf::Ref(id)) = receiver.single()
            && let Some(Object::Inst(inst)) = self.object(*id)
            && let Leaf::Ext(class) = inst.class.clone()
        {
            let mut args = Args::positional(vec![Val::str(attribute.attr.as_str())]);
            if let Some(first) = call.arguments.args.first() {
                args.positional.push(self.expr(first, at));
            }
            self.library.method(self, *id, &class, "__exit__", &args, at);
        }
    }
}

/// Sorted by text or number where all elements are certain; else in the order they stand.
pub(super) fn sorted(seq: &SeqVal) -> SeqVal {
    let mut keyed: Vec<(String, i64, (Guard, Val))> = Vec::new();
    for (guard, item) in &seq.items {
        let (text, number) = match item.single() {
            Some(Leaf::Str(s)) => (s.to_string(), 0),
            Some(Leaf::Int(i)) => (String::new(), *i),
            _ => return seq.clone(),
        };
        keyed.push((text, number, (*guard, item.clone())));
    }
    keyed.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    SeqVal { items: keyed.into_iter().map(|(.., item)| item).collect(), open: seq.open }
}
