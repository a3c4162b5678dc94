//! environs: `Env` with prefixes, deferred errors, `.env` files of its own.

use std::sync::Arc;

use djsec_python::eval::{Args, At, DictVal, Interp, Leaf, ObjId, Object, Val, paths};
use djsec_python::worlds::Type;

use super::reader::{self, Cast};
use super::{dj_urls, dotenv};

const TRUE: [&str; 14] =
    ["t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1"];
const FALSE: [&str; 14] =
    ["f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0"];
const INVALID: &str = "EnvValidationError";

/// Whether the class is one of the readers of environs.
pub(super) fn is_reader(class: &str) -> bool {
    matches!(class, "environs.Env" | "environs.FileAwareEnv")
}

pub(super) fn value(it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
    // The package's own instance, the same for everybody.
    (name == "environs.env").then(|| it.singleton("environs.env", "environs.Env", at))
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
    Some(match method {
        "prefixed" => {
            let more = args.at(0, "prefix").and_then(Val::as_str).unwrap_or_default();
            let prefix = format!("{}{more}", prefix(it, object));
            set(it, object, "_prefix", Val::str(prefix), at);
            // The prefix before is kept for the end of the block.
            let before = Val::str(more);
            set(it, object, "_entered", before, at);
            Val::of(Leaf::Ref(object), Some(at.span))
        }
        "__exit__" => {
            leave_prefix(it, object, args, at);
            reader::none(at)
        }
        "read_env" => read_env(it, object, args, at),
        "seal" => seal(it, object, at),
        "add_parser" | "__init__" => reader::none(at),
        "dump" => it.unknown_of("all variables that were read", Type::Dict, at),
        _ => return typed(it, object, method, args, at),
    })
}

fn attribute(it: &Interp<'_>, object: ObjId, name: &str) -> Option<Val> {
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    inst.attrs.iter().find(|(n, _)| &**n == name).map(|(_, v)| v.clone())
}

fn set(it: &mut Interp<'_>, object: ObjId, name: &str, val: Val, at: At) {
    if let Some(Object::Inst(inst)) = it.object_mut(object, at) {
        match inst.attrs.iter_mut().find(|(n, _)| &**n == name) {
            Some(slot) => slot.1 = val,
            None => inst.attrs.push((Arc::from(name), val)),
        }
    }
}

fn keyword(it: &Interp<'_>, object: ObjId, name: &str) -> Option<Val> {
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    inst.keywords.iter().find(|(n, _)| &**n == name).map(|(_, v)| v.clone())
}

fn prefix(it: &Interp<'_>, object: ObjId) -> String {
    let own = attribute(it, object, "_prefix").or_else(|| keyword(it, object, "prefix"));
    own.and_then(|v| v.as_str()).map(|p| p.to_string()).unwrap_or_default()
}

/// The end of `with env.prefixed("X_")`: the evaluator passes the argument of the call again.
fn leave_prefix(it: &mut Interp<'_>, object: ObjId, args: &Args, at: At) {
    let name = args.positional.first().and_then(Val::as_str);
    if name.as_deref() != Some("prefixed") {
        return;
    }
    let ending = args.positional.get(1).and_then(Val::as_str).unwrap_or_default();
    let now = prefix(it, object);
    let before = now.strip_suffix(&*ending).unwrap_or_default().to_owned();
    set(it, object, "_prefix", Val::str(before), at);
}

fn eager(it: &Interp<'_>, object: ObjId) -> bool {
    keyword(it, object, "eager").and_then(|v| v.as_bool()) != Some(false)
}

/// `seal()` raises what deferred reads met.
fn seal(it: &mut Interp<'_>, object: ObjId, at: At) -> Val {
    let failed = attribute(it, object, "_errors");
    if let Some(failed) = failed {
        let wrong = it.truth(&failed, at);
        it.raise(wrong, INVALID, "Environment variables invalid", at);
    }
    reader::none(at)
}

/// Without `eager`, errors wait for `seal()` and the value is `None`.
fn deferred(it: &mut Interp<'_>, object: ObjId, mark: usize, val: &Val, at: At) -> Val {
    if eager(it, object) {
        return val.clone();
    }
    let thrown = it.take_raised(mark);
    let mut wrong = djsec_python::worlds::Guard::NEVER;
    for raised in thrown {
        wrong = it.worlds.or(wrong, raised.guard);
    }
    if wrong.is_never() {
        return val.clone();
    }
    let known = attribute(it, object, "_errors").unwrap_or_else(|| reader::boolean(false, at));
    let merged = it.merge(wrong, reader::boolean(true, at), &known);
    set(it, object, "_errors", merged, at);
    it.merge(wrong, reader::none(at), val)
}

fn typed(it: &mut Interp<'_>, object: ObjId, method: &str, args: &Args, at: At) -> Option<Val> {
    let known = matches!(
        method,
        "__call__"
            | "str"
            | "bool"
            | "int"
            | "float"
            | "decimal"
            | "list"
            | "dict"
            | "json"
            | "datetime"
            | "date"
            | "time"
            | "timedelta"
            | "path"
            | "log_level"
            | "uuid"
            | "url"
            | "enum"
            | "dj_db_url"
            | "dj_cache_url"
            | "dj_email_url"
    );
    if !known {
        return None;
    }
    let mark = it.raised_so_far();
    let name = args.at(0, "name").and_then(Val::as_str);
    let Some(name) = name else {
        return Some(it.unknown("a variable with an unknown name", at));
    };
    let name = format!("{}{name}", prefix(it, object));
    let raw = variable(it, object, &name, at);
    let from_url = method.starts_with("dj_");
    let default = args.at(1, "default");
    let message = format!("Environment variable \"{name}\" not set");
    let unset = it.absent(&raw);
    let val = if from_url {
        let text = reader::or_raise(it, &raw, default, "EnvNotSetError", &message, at);
        url(it, method, &text, args, at)
    } else {
        let mut given = raw.clone();
        given.alts.retain(|alt| !matches!(alt.leaf, Leaf::Absent));
        let cast = field(it, method, &given, args, at);
        let fallback = default.cloned().unwrap_or_default();
        if default.is_none() {
            it.raise(unset, "EnvNotSetError", message, at);
        }
        let fallback = it.narrow(&fallback, unset);
        it.join([cast, fallback], at)
    };
    Some(deferred(it, object, mark, &val, at))
}

/// The environment, then the files this reader has loaded.
fn variable(it: &mut Interp<'_>, object: ObjId, name: &str, at: At) -> Val {
    let plain = it.environ(name, at);
    match attribute(it, object, "_environ").as_ref().and_then(Val::single) {
        Some(Leaf::Ref(id)) => {
            let stored = it.dict_get(*id, &Leaf::Str(name.into()), at);
            it.or_default(&plain, &stored, at)
        }
        _ => plain,
    }
}

fn url(it: &mut Interp<'_>, method: &str, text: &Val, args: &Args, at: At) -> Val {
    let mark = it.raised_so_far();
    let val = match method {
        "dj_db_url" => {
            let rest = Args { positional: vec![], keywords: args.keywords.clone(), open: false };
            let options = dj_urls::Options::read(&rest, 0);
            dj_urls::database(it, text, &options, at)
        }
        "dj_cache_url" => dj_urls::cache(it, text, at),
        _ => dj_urls::email(it, text, at),
    };
    for raised in it.take_raised(mark) {
        let kind = if &*raised.kind == "EnvNotSetError" { "EnvNotSetError" } else { INVALID };
        it.raise(raised.guard, kind, raised.message, at);
    }
    val
}

fn field(it: &mut Interp<'_>, method: &str, val: &Val, args: &Args, at: At) -> Val {
    let subcast = args.at(2, "subcast").cloned();
    match method {
        "bool" => {
            let cast = Cast {
                op: "environs bool",
                ty: Type::Bool,
                parse: &|it, text, at| reader::words(it, text, &TRUE, &FALSE, INVALID, at),
            };
            reader::cast(it, val, &cast, at)
        }
        "int" => {
            let parse =
                |it: &mut Interp<'_>, text: &str, at: At| reader::int(it, text, INVALID, at);
            reader::cast(it, val, &Cast { op: "int", ty: Type::Int, parse: &parse }, at)
        }
        "float" => {
            let parse =
                |it: &mut Interp<'_>, text: &str, at: At| reader::float(it, text, INVALID, at);
            reader::cast(it, val, &Cast { op: "float", ty: Type::Float, parse: &parse }, at)
        }
        "list" => list(it, val, subcast.as_ref(), args, at),
        "dict" => {
            let cast = Cast { op: "environs dict", ty: Type::Dict, parse: &dict };
            reader::cast(it, val, &cast, at)
        }
        "json" => {
            let mark = it.raised_so_far();
            let val = it.call_external("json.loads", &Args::positional(vec![val.clone()]), at);
            for raised in it.take_raised(mark) {
                it.raise(raised.guard, INVALID, "Not valid JSON.", at);
            }
            val
        }
        "path" => it.call_external("pathlib.Path", &Args::positional(vec![val.clone()]), at),
        "timedelta" => {
            let cast = Cast { op: "timedelta", ty: Type::Any, parse: &timedelta };
            reader::cast(it, val, &cast, at)
        }
        "log_level" => {
            let cast = Cast { op: "log level", ty: Type::Int, parse: &log_level };
            reader::cast(it, val, &cast, at)
        }
        "url" => {
            it.call_external("urllib.parse.urlparse", &Args::positional(vec![val.clone()]), at)
        }
        "__call__" | "str" => val.clone(),
        other => {
            let op = format!("environs {other}");
            let parse = |it: &mut Interp<'_>, _: &str, at: At| it.unknown(op.as_str(), at);
            reader::cast(it, val, &Cast { op: &op, ty: Type::Any, parse: &parse }, at)
        }
    }
}

fn list(it: &mut Interp<'_>, val: &Val, subcast: Option<&Val>, args: &Args, at: At) -> Val {
    let delimiter = args.keyword("delimiter").and_then(Val::as_str).unwrap_or_else(|| ",".into());
    let op = if subcast.is_some() { "environs list with a cast" } else { "environs list" };
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        if text.is_empty() {
            return it.list(djsec_python::eval::SeqVal::default(), at);
        }
        let mut items = Vec::new();
        for part in text.split(&*delimiter) {
            let item = reader::text(part, at);
            items.push(match subcast {
                Some(cast) => inner(it, cast, &item, at),
                None => item,
            });
        }
        reader::sequence(it, items, at)
    };
    reader::cast(it, val, &Cast { op, ty: Type::List, parse: &parse }, at)
}

/// An element goes through the field of its type, with that field's errors.
fn inner(it: &mut Interp<'_>, cast: &Val, item: &Val, at: At) -> Val {
    let method = match cast.single() {
        Some(Leaf::Ext(name)) => name.strip_prefix("builtins.").map(str::to_owned),
        _ => None,
    };
    match method.as_deref() {
        Some(method @ ("int" | "float" | "bool" | "str")) => {
            field(it, method, item, &Args::default(), at)
        }
        _ => reader::call(it, cast, item.clone(), at),
    }
}

fn dict(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let mut entries = DictVal::default();
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let Some((key, value)) = part.split_once('=') else {
            return reader::fail(it, "ValueError", "not enough values to unpack", at);
        };
        entries.entries.push((Leaf::Str(key.trim().into()), reader::text(value.trim(), at)));
    }
    it.dict(entries, at)
}

/// Seconds, or numbers with units from weeks to microseconds (`1h 30m`).
fn timedelta(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    if let Ok(Some(seconds)) = djsec_python::eval::numbers::integer(text) {
        return reader::leaf(Leaf::Delta(seconds.saturating_mul(1_000_000)), at);
    }
    let mut total = 0_i64;
    let mut rest = text.trim();
    let mut any = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let unit_end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(unit_end).unwrap_or((tail, ""));
        let factor = match unit {
            "w" => 604_800_000_000,
            "d" => 86_400_000_000,
            "h" => 3_600_000_000,
            "m" => 60_000_000,
            "s" => 1_000_000,
            "ms" => 1_000,
            "us" | "µs" => 1,
            _ => return reader::fail(it, INVALID, "Not a valid period of time.", at),
        };
        let Ok(number) = number.parse::<i64>() else {
            return reader::fail(it, INVALID, "Not a valid period of time.", at);
        };
        total = total.saturating_add(number.saturating_mul(factor));
        any = true;
        rest = tail.trim_start();
    }
    if any {
        reader::leaf(Leaf::Delta(total), at)
    } else {
        reader::fail(it, INVALID, "Not a valid period of time.", at)
    }
}

fn log_level(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let level = match text.to_uppercase().as_str() {
        "CRITICAL" | "FATAL" => 50,
        "ERROR" => 40,
        "WARNING" | "WARN" => 30,
        "INFO" => 20,
        "DEBUG" => 10,
        "NOTSET" => 0,
        _ => match djsec_python::eval::numbers::integer(text) {
            Ok(Some(level)) => level,
            _ => return reader::fail(it, INVALID, "Not a valid log level.", at),
        },
    };
    reader::leaf(Leaf::Int(level), at)
}

/// `read_env(path, recurse=True, override=False)`: into this reader, not into the environment.
fn read_env(it: &mut Interp<'_>, object: ObjId, args: &Args, at: At) -> Val {
    let given = args.at(0, "path").and_then(Val::as_str);
    let (folder, name) = match &given {
        Some(path) => {
            let start = format!("{}{}", paths::ROOT, it.root);
            let full = paths::join(&start, path);
            (paths::dirname(&full), paths::basename(&full).to_owned())
        }
        None => (dotenv::caller_folder(it), ".env".to_owned()),
    };
    let found = match args.keyword("recurse").and_then(Val::as_bool) {
        Some(false) => Some(paths::join(&folder, &name)),
        _ => dotenv::upwards(it, &folder, &name),
    };
    let file = found.and_then(|path| dotenv::file_at(it, &path));
    let Some(file) = file else {
        return it.unknown_of("whether a .env file was found", Type::Bool, at);
    };
    let dict = match attribute(it, object, "_environ") {
        Some(dict) => dict,
        None => it.dict_of(vec![], at),
    };
    set(it, object, "_environ", dict.clone(), at);
    let overrides = args.keyword("override").and_then(Val::as_bool) == Some(true);
    let mut earlier = Vec::new();
    if let Some(Leaf::Ref(id)) = dict.single() {
        for line in dotenv::lines(it, file, dotenv::Dialect::Dotenv) {
            let here = At { span: line.span, ..at };
            let key = Leaf::Str(line.name.as_str().into());
            let value = dotenv::expanded(it, &line, &earlier, here);
            earlier.push((line.name.clone(), value.clone()));
            let known = it.dict_get(*id, &key, here);
            let missing = it.absent(&known);
            let pc = if overrides { at.pc } else { it.worlds.and(at.pc, missing) };
            if !it.worlds.impossible(pc) {
                it.dict_set(*id, &key, &value, At { pc, ..here });
            }
        }
    }
    reader::boolean(true, at)
}
