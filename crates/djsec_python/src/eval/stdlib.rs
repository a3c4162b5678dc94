//! The parts of the standard library that settings use.

use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast;

use super::{Args, At, DictVal, Interp, Leaf, Object, SeqVal, Val, paths};
use crate::worlds::{Guard, Root, Type};

/// Top-level modules of the standard library in every Python that Django still runs on.
const MODULES: &str = "
abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 cProfile calendar
cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib
contextvars copy copyreg csv ctypes dataclasses datetime dbm decimal difflib dis doctest email
encodings enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc
getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib
inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math
mimetypes mmap modulefinder multiprocessing netrc ntpath numbers operator optparse os pathlib
pdb pickle pickletools pkgutil platform plistlib poplib posixpath pprint profile pstats pwd
py_compile pyclbr pydoc pyexpat queue quopri random re reprlib resource rlcompleter runpy sched
secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3
ssl stat statistics string stringprep struct subprocess symtable sys sysconfig tabnanny tarfile
tempfile textwrap threading time timeit token tokenize tomllib trace traceback tracemalloc
types typing unicodedata unittest urllib uuid warnings wave weakref webbrowser wsgiref xml
xmlrpc zipapp zipfile zipimport zlib zoneinfo
";

/// Whether a top-level module belongs to the standard library.
pub(super) fn is_module(top: &str) -> bool {
    MODULES.split_ascii_whitespace().any(|module| module == top)
}

impl Interp<'_> {
    pub(super) fn stdlib_value(&mut self, name: &str, at: At) -> Option<Val> {
        let span = Some(at.span);
        Some(match name {
            "os.sep" | "os.path.sep" => Val::str("/"),
            "os.pathsep" => Val::str(":"),
            "os.linesep" => Val::str("\n"),
            "os.name" => Val::str("posix"),
            "os.curdir" => Val::str("."),
            "os.pardir" => Val::str(".."),
            "sys.platform" => Val::str("linux"),
            "sys.version_info" => {
                let items =
                    [3, 12, 0].map(|i| (Guard::ALWAYS, Val::of(Leaf::Int(i), None))).to_vec();
                Val::of(Leaf::Tuple(Rc::new(SeqVal { items, open: true })), span)
            }
            "sys.version_info.major" => Val::of(Leaf::Int(3), span),
            "sys.version_info.minor" => Val::of(Leaf::Int(12), span),
            // Settings are audited as a server loads them.
            "sys.argv" => {
                let items = ["gunicorn", "config.wsgi"].map(|a| (Guard::ALWAYS, Val::str(a)));
                self.list(SeqVal { items: items.to_vec(), open: false }, at)
            }
            "sys.flags.debug" => Val::of(Leaf::Bool(false), span),
            "string.ascii_letters" => {
                Val::str("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
            }
            "string.ascii_lowercase" => Val::str("abcdefghijklmnopqrstuvwxyz"),
            "string.ascii_uppercase" => Val::str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            "string.digits" => Val::str("0123456789"),
            "string.punctuation" => Val::str("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
            "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => {
                Val::of(Leaf::Bool(false), span)
            }
            "logging.DEBUG" => Val::of(Leaf::Int(10), span),
            "logging.INFO" => Val::of(Leaf::Int(20), span),
            "logging.WARNING" | "logging.WARN" => Val::of(Leaf::Int(30), span),
            "logging.ERROR" => Val::of(Leaf::Int(40), span),
            "logging.CRITICAL" | "logging.FATAL" => Val::of(Leaf::Int(50), span),
            _ if name.starts_with(super::operator::OPERATOR) => {
                return self.operator_name(name, at);
            }
            _ => return None,
        })
    }

    pub(super) fn call_stdlib(&mut self, name: &str, args: &Args, at: At) -> Option<Val> {
        if let Some(builtin) = name.strip_prefix("builtins.") {
            return self.call_builtin(builtin, args, at);
        }
        if let Some(method) = name.strip_prefix("os.environ.") {
            return self.call_environ(method, args, at);
        }
        if let Some(function) = name.strip_prefix("os.path.") {
            return self.call_os_path(function, args, at);
        }
        let first = args.positional.first().cloned();
        let span = Some(at.span);
        Some(match (name, first) {
            ("os.getenv" | "os.environ.get", _) => return self.call_environ("get", args, at),
            ("os.getcwd", _) => Val::str(self.start_folder()),
            ("pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath", _) => {
                self.make_path(args, at)
            }
            ("pathlib.Path.cwd", _) => Val::of(Leaf::Path(self.start_folder().into()), span),
            ("pathlib.Path.home", _) => Val::of(Leaf::Path("/root".into()), span),
            ("datetime.timedelta", _) => self.timedelta(args, at),
            ("json.loads" | "json.load", Some(val)) => self.parse_json(&val, at),
            ("ast.literal_eval", Some(val)) => self.literal_eval(&val, at),
            ("distutils.util.strtobool" | "setuptools._distutils.util.strtobool", Some(val)) => {
                self.strtobool(&val, at)
            }
            ("re.compile", _) => self.external_instance("re.Pattern", args, at),
            ("importlib.import_module", Some(val)) => self.import_by_name(&val, at),
            ("importlib.util.find_spec", Some(val)) => self.find_spec(&val, at),
            ("inspect.getmembers", Some(val)) => self.members(&val, at),
            ("copy.deepcopy" | "copy.copy", Some(val)) => self.deep_copy(&val, 0),
            ("typing.cast" | "typing_extensions.cast", _) => {
                args.positional.get(1).cloned().unwrap_or_default()
            }
            ("collections.OrderedDict" | "types.SimpleNamespace", _) => {
                return self.call_builtin("dict", args, at);
            }
            ("functools.reduce", Some(function)) => self.reduce(&function, args, at),
            ("operator.add" | "operator.concat" | "operator.iadd", Some(left)) => {
                let right = args.positional.get(1).cloned().unwrap_or_default();
                self.binary(&left, ast::Operator::Add, &right, at)
            }
            ("collections.defaultdict", _) => return self.default_dict(args, at),
            _ if name.starts_with("itertools.chain") || name == "collections.namedtuple" => {
                return self.call_collection(name, args, at);
            }
            ("functools.partial", _) => self.external_instance("functools.partial", args, at),
            ("functools.wraps" | "functools.lru_cache" | "functools.cache", _) => {
                first_or_none(args)
            }
            _ if is_effect(name) => Val::of(Leaf::None, span),
            ("sys.exit", _) => self.fail("SystemExit", "sys.exit()", at),
            ("glob.glob" | "glob.iglob", Some(val)) => self.glob(&val, at),
            ("platform.system", _) => Val::str("Linux"),
            ("os.listdir", Some(val)) => self.list_folder(&val, at),
            ("runpy.run_path", Some(val)) => self.run_path(&val, at),
            (
                "importlib.util.spec_from_file_location" | "importlib.machinery.SourceFileLoader",
                _,
            ) => self.external_instance(name, args, at),
            ("importlib.util.module_from_spec", Some(val)) => self.module_of_spec(&val, at),
            ("imp.load_source", Some(_)) => {
                let spec = self.external_instance(SPEC, args, at);
                let module = self.module_of_spec(&spec, at);
                self.execute_spec(&module, at);
                module
            }
            _ if is_random(name) => self.external_instance(name, args, at),
            _ if name.starts_with("logging.") => Val::of(Leaf::None, span),
            _ if name.starts_with("socket.") || name.starts_with("platform.") => {
                self.unknown_of(format!("{name}()"), Type::Str, at)
            }
            _ => return None,
        })
    }

    fn call_collection(&mut self, name: &str, args: &Args, at: At) -> Option<Val> {
        let mut out = SeqVal::default();
        let parts: Vec<Val> = match name {
            "collections.namedtuple" => return self.make_named_tuple(args, at),
            "itertools.chain" => args.positional.clone(),
            "itertools.chain.from_iterable" => {
                let all = self.elements(args.positional.first()?, at);
                out.open = all.open;
                all.items.into_iter().map(|(_, part)| part).collect()
            }
            _ => return None,
        };
        for part in parts {
            let part = self.elements(&part, at);
            out.items.extend(part.items);
            out.open |= part.open;
        }
        Some(self.list(out, at))
    }

    /// Where the process starts, for relative paths: the Django project's folder.
    pub(super) fn start_folder(&self) -> String {
        paths::normalize(&format!("{}{}", paths::ROOT, self.root))
    }

    fn call_environ(&mut self, method: &str, args: &Args, at: At) -> Option<Val> {
        let key = args.at(0, "key").cloned();
        let none = Val::of(Leaf::None, Some(at.span));
        let default = args.at(1, "default").cloned();
        Some(match (method, key) {
            ("get" | "pop" | "setdefault", Some(key)) => self.map(&key, at, |it, leaf, at| {
                let Leaf::Str(name) = leaf else {
                    return it.unknown_of("a variable with an unknown name", Type::Str, at);
                };
                let val = it.environ(name, at);
                let fallback = default.clone().unwrap_or_else(|| none.clone());
                match method {
                    "get" => it.or_default(&val, &fallback, at),
                    "pop" => {
                        it.set_environ(name, &Val::of(Leaf::Absent, None), at);
                        it.or_default(&val, &fallback, at)
                    }
                    _ => {
                        let missing = it.absent(&val);
                        let pc = it.worlds.and(at.pc, missing);
                        if !it.worlds.impossible(pc) {
                            it.set_environ(name, &fallback, At { pc, ..at });
                        }
                        it.environ(name, at)
                    }
                }
            }),
            ("copy", _) => Val::of(Leaf::Ext(Arc::from("os.environ")), Some(at.span)),
            ("update", from) => {
                let mut pairs: Vec<(Arc<str>, Val)> = args.keywords.clone();
                if let Some(Leaf::Ref(id)) = from.as_ref().and_then(Val::single)
                    && let Some(Object::Dict(dict)) = self.object(*id)
                {
                    pairs.extend(dict.entries.iter().filter_map(|(k, v)| match k {
                        Leaf::Str(k) => Some((Arc::clone(k), v.clone())),
                        _ => None,
                    }));
                }
                for (name, value) in pairs {
                    self.set_environ(&name, &value, at);
                }
                none
            }
            ("items" | "keys" | "values", _) => {
                self.unknown_of("the whole environment", Type::List, at)
            }
            _ => return None,
        })
    }

    fn call_os_path(&mut self, function: &str, args: &Args, at: At) -> Option<Val> {
        let first = args.positional.first().cloned()?;
        Some(match function {
            "join" => {
                let mut out = first;
                for part in args.positional.iter().skip(1) {
                    out = self.map(&out, at, |it, head, at| {
                        it.map(part, at, |it, tail, at| it.join_path(head, tail, at))
                    });
                }
                out
            }
            "dirname" | "abspath" | "realpath" | "normpath" | "basename" | "expanduser" => self
                .map(&first, at, |it, leaf, at| match leaf {
                    Leaf::Str(p) | Leaf::Path(p) => {
                        let text = match function {
                            "dirname" => paths::dirname(p),
                            "basename" => paths::basename(p).to_owned(),
                            "expanduser" => p.to_string(),
                            "normpath" => paths::normalize(p),
                            _ if p.starts_with('/') => paths::normalize(p),
                            _ => paths::normalize(&paths::join(&it.start_folder(), p)),
                        };
                        it.text(text, at)
                    }
                    Leaf::Sym(sym) => it.symbol(sym.then(function, Type::Str), at),
                    _ => it.unknown_of("a path", Type::Str, at),
                }),
            "exists" | "isfile" | "isdir" => self.map(&first, at, |it, leaf, at| match leaf {
                Leaf::Str(p) | Leaf::Path(p) => {
                    let full = paths::join(&it.start_folder(), p);
                    if function == "isdir" {
                        it.folder_exists(&full, at)
                    } else {
                        it.path_exists(&full, at)
                    }
                }
                Leaf::Sym(sym) => it.symbol(sym.then(".exists()", Type::Bool), at),
                _ => it.unknown_of("a path exists", Type::Bool, at),
            }),
            "split" | "splitext" => self.map(&first, at, |it, leaf, at| {
                let (Leaf::Str(p) | Leaf::Path(p)) = leaf else {
                    return it.unknown("parts of a path", at);
                };
                let (head, tail) = if function == "split" {
                    (paths::dirname(p), paths::basename(p).to_owned())
                } else {
                    let dot = paths::basename(p).rfind('.').filter(|n| *n > 0);
                    match dot.and_then(|_| p.rsplit_once('.')) {
                        Some((head, ext)) => (head.to_owned(), format!(".{ext}")),
                        None => (p.to_string(), String::new()),
                    }
                };
                let items = [head, tail].map(|part| (Guard::ALWAYS, Val::str(part))).to_vec();
                Val::of(Leaf::Tuple(Rc::new(SeqVal { items, open: false })), Some(at.span))
            }),
            _ => return None,
        })
    }

    fn join_path(&mut self, head: &Leaf, tail: &Leaf, at: At) -> Val {
        match (head, tail) {
            (Leaf::Str(a) | Leaf::Path(a), Leaf::Str(b) | Leaf::Path(b)) => {
                self.text(paths::join(a, b), at)
            }
            (Leaf::Str(_) | Leaf::Path(_), Leaf::Sym(sym)) => {
                self.symbol(sym.then("in a path", Type::Str), at)
            }
            (Leaf::Sym(sym), _) => {
                let text = format!("/ {}", self.repr(tail));
                self.symbol(sym.then(text, Type::Str), at)
            }
            _ => self.unknown_of("a path", Type::Str, at),
        }
    }

    fn make_path(&mut self, args: &Args, at: At) -> Val {
        let mut out = Val::of(Leaf::Path(".".into()), Some(at.span));
        for (n, part) in args.positional.iter().enumerate() {
            out = self.map(&out, at, |it, head, at| {
                it.map(part, at, |it, tail, at| match (head, tail) {
                    (Leaf::Path(_), Leaf::Str(b) | Leaf::Path(b)) if n == 0 => {
                        Val::of(Leaf::Path(paths::pure(b).into()), Some(at.span))
                    }
                    (Leaf::Path(a), Leaf::Str(b) | Leaf::Path(b)) => {
                        Val::of(Leaf::Path(paths::pure(&paths::join(a, b)).into()), Some(at.span))
                    }
                    (_, Leaf::Sym(sym)) | (Leaf::Sym(sym), _) => {
                        it.symbol(sym.then("Path", Type::Any), at)
                    }
                    _ => it.unknown("a path", at),
                })
            });
        }
        out
    }

    fn timedelta(&mut self, args: &Args, at: At) -> Val {
        const UNITS: [(&str, f64); 7] = [
            ("days", 86_400e6),
            ("seconds", 1e6),
            ("microseconds", 1.0),
            ("milliseconds", 1e3),
            ("minutes", 60e6),
            ("hours", 3_600e6),
            ("weeks", 604_800e6),
        ];
        let mut total = 0.0;
        for (n, (unit, factor)) in UNITS.iter().enumerate() {
            match args.at(n, unit).map(Val::single) {
                None => {}
                Some(Some(Leaf::Int(i))) => total += super::ops::as_float(*i) * factor,
                Some(Some(Leaf::Float(f))) => total += f * factor,
                Some(Some(Leaf::Sym(sym))) => {
                    let sym = sym.then(format!("timedelta({unit})"), Type::Any);
                    return self.symbol(sym, at);
                }
                Some(_) => return self.unknown("a duration", at),
            }
        }
        if total.abs() > 9e18 {
            return self.unknown("a duration that is too long", at);
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
        let micros = total as i64;
        Val::of(Leaf::Delta(micros), Some(at.span))
    }

    fn parse_json(&mut self, val: &Val, at: At) -> Val {
        let val = self.file_text(val, at);
        self.map(&val, at, |it, leaf, at| match leaf {
            Leaf::Str(text) => match serde_json::from_str::<serde_json::Value>(text) {
                Ok(json) => it.json_value(&json, at),
                Err(_) => it.fail("JSONDecodeError", "invalid JSON", at),
            },
            Leaf::Sym(sym) if matches!(sym.root, Root::File { .. }) => {
                Val::of(leaf.clone(), Some(at.span))
            }
            Leaf::Sym(sym) => it.symbol(sym.then("json", Type::Any), at),
            _ => it.unknown("JSON from an unknown text", at),
        })
    }

    /// The text behind a file handle, or the value itself.
    pub fn file_text(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Ref(id) => match it.object(*id) {
                Some(Object::Inst(inst)) => inst.args.first().cloned().unwrap_or_default(),
                _ => Val::of(leaf.clone(), Some(at.span)),
            },
            _ => Val::of(leaf.clone(), Some(at.span)),
        })
    }

    /// A JSON value as a Python value.
    pub fn json_value(&mut self, json: &serde_json::Value, at: At) -> Val {
        use serde_json::Value as Json;
        let span = Some(at.span);
        match json {
            Json::Null => Val::of(Leaf::None, span),
            Json::Bool(b) => Val::of(Leaf::Bool(*b), span),
            Json::Number(n) => match (n.as_i64(), n.as_f64()) {
                (Some(i), _) => Val::of(Leaf::Int(i), span),
                (None, Some(f)) => Val::of(Leaf::Float(f), span),
                _ => self.unknown("a number", at),
            },
            Json::String(s) => Val::of(Leaf::Str(Arc::from(s.as_str())), span),
            Json::Array(items) => {
                let mut seq = SeqVal::default();
                for item in items.iter().take(1000) {
                    let item = self.json_value(item, at);
                    seq.items.push((Guard::ALWAYS, item));
                }
                self.list(seq, at)
            }
            Json::Object(map) => {
                let mut dict = DictVal::default();
                for (key, value) in map {
                    let value = self.json_value(value, at);
                    dict.entries.push((Leaf::Str(Arc::from(key.as_str())), value));
                }
                self.dict(dict, at)
            }
        }
    }

    fn literal_eval(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Str(text) => {
                let parsed = djsec_syntax::python::parse(text);
                match (parsed.errors.is_empty(), parsed.tree.body.first()) {
                    (true, Some(ast::Stmt::Expr(e))) => {
                        // Spans of the literal lie in another text; the call's place counts.
                        let mut val = it.expr(&e.value, at);
                        for alt in &mut val.alts {
                            alt.span = Some(at.span);
                        }
                        val
                    }
                    _ => it.fail("ValueError", "malformed literal", at),
                }
            }
            Leaf::Sym(sym) => it.symbol(sym.then("literal_eval", Type::Any), at),
            _ => it.unknown("a literal from an unknown text", at),
        })
    }

    fn strtobool(&mut self, val: &Val, at: At) -> Val {
        self.map(val, at, |it, leaf, at| match leaf {
            Leaf::Str(s) => match s.to_lowercase().as_str() {
                "y" | "yes" | "t" | "true" | "on" | "1" => Val::of(Leaf::Int(1), Some(at.span)),
                "n" | "no" | "f" | "false" | "off" | "0" => Val::of(Leaf::Int(0), Some(at.span)),
                _ => it.fail("ValueError", "invalid truth value", at),
            },
            Leaf::Sym(sym) => it.symbol(sym.then("strtobool", Type::Bool), at),
            _ => it.unknown_of("strtobool()", Type::Bool, at),
        })
    }

    /// Pairs of name and value, properties evaluated, sorted by name.
    fn members(&mut self, val: &Val, at: At) -> Val {
        let class = match val.single() {
            Some(Leaf::Ref(id)) => match self.object(*id) {
                Some(Object::Class(_)) => Some(*id),
                Some(Object::Inst(inst)) => match inst.class {
                    Leaf::Ref(class) => Some(class),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let Some(class) = class else {
            return self.unknown_of("members of an unknown object", Type::List, at);
        };
        let mut items = Vec::new();
        for name in self.list_members(class) {
            let member = self.attribute(val, &name, at);
            let absent = self.absent(&member);
            let there = self.worlds.not(absent);
            let member = self.narrow(&member, there);
            let pair = vec![(Guard::ALWAYS, Val::str(Arc::clone(&name))), (Guard::ALWAYS, member)];
            let pair = Leaf::Tuple(Rc::new(SeqVal { items: pair, open: false }));
            items.push((there, Val::of(pair, Some(at.span))));
        }
        self.list(SeqVal { items, open: false }, at)
    }

    /// A copy that shares no list or dict with the original.
    pub fn deep_copy(&mut self, val: &Val, depth: u32) -> Val {
        let mut out = val.clone();
        for alt in &mut out.alts {
            let Leaf::Ref(id) = alt.leaf else { continue };
            let Some(mut object) = self.object(id).cloned() else { continue };
            if depth < 16 {
                match &mut object {
                    Object::List(seq) | Object::Set(seq) => {
                        for (_, item) in &mut seq.items {
                            *item = self.deep_copy(item, depth + 1);
                        }
                    }
                    Object::Dict(dict) => {
                        for (_, item) in &mut dict.entries {
                            *item = self.deep_copy(item, depth + 1);
                        }
                    }
                    Object::Class(_) | Object::Inst(_) => continue,
                }
            }
            alt.leaf = Leaf::Ref(self.alloc(object));
        }
        out
    }

    fn glob(&mut self, val: &Val, at: At) -> Val {
        let inner = val.as_str().and_then(|p| paths::in_tree(&p));
        let Some((head, tail)) = inner.as_deref().and_then(|p| p.split_once('*')) else {
            return self.unknown_of("glob()", Type::List, at);
        };
        if tail.contains('*') {
            return self.unknown_of("glob()", Type::List, at);
        }
        let items = self
            .files
            .iter()
            .map(|(_, f)| f.path.as_str())
            .filter(|p| {
                p.strip_prefix(head)
                    .and_then(|rest| rest.strip_suffix(tail))
                    .is_some_and(|middle| !middle.contains('/'))
            })
            .map(|p| (Guard::ALWAYS, Val::str(format!("{}{p}", paths::ROOT))))
            .collect();
        self.list(SeqVal { items, open: false }, at)
    }
}

fn first_or_none(args: &Args) -> Val {
    args.positional.first().cloned().unwrap_or_else(|| Val::of(Leaf::None, None))
}

/// The class that module specifications get here.
pub(super) const SPEC: &str = "importlib.util.spec_from_file_location";

/// Whether this is called only for what it does to the process.
fn is_effect(name: &str) -> bool {
    matches!(
        name,
        "os.putenv"
            | "os.makedirs"
            | "os.mkdir"
            | "os.umask"
            | "os.chmod"
            | "warnings.warn"
            | "warnings.filterwarnings"
            | "warnings.simplefilter"
            | "sys.path.insert"
            | "sys.path.append"
            | "sys.setrecursionlimit"
    )
}

/// Whether calling this gives another value in each process.
fn is_random(name: &str) -> bool {
    name.starts_with("secrets.token_")
        || name.starts_with("random.")
        || matches!(name, "secrets.choice" | "os.urandom" | "uuid.uuid4" | "uuid.uuid1")
}
