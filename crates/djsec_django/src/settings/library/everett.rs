//! everett: keys with namespaces; texts and defaults alike go through the parser.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val, paths};
use djsec_python::worlds::Type;

use super::dotenv;
use super::reader::{self, Cast};

const TRUE: [&str; 6] = ["t", "true", "yes", "y", "1", "on"];
const FALSE: [&str; 6] = ["f", "false", "no", "n", "0", "off"];
const MANAGER: &str = "everett.manager.ConfigManager";
const INVALID: &str = "InvalidValueError";

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    // Reads the environment, then the file it is given.
    (name == "everett.manager.ConfigManager.basic_config")
        .then(|| it.external_instance(MANAGER, args, at))
}

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if class == "everett.manager.ListOf" && method == "__call__" {
        let Some(Object::Inst(inst)) = it.object(object) else { return None };
        let (parser, delimiter) = (inst.args.first().cloned(), inst.args.get(1).cloned());
        return Some(list(it, parser.as_ref(), delimiter.as_ref(), args.positional.first()?, at));
    }
    if class != MANAGER {
        return None;
    }
    match method {
        "__call__" => Some(read(it, object, args, at)),
        "with_namespace" => {
            let more = args.positional.first()?.as_str()?;
            let space = format!("{}{more}_", namespace(it, object));
            let val = it.external_instance(MANAGER, &Args::default(), at);
            if let Some(Leaf::Ref(id)) = val.single()
                && let Some(Object::Inst(inst)) = it.object_mut(*id, at)
            {
                inst.attrs.push((Arc::from("_namespace"), Val::str(space)));
            }
            Some(val)
        }
        "with_options" => Some(Val::of(Leaf::Ref(object), Some(at.span))),
        _ => None,
    }
}

fn namespace(it: &Interp<'_>, object: ObjId) -> String {
    let Some(Object::Inst(inst)) = it.object(object) else { return String::new() };
    let own = inst.attrs.iter().find(|(name, _)| &**name == "_namespace");
    own.and_then(|(_, v)| v.as_str()).map(|text| text.to_string()).unwrap_or_default()
}

/// The file that `basic_config(env_file)` or `ConfigEnvFileEnv(path)` names.
fn file(it: &Interp<'_>, object: ObjId) -> Option<djsec_base::FileId> {
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    let path = inst.args.first().or_else(|| inst.keywords.first().map(|(_, v)| v))?.as_str()?;
    dotenv::file_at(it, &paths::normalize(&path))
}

fn read(it: &mut Interp<'_>, object: ObjId, args: &Args, at: At) -> Val {
    let Some(key) = args.at(0, "key").and_then(Val::as_str) else {
        return it.unknown("a variable with an unknown name", at);
    };
    let given = args.at(1, "namespace").filter(|v| !matches!(v.single(), Some(Leaf::None)));
    let mut space = namespace(it, object);
    if let Some(given) = given {
        let parts = match given.as_str() {
            Some(text) => vec![text],
            None => it.iterate(given, at).items.iter().filter_map(|(_, v)| v.as_str()).collect(),
        };
        for part in parts {
            space = format!("{space}{part}_");
        }
    }
    let name = format!("{space}{key}").to_uppercase();
    let mut raw = it.environ(&name, at);
    if let Some(file) = file(it, object) {
        let lines = dotenv::lines(it, file, dotenv::Dialect::Decouple);
        if let Some(line) = lines.into_iter().rev().find(|line| line.name == name) {
            let stored = Val::of(Leaf::Str(line.value.into()), Some(line.span));
            raw = it.or_default(&raw, &stored, at);
        }
    }
    // An empty text counts as none.
    let raw = reader::each(it, &raw, at, |it, leaf, here| match leaf {
        Leaf::Str(text) if text.is_empty() => Val::of(Leaf::Absent, None),
        Leaf::Sym(_) => {
            let one = Val::of(leaf.clone(), Some(here.span));
            let filled = it.truth(&one, here);
            it.merge(filled, one, &Val::of(Leaf::Absent, None))
        }
        other => Val::of(other.clone(), Some(here.span)),
    });
    let silent = args.keyword("raise_error").and_then(Val::as_bool) == Some(false);
    let default = args.at(2, "default").cloned();
    let message = format!("{name} requires a value");
    let default = default.or_else(|| silent.then(|| reader::none(at)));
    let kind = "ConfigurationMissingError";
    let val = reader::or_raise(it, &raw, default.as_ref(), kind, &message, at);
    match args.keyword("parser").or_else(|| args.positional.get(6)) {
        Some(parser) => parse(it, parser, &val, at),
        None => val,
    }
}

fn parse(it: &mut Interp<'_>, parser: &Val, val: &Val, at: At) -> Val {
    let builtin = match parser.single() {
        Some(Leaf::Ext(name)) => name.strip_prefix("builtins.").map(str::to_owned),
        _ => None,
    };
    match builtin.as_deref() {
        Some("bool") => {
            let parse = |it: &mut Interp<'_>, text: &str, at: At| {
                reader::words(it, &text.to_lowercase(), &TRUE, &FALSE, INVALID, at)
            };
            let cast = Cast { op: "everett bool", ty: Type::Bool, parse: &parse };
            reader::cast(it, val, &cast, at)
        }
        Some("int") => {
            let parse =
                |it: &mut Interp<'_>, text: &str, at: At| reader::int(it, text, INVALID, at);
            reader::cast(it, val, &Cast { op: "int", ty: Type::Int, parse: &parse }, at)
        }
        Some("float") => {
            let parse =
                |it: &mut Interp<'_>, text: &str, at: At| reader::float(it, text, INVALID, at);
            reader::cast(it, val, &Cast { op: "float", ty: Type::Float, parse: &parse }, at)
        }
        _ => reader::call(it, parser, val.clone(), at),
    }
}

fn list(
    it: &mut Interp<'_>,
    parser: Option<&Val>,
    delimiter: Option<&Val>,
    val: &Val,
    at: At,
) -> Val {
    let delimiter = delimiter.and_then(Val::as_str).unwrap_or_else(|| ",".into());
    let split = |it: &mut Interp<'_>, text: &str, at: At| {
        let mut items = Vec::new();
        for part in text.split(&*delimiter).filter(|_| !text.is_empty()) {
            let item = reader::text(part.trim(), at);
            items.push(match parser {
                Some(parser) => parse(it, parser, &item, at),
                None => item,
            });
        }
        reader::sequence(it, items, at)
    };
    reader::cast(it, val, &Cast { op: "everett ListOf", ty: Type::List, parse: &split }, at)
}
