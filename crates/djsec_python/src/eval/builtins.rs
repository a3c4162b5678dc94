//! Python's built-in functions.

use std::sync::Arc;

use super::{Args, At, Interp, Leaf, Object, Val};
use crate::worlds::{Guard, Type};

/// Whether a name is a built-in the evaluator knows of.
pub(super) fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "int"
            | "float"
            | "str"
            | "list"
            | "tuple"
            | "set"
            | "frozenset"
            | "dict"
            | "bytes"
            | "len"
            | "range"
            | "enumerate"
            | "zip"
            | "map"
            | "filter"
            | "sorted"
            | "reversed"
            | "any"
            | "all"
            | "sum"
            | "min"
            | "max"
            | "abs"
            | "round"
            | "isinstance"
            | "issubclass"
            | "type"
            | "getattr"
            | "setattr"
            | "hasattr"
            | "callable"
            | "globals"
            | "locals"
            | "vars"
            | "dir"
            | "open"
            | "print"
            | "exec"
            | "eval"
            | "compile"
            | "repr"
            | "super"
            | "object"
            | "property"
            | "classmethod"
            | "staticmethod"
            | "iter"
            | "next"
            | "id"
            | "hash"
            | "ord"
            | "chr"
            | "input"
            | "exit"
            | "quit"
            | "__import__"
            | "divmod"
            | "pow"
            | "execfile"
            | "unicode"
            | "basestring"
            | "format"
            | "slice"
            | "hex"
            | "bin"
    ) || name.ends_with("Error")
        || name.ends_with("Warning")
        || matches!(
            name,
            "Exception" | "BaseException" | "KeyboardInterrupt" | "SystemExit" | "StopIteration"
        )
}

impl Interp<'_> {
    pub(super) fn call_builtin(&mut self, name: &str, args: &Args, at: At) -> Option<Val> {
        let first = args.positional.first().cloned();
        let span = Some(at.span);
        Some(match (name, first) {
            ("bool", Some(val)) => {
                let holds = self.truth(&val, at);
                self.boolean(holds, at)
            }
            ("bool", None) => Val::of(Leaf::Bool(false), span),
            ("int" | "float", Some(val)) => self.number(name, &val, args, at),
            ("str" | "unicode", Some(val)) => self.make_text(&val, at),
            ("str" | "unicode", None) => Val::str(""),
            ("list" | "sorted" | "reversed" | "tuple" | "set" | "frozenset" | "iter", val) => {
                self.make_sequence(name, val.as_ref(), at)
            }
            ("dict.fromkeys", Some(keys)) => self.make_keyed(&keys, args, at),
            ("dict", val) => self.make_dict(val.as_ref(), args, at),
            ("len", Some(val)) => self.len(&val, at),
            ("range", Some(_)) => self.range(args, at),
            ("enumerate" | "zip", Some(_)) => self.pair_up(name, args, at),
            ("map" | "filter", Some(f)) => self.map_filter(name, &f, args, at),
            ("any" | "all", Some(val)) => self.any_all(name == "any", &val, at),
            ("min" | "max" | "sum", Some(_)) => self.extreme(name, args, at),
            ("isinstance", Some(val)) => self.is_instance(&val, args.positional.get(1), at),
            ("issubclass", Some(val)) => {
                let class = args.positional.get(1).cloned().unwrap_or_default();
                match self.asked_library(&val, &class, false, at) {
                    Some(known) => known,
                    None => self.unknown_of("issubclass()", Type::Bool, at),
                }
            }
            ("getattr", Some(val)) => self.get_attr(&val, args, at),
            ("hasattr", Some(val)) => self.has_attr(&val, args, at),
            ("setattr", Some(val)) => {
                self.set_attr(&val, args, at);
                Val::of(Leaf::None, span)
            }
            ("globals" | "locals", _) | ("vars" | "dir", None) => self.own_namespace(at),
            ("vars", Some(val)) => self.vars(&val, at),
            ("compile", Some(val)) => val,
            ("dir", Some(val)) => self.dir(&val, at),
            ("callable", Some(val)) => self.callable(&val, at),
            ("open", Some(val)) => self.open_path(&val, at),
            ("exec" | "execfile", Some(val)) => {
                self.exec_source(name, &val, args.positional.get(1), at)
            }
            ("super", _) => self.super_object(at),
            ("noop" | "print", _) => Val::of(Leaf::None, span),
            ("object", _) => self.external_instance("builtins.object", args, at),
            ("__import__", Some(val)) => match val.as_str() {
                Some(name) => self.import_module(&name, at).unwrap_or_default(),
                None => self.unknown("a module imported by an unknown name", at),
            },
            ("exit" | "quit", _) => {
                self.raise(at.pc, "SystemExit", "exit", at);
                Val::nothing()
            }
            ("abs", Some(val)) => self.map(&val, at, |it, leaf, at| match leaf {
                Leaf::Int(i) => it.integer(i.checked_abs(), at),
                _ => it.unknown("abs()", at),
            }),
            ("next", Some(val)) => self.next(&val, args, at),
            ("type", Some(val)) if args.positional.len() == 1 => self.type_of(&val, at),
            ("repr" | "type" | "id" | "hash" | "eval" | "input" | "round" | "ord" | "chr", _) => {
                self.unknown(format!("{name}()"), at)
            }
            _ if name.ends_with("Error") || name.ends_with("Exception") => {
                self.external_instance(name, args, at)
            }
            _ => return None,
        })
    }

    fn open_path(&mut self, path: &Val, at: At) -> Val {
        self.map(path, at, |it, leaf, at| {
            if let Leaf::Str(path) | Leaf::Path(path) = leaf {
                return it.open_file(path, true, at);
            }
            if let Leaf::Sym(sym) = leaf {
                return it.open_unknown(sym, at);
            }
            if it.in_try() {
                it.opaque += 1;
                let what: Arc<str> = Arc::from("a file is missing");
                let missing = it.worlds.atom(crate::worlds::Atom::Unknown(it.opaque, what));
                it.raise(missing, "FileNotFoundError", "open", at);
            }
            it.unknown("a file at an unknown path", at)
        })
    }

    /// `open(path)` with a path that is not known: its contents come from where the path comes from.
    fn open_unknown(&mut self, sym: &Arc<crate::worlds::Sym>, at: At) -> Val {
        if self.in_try() {
            let there = sym.then("names a file", Type::Bool);
            let there = self.worlds.atom(crate::worlds::Atom::Truthy(Arc::new(there)));
            let missing = self.worlds.not(there);
            self.raise(missing, "FileNotFoundError", sym.describe(), at);
        }
        let text = self.symbol(sym.then("read", Type::Str), at);
        let path = Val::of(Leaf::Sym(Arc::clone(sym)), Some(at.span));
        self.external_instance("io.TextIOWrapper", &Args::positional(vec![text, path]), at)
    }

    fn number(&mut self, name: &str, val: &Val, args: &Args, at: At) -> Val {
        let int = name == "int";
        let plain = args.positional.len() == 1;
        self.map(val, at, |it, leaf, at| {
            let span = Some(at.span);
            match leaf {
                Leaf::Bool(b) if int => Val::of(Leaf::Int(i64::from(*b)), span),
                Leaf::Int(i) if int => Val::of(Leaf::Int(*i), span),
                Leaf::Int(i) => Val::of(Leaf::Float(super::ops::as_float(*i)), span),
                Leaf::Float(f) if !int => Val::of(Leaf::Float(*f), span),
                #[expect(clippy::cast_possible_truncation, reason = "int() truncates")]
                Leaf::Float(f) if f.abs() < 9e15 => Val::of(Leaf::Int(f.trunc() as i64), span),
                Leaf::Str(s) if int && plain => match super::numbers::integer(s) {
                    Ok(i) => it.integer(i, at),
                    Err(_) => it.fail("ValueError", "invalid literal for int()", at),
                },
                Leaf::Str(s) if !int => match super::numbers::float(s) {
                    Ok(f) => Val::of(Leaf::Float(f), span),
                    Err(_) => it.fail("ValueError", "could not convert string to float", at),
                },
                Leaf::None => it.fail("TypeError", "int() argument must be a string", at),
                Leaf::Sym(sym) => {
                    it.may_fail(sym, if int { "is an int" } else { "is a float" }, at);
                    let ty = if int { Type::Int } else { Type::Float };
                    let sym = sym.then(name, ty);
                    it.symbol(sym, at)
                }
                _ => it.unknown_of(format!("{name}()"), Type::Int, at),
            }
        })
    }

    /// `str(val)`.
    pub fn make_text(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Sym(sym) if sym.ty == Type::Str => Val::of(leaf.clone(), Some(at.span)),
            Leaf::Sym(sym) => it.symbol(sym.then("str", Type::Str), at),
            Leaf::Ref(id) if matches!(it.object(*id), Some(Object::Inst(_))) => {
                it.object_text(*id, at)
            }
            other => match it.display_text(other) {
                Some(text) => it.text(text, at),
                None => it.unknown_of("str()", Type::Str, at),
            },
        })
    }

    /// `str(object)` where its class says what that is.
    pub(super) fn object_text(&mut self, id: super::ObjId, at: At) -> Val {
        let args = Args::default();
        let class = match self.object(id) {
            Some(Object::Inst(inst)) => inst.class.clone(),
            _ => return self.unknown_of("str()", Type::Str, at),
        };
        let made = self.ask_object((id, &class), "__str__", &args, at);
        made.unwrap_or_else(|| self.unknown_of("str()", Type::Str, at))
    }

    /// What the library says of `isinstance(val, class)` or `issubclass(val, class)`, when it knows
    /// each alternative.
    fn asked_library(&mut self, val: &Val, class: &Val, instance: bool, at: At) -> Option<Val> {
        let classes: Vec<Leaf> = match class.single()? {
            Leaf::Tuple(seq) => seq.items.iter().filter_map(|(_, i)| i.single().cloned()).collect(),
            one => vec![one.clone()],
        };
        let mut holds = Guard::NEVER;
        for alt in &val.alts {
            let mut any = false;
            for class in &classes {
                any |= self.library.is_a(self, &alt.leaf, class, instance)?;
            }
            if any {
                holds = self.worlds.or(holds, alt.guard);
            }
        }
        Some(self.boolean(holds, at))
    }

    fn is_instance(&mut self, val: &Val, class: Option<&Val>, at: At) -> Val {
        if let Some(class) = class.and_then(Val::single).filter(|class| self.is_named_tuple(class))
            && !val.alts.iter().any(|alt| matches!(alt.leaf, Leaf::Sym(_)))
        {
            return self.map(val, at, |it, leaf, at| {
                Val::of(Leaf::Bool(it.is_of_named_tuple(leaf, class)), Some(at.span))
            });
        }
        if let Some(class) = class
            && let Some(known) = self.asked_library(val, class, true, at)
        {
            return known;
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        if let Some(class) = class {
            match class.single() {
                Some(Leaf::Ext(name)) => names.push(Arc::clone(name)),
                Some(Leaf::Tuple(seq)) => {
                    for (_, item) in &seq.items {
                        if let Some(Leaf::Ext(name)) = item.single() {
                            names.push(Arc::clone(name));
                        }
                    }
                }
                _ => {}
            }
        }
        if names.is_empty() {
            return self.unknown_of("isinstance()", Type::Bool, at);
        }
        self.map(val, at, |it, leaf, at| {
            if let Leaf::Sym(sym) = leaf
                && !matches!(sym.ty, Type::Str | Type::Int | Type::List | Type::Dict)
            {
                // One question about one unknown, however often it is asked.
                let classes: Vec<&str> =
                    names.iter().map(|name| name.rsplit('.').next().unwrap_or(name)).collect();
                let test = format!("is a {}", classes.join(" or "));
                return it.symbol(sym.then(test, Type::Bool), at);
            }
            let yes = names.iter().any(|name| it.is_of_kind(leaf, name));
            Val::of(Leaf::Bool(yes), Some(at.span))
        })
    }

    fn callable(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Func(_) | Leaf::Method(_) | Leaf::BuiltinMethod(_) => {
                Val::of(Leaf::Bool(true), Some(at.span))
            }
            Leaf::Ref(id) if matches!(it.object(*id), Some(Object::Class(_))) => {
                Val::of(Leaf::Bool(true), Some(at.span))
            }
            Leaf::Sym(_) | Leaf::Ext(_) | Leaf::Ref(_) => {
                it.unknown_of("callable()", Type::Bool, at)
            }
            _ => Val::of(Leaf::Bool(false), Some(at.span)),
        })
    }

    /// `type(value)`.
    fn type_of(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| {
            let name = match leaf {
                Leaf::None => "builtins.NoneType",
                Leaf::Bool(_) => "builtins.bool",
                Leaf::Int(_) => "builtins.int",
                Leaf::Float(_) => "builtins.float",
                Leaf::Str(_) => "builtins.str",
                Leaf::Bytes(_) => "builtins.bytes",
                Leaf::Tuple(_) => "builtins.tuple",
                Leaf::Path(_) => "pathlib.PosixPath",
                Leaf::Delta(_) => "datetime.timedelta",
                Leaf::Ref(id) => match it.object(*id) {
                    Some(Object::List(_)) => "builtins.list",
                    Some(Object::Set(_)) => "builtins.set",
                    Some(Object::Dict(_)) => "builtins.dict",
                    Some(Object::Inst(inst)) => return Val::of(inst.class.clone(), Some(at.span)),
                    Some(Object::Class(_)) => "builtins.type",
                    _ => return it.unknown("type()", at),
                },
                Leaf::Sym(sym) => match sym.ty {
                    Type::Str => "builtins.str",
                    Type::Int => "builtins.int",
                    Type::Float => "builtins.float",
                    Type::List => "builtins.list",
                    Type::Dict => "builtins.dict",
                    Type::Bool => "builtins.bool",
                    Type::Any => return it.symbol(sym.then("type", Type::Any), at),
                },
                Leaf::Func(_) => "types.FunctionType",
                other => {
                    let class = Leaf::Ext(Arc::from("builtins.type"));
                    if it.library.is_a(it, other, &class, true) != Some(true) {
                        return it.unknown("type()", at);
                    }
                    "builtins.type"
                }
            };
            Val::of(Leaf::Ext(Arc::from(name)), Some(at.span))
        })
    }

    fn own_namespace(&mut self, at: At) -> Val {
        let module = self.frames.last().map(|frame| Arc::clone(&frame.module));
        Val::of(Leaf::Module(module.unwrap_or_else(|| Arc::from(""))), Some(at.span))
    }

    fn super_object(&mut self, at: At) -> Val {
        match self.current_method() {
            Some((class, receiver)) => {
                let args = Args::positional(vec![receiver, Val::of(Leaf::Ref(class), None)]);
                self.external_instance("builtins.super", &args, at)
            }
            None => self.unknown("super() outside a method", at),
        }
    }

    /// `exec(open(path).read())` and its kin: a file of the tree runs in this namespace.
    fn exec_source(&mut self, name: &str, val: &Val, into: Option<&Val>, at: At) -> Val {
        let path = if name == "execfile" { val.as_str() } else { None };
        let source = match (path, val.single()) {
            (Some(path), _) => super::paths::in_tree(&path).map(|p| (p.clone(), p)),
            (None, Some(Leaf::Str(text))) => {
                let found = self
                    .files
                    .iter()
                    .find(|(_, f)| f.text.as_ref().is_some_and(|t| Arc::ptr_eq(t, text)));
                found.map(|(_, f)| (f.path.to_string(), f.path.to_string()))
            }
            _ => None,
        };
        let file = source.and_then(|(path, _)| self.files.find(path.as_str().into()));
        if let (Some(file), Some(ns)) = (file, self.globals()) {
            let module = self.frames.last().map(|f| Arc::clone(&f.module));
            self.execute_file(&module.unwrap_or_else(|| Arc::from("")), file, ns, at);
        } else {
            let name = "exec()".to_owned();
            let fact = super::Fact::LocalOverride { name, present: false, span: at.span };
            if !self.facts.contains(&fact) {
                self.facts.push(fact);
            }
            // Whatever it defines is in the dict that it was given.
            if let Some(Leaf::Ref(id)) = into.and_then(Val::single)
                && let Some(Object::Dict(dict)) = self.object_mut(*id, at)
            {
                dict.open = true;
            }
        }
        Val::of(Leaf::None, Some(at.span))
    }
}
