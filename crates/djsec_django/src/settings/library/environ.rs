//! django-environ: `Env`, `FileAwareEnv`, `read_env`, and its old path object.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val};
use djsec_python::worlds::Type;

use super::reader::{self, Cast};
use super::{dotenv, environ_urls};

const TRUE: [&str; 6] = ["true", "on", "ok", "y", "yes", "1"];
const UNSET: &str = "ImproperlyConfigured";

/// Whether the class is one of django-environ's readers.
pub(super) fn is_reader(class: &str) -> bool {
    matches!(
        class,
        "environ.Env"
            | "environ.FileAwareEnv"
            | "environ.environ.Env"
            | "environ.environ.FileAwareEnv"
    )
}

/// What a reader object is set up to do.
struct Reader {
    scheme: Vec<(Arc<str>, Val)>,
    prefix: Option<Val>,
    smart: bool,
    from_files: bool,
}

/// One read: the variable, how to cast it, and the default.
struct Read {
    cast: Option<Val>,
    default: Option<Val>,
    parse_default: bool,
    depth: u32,
}

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let (class, method) = name.rsplit_once('.')?;
    if !is_reader(class) {
        return None;
    }
    match method {
        "read_env" => Some(read_env(it, args, at)),
        "db_url_config" | "cache_url_config" | "email_url_config" | "search_url_config" => {
            let url = args.positional.first()?.clone();
            let kind = method.trim_end_matches("_url_config");
            Some(environ_urls::parsed(it, kind, &url, args, at))
        }
        _ => None,
    }
}

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if !is_reader(class) {
        return None;
    }
    if method == "read_env" {
        return Some(read_env(it, args, at));
    }
    if method == "__init__" {
        return Some(reader::none(at));
    }
    if let Some(val) = call(it, &format!("{class}.{method}"), args, at) {
        return Some(val);
    }
    let reader = settings_of(it, object, class);
    if method == "__contains__" {
        let key = args.positional.first()?.as_str()?;
        let val = it.environ(&key, at);
        let absent = it.absent(&val);
        let there = it.worlds.not(absent);
        return Some(it.boolean(there, at));
    }
    typed(it, &reader, method, args, at)
}

fn settings_of(it: &Interp<'_>, object: ObjId, class: &str) -> Reader {
    let mut reader = Reader {
        scheme: vec![],
        prefix: None,
        smart: true,
        from_files: class.ends_with("FileAwareEnv"),
    };
    if let Some(Object::Inst(inst)) = it.object(object) {
        reader.scheme.clone_from(&inst.keywords);
        for (name, val) in &inst.attrs {
            match &**name {
                "prefix" => reader.prefix = Some(val.clone()),
                "smart_cast" => reader.smart = val.as_bool() != Some(false),
                _ => {}
            }
        }
    }
    reader
}

/// `env.bool("X", default=…)` and its siblings.
fn typed(it: &mut Interp<'_>, reader: &Reader, method: &str, args: &Args, at: At) -> Option<Val> {
    let ext = |name: &str| Some(Val::of(Leaf::Ext(Arc::from(name)), None));
    let (cast, position) = match method {
        "__call__" | "get_value" => (args.at(1, "cast").cloned(), 2),
        "str" | "unicode" | "bytes" => (ext("builtins.str"), 1),
        "bool" | "int" | "float" => (ext(&format!("builtins.{method}")), 1),
        "json" => (ext("json.loads"), 1),
        "list" | "tuple" | "dict" => {
            let inner = args.at(1, "cast").filter(|v| !matches!(v.single(), Some(Leaf::None)));
            (Some(sequence_cast(it, method, inner, at)), 2)
        }
        "url" => (ext("urllib.parse.urlparse"), 1),
        "path" => (None, 1),
        "db" | "db_url" | "cache" | "cache_url" | "email" | "email_url" | "search_url"
        | "channels" | "channels_url" => {
            return Some(url(it, reader, method.trim_end_matches("_url"), args, at));
        }
        _ => return None,
    };
    let name = args.at(0, "var").cloned()?;
    let default = args.at(position, "default").cloned();
    let parse_default = method == "url";
    let read = Read { cast, default, parse_default, depth: 0 };
    let value = read_names(it, reader, &name, &read, at);
    Some(match method {
        "path" => {
            let args = Args { positional: vec![value], keywords: vec![], open: false };
            it.call_external("environ.Path", &args, at)
        }
        "bytes" => {
            let encode = it.attribute(&value, "encode", at);
            it.call_value(&encode, &Args::default(), at)
        }
        "str" if args.at(2, "multiline").and_then(Val::as_bool) == Some(true) => {
            multiline(it, &value, at)
        }
        _ => value,
    })
}

/// `cast=[int]`, `cast=(int,)`, or the plain type.
fn sequence_cast(it: &mut Interp<'_>, method: &str, inner: Option<&Val>, at: At) -> Val {
    match (method, inner) {
        ("list", Some(inner)) => reader::sequence(it, vec![inner.clone()], at),
        ("tuple", Some(inner)) => reader::tuple(vec![inner.clone()], at),
        ("dict", Some(inner)) => inner.clone(),
        _ => Val::of(Leaf::Ext(Arc::from(format!("builtins.{method}"))), None),
    }
}

fn multiline(it: &mut Interp<'_>, value: &Val, at: At) -> Val {
    let cast = Cast {
        op: "with line ends",
        ty: Type::Str,
        parse: &|_, text, at| reader::text(text.replace("\\r\\n", "\n").replace("\\n", "\n"), at),
    };
    reader::cast(it, value, &cast, at)
}

fn url(it: &mut Interp<'_>, reader: &Reader, kind: &str, args: &Args, at: At) -> Val {
    let variable = match kind {
        "db" => "DATABASE_URL",
        "cache" => "CACHE_URL",
        "email" => "EMAIL_URL",
        "search" => "SEARCH_URL",
        _ => "CHANNELS_URL",
    };
    let name = args.at(0, "var").cloned().unwrap_or_else(|| Val::str(variable));
    let default = args.at(1, "default").cloned();
    let read = Read { cast: None, default, parse_default: false, depth: 0 };
    let url = read_names(it, reader, &name, &read, at);
    environ_urls::parsed(it, kind, &url, args, at)
}

fn read_names(it: &mut Interp<'_>, reader: &Reader, name: &Val, read: &Read, at: At) -> Val {
    it.map(name, at, |it, leaf, at| match leaf {
        Leaf::Str(name) => value(it, reader, name, read, at),
        _ => it.unknown("a variable with an unknown name", at),
    })
}

fn value(it: &mut Interp<'_>, reader: &Reader, var: &str, read: &Read, at: At) -> Val {
    let prefix = reader.prefix.as_ref().and_then(Val::as_str).unwrap_or_default();
    let name = format!("{prefix}{var}");
    if read.depth > 30 {
        return reader::fail(it, "RecursionError", &format!("{name} names itself"), at);
    }
    let (mut cast, mut default) = (read.cast.clone(), read.default.clone());
    if let Some((_, info)) = reader.scheme.iter().find(|(n, _)| **n == *name) {
        let (scheme_cast, scheme_default) = scheme_entry(it, info);
        cast = cast.filter(|c| !matches!(c.single(), Some(Leaf::None))).or(scheme_cast);
        default = default.or(scheme_default);
    }
    let raw = variable(it, &name, reader.from_files, at);
    let message = format!("Set the {name} environment variable");
    let given = reader::or_raise(it, &raw, default.as_ref(), UNSET, &message, at);
    let cast = cast
        .filter(|c| !matches!(c.single(), Some(Leaf::None)))
        .or_else(|| default.as_ref().filter(|_| reader.smart).and_then(|d| type_of(it, d)));
    let default = default.unwrap_or_default();
    let nullable = matches!(default.single(), Some(Leaf::None));
    reader::each(it, &given, at, |it, leaf, here| {
        if let Leaf::Str(text) = leaf
            && let Some(other) = text.strip_prefix('$')
        {
            let inner = Read {
                cast: cast.clone(),
                default: Some(default.clone()).filter(|d| !d.alts.is_empty()),
                parse_default: read.parse_default,
                depth: read.depth + 1,
            };
            return value(it, reader, other.trim_start_matches('$'), &inner, here);
        }
        if nullable && matches!(leaf, Leaf::Str(text) if text.is_empty()) {
            return reader::none(here);
        }
        let is_default = default.alts.iter().any(|alt| alt.leaf == *leaf);
        let one = Val::of(leaf.clone(), Some(here.span));
        match &cast {
            Some(cast) if !is_default || read.parse_default => parse(it, &one, cast, here),
            _ => one,
        }
    })
}

/// `(cast, default)` or just a cast.
fn scheme_entry(it: &mut Interp<'_>, info: &Val) -> (Option<Val>, Option<Val>) {
    match info.single() {
        Some(Leaf::Tuple(seq)) => {
            let part = |n: usize| seq.items.get(n).map(|(_, v)| v.clone());
            (part(0), part(1).filter(|_| seq.items.len() == 2))
        }
        Some(Leaf::Ref(id)) => match it.object(*id) {
            Some(Object::List(seq)) if seq.items.len() == 2 => {
                let part = |n: usize| seq.items.get(n).map(|(_, v)| v.clone());
                (part(0), part(1))
            }
            _ => (Some(info.clone()), None),
        },
        _ => (Some(info.clone()), None),
    }
}

/// The variable, or the text of the file that `X_FILE` names.
///
/// Where nothing is known of `X_FILE`, the text of its file stands for the value of `X`: it is the
/// same setting given another way, and a report that names both variables says nothing more.
fn variable(it: &mut Interp<'_>, name: &str, from_files: bool, at: At) -> Val {
    let plain = it.environ(name, at);
    let file = format!("{name}_FILE");
    if !from_files || !it.given_variables(&file).contains(&file) {
        return plain;
    }
    let path = it.environ(&file, at);
    it.map(&path, at, |it, leaf, at| match leaf {
        Leaf::Str(path) if !path.is_empty() => it.open_file(path, false, at),
        Leaf::Sym(sym) => {
            let named = it.worlds.atom(djsec_python::worlds::Atom::Truthy(Arc::clone(sym)));
            let text = it.symbol(sym.then("read", Type::Str), at);
            it.merge(named, text, &plain)
        }
        _ => plain.clone(),
    })
}

/// Smart cast: the type of the default.
fn type_of(it: &Interp<'_>, default: &Val) -> Option<Val> {
    let name = match &default.alts.first()?.leaf {
        Leaf::Bool(_) => "bool",
        Leaf::Int(_) => "int",
        Leaf::Float(_) => "float",
        Leaf::Str(_) => "str",
        Leaf::Tuple(_) => "tuple",
        Leaf::Path(_) => "path",
        Leaf::Ref(id) => match it.object(*id) {
            Some(Object::List(_)) => "list",
            Some(Object::Dict(_)) => "dict",
            Some(Object::Set(_)) => "set",
            _ => return None,
        },
        Leaf::Sym(sym) => match sym.ty {
            Type::Str => "str",
            Type::Int => "int",
            Type::Float => "float",
            Type::List => "list",
            Type::Dict => "dict",
            Type::Bool => "bool",
            Type::Any => return None,
        },
        _ => return None,
    };
    let name = if name == "path" { "pathlib.Path".to_owned() } else { format!("builtins.{name}") };
    Some(Val::of(Leaf::Ext(Arc::from(name)), None))
}

/// `Env.parse_value`.
fn parse(it: &mut Interp<'_>, val: &Val, cast: &Val, at: At) -> Val {
    let name = match cast.single() {
        Some(Leaf::Ext(name)) => Arc::clone(name),
        Some(Leaf::Ref(id)) => match it.object(*id) {
            Some(Object::List(seq)) => {
                let inner = seq.items.first().map(|(_, v)| v.clone());
                return split_cast(it, val, inner.as_ref(), false, at);
            }
            Some(Object::Dict(_)) => return it.unknown_of("a dict with casts", Type::Dict, at),
            _ => return reader::call(it, cast, val.clone(), at),
        },
        Some(Leaf::Tuple(seq)) => {
            let inner = seq.items.first().map(|(_, v)| v.clone());
            return split_cast(it, val, inner.as_ref(), true, at);
        }
        _ => return reader::call(it, cast, val.clone(), at),
    };
    match &*name {
        "builtins.bool" => {
            let cast = Cast {
                op: "django-environ bool",
                ty: Type::Bool,
                parse: &|_, text, at| reader::boolean(truth(text), at),
            };
            reader::cast(it, val, &cast, at)
        }
        "builtins.list" => split_cast(it, val, None, false, at),
        "builtins.tuple" => split_cast(it, val, None, true, at),
        "builtins.float" => {
            let cast = Cast {
                op: "float",
                ty: Type::Float,
                parse: &|it, text, at| reader::float(it, &cleaned_float(text), "ValueError", at),
            };
            reader::cast(it, val, &cast, at)
        }
        "builtins.dict" => {
            let cast = Cast { op: "django-environ dict", ty: Type::Dict, parse: &dict };
            reader::cast(it, val, &cast, at)
        }
        _ => reader::call(it, cast, val.clone(), at),
    }
}

/// True words, trimmed and in any case, and integers other than 0; all else is silently false.
pub(super) fn truth(text: &str) -> bool {
    match djsec_python::eval::numbers::integer(text) {
        Ok(number) => number != Some(0),
        Err(_) => TRUE.contains(&text.trim().to_lowercase().as_str()),
    }
}

fn split_cast(it: &mut Interp<'_>, val: &Val, inner: Option<&Val>, tuple: bool, at: At) -> Val {
    let op = if tuple { "django-environ tuple" } else { "django-environ list" };
    let op = if inner.is_some() { format!("{op} with a cast") } else { op.to_owned() };
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        let text = if tuple { text.trim_matches('(').trim_matches(')') } else { text };
        let mut items = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let item = reader::text(part, at);
            items.push(match inner {
                Some(inner) => reader::call(it, inner, item, at),
                None => item,
            });
        }
        if tuple { reader::tuple(items, at) } else { reader::sequence(it, items, at) }
    };
    reader::cast(it, val, &Cast { op: &op, ty: Type::List, parse: &parse }, at)
}

/// Thousands separators and decimal commas are forgiven.
fn cleaned_float(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| c.is_numeric() || matches!(c, ',' | '.' | '-')).collect();
    match kept.rsplit_once([',', '.']) {
        Some((head, tail)) => format!("{}.{tail}", head.replace([',', '.'], "")),
        None => kept,
    }
}

fn dict(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let mut entries = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let Some((key, value)) = part.split_once('=') else {
            return reader::fail(it, "ValueError", "dictionary update sequence", at);
        };
        entries.push((key, reader::text(value, at)));
    }
    it.dict_of(entries, at)
}

/// `read_env(path)`: variables of the file count where the environment does not set them.
fn read_env(it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let given = args.at(0, "env_file").filter(|v| !matches!(v.single(), Some(Leaf::None)));
    let overwrite = args.at(1, "overwrite").and_then(Val::as_bool) == Some(true);
    let path = match given {
        Some(path) => path.clone(),
        None => dotenv::beside_caller(it, at),
    };
    dotenv::load(it, &path, dotenv::Dialect::Environ, overwrite, at);
    for (name, value) in &args.keywords {
        if !matches!(&**name, "env_file" | "overwrite" | "parse_comments" | "encoding") {
            dotenv::set(it, name, value, overwrite, at);
        }
    }
    reader::none(at)
}
