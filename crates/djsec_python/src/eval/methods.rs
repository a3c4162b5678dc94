//! Methods of built-in types.

use std::rc::Rc;
use std::sync::Arc;

use super::{Args, At, DictVal, Fact, Interp, Leaf, ObjId, Object, SeqVal, Val, paths};
use crate::worlds::{Guard, Type};

/// Attributes of a `Path` that are values, not methods.
pub(super) fn is_path_property(name: &str) -> bool {
    matches!(name, "parent" | "parents" | "name" | "stem" | "suffix" | "parts")
}

impl Interp<'_> {
    pub(super) fn path_property(&mut self, leaf: &Leaf, name: &str, at: At) -> Val {
        let Leaf::Path(path) = leaf else { return Val::nothing() };
        let span = Some(at.span);
        match name {
            "parent" => Val::of(Leaf::Path(paths::parent(path).into()), span),
            "name" => Val::str(paths::basename(path)),
            "stem" => {
                let base = paths::basename(path);
                Val::str(base.rsplit_once('.').map_or(base, |(stem, _)| stem))
            }
            "suffix" => {
                let base = paths::basename(path);
                Val::str(base.rsplit_once('.').map_or(String::new(), |(_, s)| format!(".{s}")))
            }
            "parents" => {
                let mut items = Vec::new();
                let mut current = path.to_string();
                while items.len() < 64 {
                    let up = paths::parent(&current);
                    if up == current || up == "." {
                        break;
                    }
                    items.push((Guard::ALWAYS, Val::of(Leaf::Path(up.as_str().into()), span)));
                    current = up;
                }
                Val::of(Leaf::Tuple(Rc::new(SeqVal { items, open: false })), span)
            }
            _ => self.unknown("parts of a path", at),
        }
    }

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
            let there = self.worlds.atom(crate::worlds::Atom::Exists(Arc::from(name)));
            return self.merge(there, item, &default);
        }
        self.symbol_method(sym, name, args, at)
    }

    fn str_method(&mut self, text: &Arc<str>, name: &str, args: &Args, at: At) -> Val {
        let arg = |n: usize| args.positional.get(n).and_then(Val::as_str);
        let out = match (name, arg(0), arg(1)) {
            ("lower" | "casefold", ..) => text.to_lowercase(),
            ("upper", ..) => text.to_uppercase(),
            ("capitalize", ..) => {
                let mut chars = text.chars();
                chars.next().map_or(String::new(), |c| {
                    c.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect()
                })
            }
            ("strip", None, _) if args.positional.is_empty() => text.trim().to_owned(),
            ("strip", Some(set), _) => text.trim_matches(|c| set.contains(c)).to_owned(),
            ("rstrip", None, _) if args.positional.is_empty() => text.trim_end().to_owned(),
            ("rstrip", Some(set), _) => text.trim_end_matches(|c| set.contains(c)).to_owned(),
            ("lstrip", None, _) if args.positional.is_empty() => text.trim_start().to_owned(),
            ("lstrip", Some(set), _) => text.trim_start_matches(|c| set.contains(c)).to_owned(),
            ("replace", Some(from), Some(to)) => text.replace(&*from, &to),
            ("removeprefix", Some(p), _) => text.strip_prefix(&*p).unwrap_or(text).to_owned(),
            ("removesuffix", Some(p), _) => text.strip_suffix(&*p).unwrap_or(text).to_owned(),
            ("format", ..) => {
                let text = Arc::clone(text);
                return self.format(&text, args, at);
            }
            ("join", ..) => return self.join_text(text, args, at),
            ("startswith" | "endswith" | "isdigit" | "isnumeric" | "isspace" | "isalnum", ..) => {
                return self.str_test(text, name, args, at);
            }
            ("split" | "rsplit" | "splitlines" | "partition" | "rpartition", ..) => {
                return self.str_split(text, name, args, at);
            }
            ("encode", ..) => {
                return Val::of(Leaf::Bytes(Arc::from(text.as_bytes())), Some(at.span));
            }
            ("count", Some(part), _) => {
                let n = text.matches(&*part).count();
                return self.integer(i64::try_from(n).ok(), at);
            }
            _ => return self.unknown_of(format!("str.{name}()"), Type::Any, at),
        };
        self.text(out, at)
    }

    fn str_test(&mut self, text: &str, name: &str, args: &Args, at: At) -> Val {
        let all = |f: fn(char) -> bool| !text.is_empty() && text.chars().all(f);
        let answer = match name {
            "isdigit" | "isnumeric" => all(char::is_numeric),
            "isspace" => all(char::is_whitespace),
            "isalnum" => all(char::is_alphanumeric),
            _ => {
                let Some(arg) = args.positional.first() else { return Val::nothing() };
                let prefixes: Vec<Arc<str>> = match arg.single() {
                    Some(Leaf::Tuple(seq)) => {
                        seq.items.iter().filter_map(|(_, v)| v.as_str()).collect()
                    }
                    _ => arg.as_str().into_iter().collect(),
                };
                if prefixes.is_empty() {
                    return self.unknown_of("a text test", Type::Bool, at);
                }
                prefixes.iter().any(|p| {
                    if name == "startswith" { text.starts_with(&**p) } else { text.ends_with(&**p) }
                })
            }
        };
        Val::of(Leaf::Bool(answer), Some(at.span))
    }

    fn str_split(&mut self, text: &str, name: &str, args: &Args, at: At) -> Val {
        let sep = args.at(0, "sep").and_then(Val::as_str);
        let max = match args.at(1, "maxsplit").and_then(Val::single) {
            Some(Leaf::Int(n)) if *n >= 0 => usize::try_from(*n).unwrap_or(usize::MAX - 1),
            _ => usize::MAX - 1,
        };
        let parts: Vec<String> = match (name, sep) {
            ("splitlines", _) => text.lines().map(str::to_owned).collect(),
            ("partition" | "rpartition", Some(sep)) => {
                let found = if name == "partition" {
                    text.split_once(&*sep)
                } else {
                    text.rsplit_once(&*sep)
                };
                let (head, mid, tail) = match found {
                    Some((head, tail)) => (head, &*sep, tail),
                    None if name == "partition" => (text, "", ""),
                    None => ("", "", text),
                };
                vec![head.to_owned(), mid.to_owned(), tail.to_owned()]
            }
            ("rsplit", Some(sep)) => {
                let mut parts: Vec<String> =
                    text.rsplitn(max + 1, &*sep).map(str::to_owned).collect();
                parts.reverse();
                parts
            }
            (_, Some(sep)) if !sep.is_empty() => {
                text.splitn(max + 1, &*sep).map(str::to_owned).collect()
            }
            _ if args.positional.first().is_some_and(|v| v.as_str().is_none())
                && !matches!(args.positional.first().and_then(Val::single), Some(Leaf::None)) =>
            {
                return self.unknown_of("a split at an unknown separator", Type::List, at);
            }
            _ => text.split_whitespace().map(str::to_owned).collect(),
        };
        let span = Some(at.span);
        let items = parts
            .into_iter()
            .map(|p| (Guard::ALWAYS, Val::of(Leaf::Str(p.into()), span)))
            .collect();
        self.list(SeqVal { items, open: false }, at)
    }

    fn join_text(&mut self, separator: &str, args: &Args, at: At) -> Val {
        let seq = match args.positional.first() {
            Some(arg) => self.elements(arg, at),
            None => return Val::nothing(),
        };
        let mut parts = Vec::new();
        for (guard, item) in &seq.items {
            if !self.surely(*guard, at) {
                return self.unknown_of(
                    "a text joined from parts that may be missing",
                    Type::Str,
                    at,
                );
            }
            match item.single() {
                Some(Leaf::Str(s)) => parts.push(s.to_string()),
                Some(Leaf::Sym(sym)) => {
                    let sym = sym.then(format!("joined by '{separator}'"), Type::Str);
                    return self.symbol(sym, at);
                }
                _ => return self.unknown_of("a joined text", Type::Str, at),
            }
        }
        if seq.open {
            return self.unknown_of("a text joined from an unknown list", Type::Str, at);
        }
        self.text(parts.join(separator), at)
    }

    fn path_method(&mut self, path: &Arc<str>, name: &str, args: &Args, at: At) -> Val {
        let span = Some(at.span);
        match name {
            "resolve" | "absolute" | "expanduser" => {
                Val::of(Leaf::Path(paths::normalize(path).into()), span)
            }
            "joinpath" => {
                let mut out = path.to_string();
                for arg in &args.positional {
                    match arg.as_str() {
                        Some(part) => out = paths::join(&out, &part),
                        None => return self.unknown("a path with an unknown part", at),
                    }
                }
                Val::of(Leaf::Path(paths::pure(&out).into()), span)
            }
            "as_posix" | "__str__" | "__fspath__" => Val::str(Arc::clone(path)),
            "exists" | "is_file" | "is_dir" => self.path_exists(path, at),
            "read_text" | "read_bytes" | "open" => self.open_file(path, name == "open", at),
            "with_name" | "with_suffix" => match args.positional.first().and_then(Val::as_str) {
                Some(new) => {
                    let base = paths::parent(path);
                    let file = paths::basename(path);
                    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
                    let file =
                        if name == "with_name" { new.to_string() } else { format!("{stem}{new}") };
                    Val::of(Leaf::Path(paths::join(&base, &file).into()), span)
                }
                None => self.unknown("a path with an unknown name", at),
            },
            "mkdir" | "touch" | "chmod" | "write_text" => Val::of(Leaf::None, span),
            _ => self.unknown(format!("Path.{name}()"), at),
        }
    }

    /// Whether a path exists: yes for files of the tree, unknown otherwise.
    pub(super) fn path_exists(&mut self, path: &str, at: At) -> Val {
        let inner = paths::in_tree(path);
        let present = inner.as_deref().is_some_and(|inner| {
            inner.is_empty()
                || self.files.find(inner.into()).is_some()
                || self.files.iter().any(|(_, f)| f.path.as_str().starts_with(&format!("{inner}/")))
        });
        if present {
            return Val::of(Leaf::Bool(true), Some(at.span));
        }
        let shown = inner.unwrap_or_else(|| path.to_owned());
        let there = self.worlds.atom(crate::worlds::Atom::Exists(Arc::from(shown)));
        self.boolean(there, at)
    }

    /// The text of a file of the tree; a file that is elsewhere may be missing.
    pub(super) fn open_file(&mut self, path: &str, handle: bool, at: At) -> Val {
        let inner = paths::in_tree(path).unwrap_or_else(|| path.to_owned());
        let found = self.files.find(inner.as_str().into());
        let present = found.is_some();
        let shown = inner.clone();
        self.facts.push(Fact::ReadFile { path: shown, present, span: at.span });
        let text = match found.and_then(|id| self.files.file(id)).and_then(|f| f.text.clone()) {
            Some(text) => Val::of(Leaf::Str(text), Some(at.span)),
            None => {
                if !present {
                    let atom = crate::worlds::Atom::Exists(Arc::from(inner.as_str()));
                    let there = self.worlds.atom(atom);
                    let missing = self.worlds.minus(at.pc, there);
                    self.raise(missing, "FileNotFoundError", inner.as_str(), at);
                }
                let root = crate::worlds::Root::File { path: Arc::from(inner), key: Arc::from("") };
                let sym =
                    crate::worlds::Sym { root, ops: vec![], ty: Type::Any, span: Some(at.span) };
                self.symbol(sym, at)
            }
        };
        if !handle {
            return text;
        }
        let args = Args::positional(vec![text, Val::str(path)]);
        self.external_instance("io.TextIOWrapper", &args, at)
    }

    fn seq_query(&mut self, seq: &SeqVal, name: &str, args: &Args, at: At) -> Val {
        match (name, args.positional.first()) {
            ("index", Some(wanted)) => self.position(seq, wanted, at),
            ("count", Some(_)) => self.unknown_of("how often an element occurs", Type::Int, at),
            _ => self.unknown(format!("a call of .{name}()"), at),
        }
    }

    fn object_method(&mut self, id: ObjId, name: &str, args: &Args, at: At) -> Val {
        match self.object(id) {
            Some(Object::List(seq)) => {
                let seq = seq.clone();
                self.list_method(id, &seq, name, args, at)
            }
            Some(Object::Set(_)) => self.set_method(id, name, args, at),
            Some(Object::Dict(dict)) => {
                let dict = dict.clone();
                self.dict_method(id, &dict, name, args, at)
            }
            Some(Object::Inst(inst)) => {
                let class = inst.class.clone();
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
        if let Some(val) = self.library.method(self, id, class, name, args, at) {
            return Some(val);
        }
        None
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
                            self.insert_at(id, index, item.clone(), At { pc, ..at })
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
                let sorted = self.sorted(seq);
                if let Some(Object::List(target)) = self.object_mut(id, at) {
                    target.items = sorted.items;
                }
            }
            ("count", _) => return self.unknown_of("how often an element occurs", Type::Int, at),
            _ => return self.unknown(format!("list.{name}()"), at),
        }
        none
    }

    /// Sorted by text or number where all elements are certain; else in the order they stand.
    pub(super) fn sorted(&mut self, seq: &SeqVal) -> SeqVal {
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
                let default = args.positional.get(1).cloned();
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

    fn dict_take(&mut self, id: ObjId, name: &str, key: &Val, default: Option<Val>, at: At) -> Val {
        let mut parts = Vec::new();
        for alt in key.alts.clone() {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            let found = self.dict_get(id, &alt.leaf, here);
            let missing = self.absent(&found);
            let val = match (&default, name) {
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
        // Only `with env.prefixed(…)` needs to hear of the end.
        let djsec_syntax::python::ast::Expr::Call(call) = expr else { return };
        let djsec_syntax::python::ast::Expr::Attribute(attribute) = &*call.func else { return };
        let receiver = self.expr(&attribute.value, at);
        if let Some(Leaf::Ref(id)) = receiver.single()
            && let Some(Object::Inst(inst)) = self.object(*id)
            && let Leaf::Ext(class) = inst.class.clone()
        {
            let args = Args::positional(vec![Val::str(attribute.attr.as_str())]);
            self.library.method(self, *id, &class, "__exit__", &args, at);
        }
    }
}
