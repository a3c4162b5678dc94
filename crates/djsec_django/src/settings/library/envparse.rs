//! envparse: `env.bool`, `env.list` and their kin; words of truth, all else is false.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val};
use djsec_python::worlds::Type;

use super::dotenv;
use super::reader::{self, Cast};

const TRUE: [&str; 6] = ["true", "on", "ok", "y", "yes", "1"];
const CLASS: &str = "envparse.Env";
const UNSET: &str = "ConfigurationError";

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let method = match name {
        "envparse.env" => "__call__",
        _ => name.strip_prefix("envparse.env.").or_else(|| name.strip_prefix("envparse.Env."))?,
    };
    typed(it, &[], method, args, at)
}

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if class != CLASS {
        return None;
    }
    let schema = match it.object(object) {
        Some(Object::Inst(inst)) => inst.keywords.clone(),
        _ => vec![],
    };
    typed(it, &schema, method, args, at)
}

fn typed(
    it: &mut Interp<'_>,
    schema: &[(Arc<str>, Val)],
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if method == "read_envfile" {
        let path = args.at(0, "path").cloned().unwrap_or_else(|| {
            let folder = dotenv::caller_folder(it);
            reader::text(dotenv::upwards(it, &folder, ".env").unwrap_or_default(), at)
        });
        dotenv::load(it, &path, dotenv::Dialect::Dotenv, false, at);
        return Some(reader::none(at));
    }
    let ext = |name: &str| Some(Val::of(Leaf::Ext(Arc::from(name)), None));
    let (cast, position) = match method {
        "__call__" => (args.at(2, "cast").cloned(), 1),
        "bool" | "dict" | "float" | "int" | "list" | "set" | "str" | "tuple" => {
            (ext(&format!("builtins.{method}")), 1)
        }
        "json" => (ext("json.loads"), 1),
        "url" => (ext("urllib.parse.urlparse"), 1),
        _ => return None,
    };
    let name = args.at(0, "var").and_then(Val::as_str)?;
    let (mut cast, mut default) = (cast, args.at(position, "default").cloned());
    if let Some((_, entry)) = schema.iter().find(|(known, _)| *known == name) {
        match entry.single() {
            Some(Leaf::Ref(id)) => {
                let stored = |it: &mut Interp<'_>, key: &str| {
                    let val = it.dict_get(*id, &Leaf::Str(key.into()), at);
                    Some(val).filter(|v| !matches!(v.single(), Some(Leaf::Absent)))
                };
                cast = cast.or_else(|| stored(it, "cast"));
                default = default.or_else(|| stored(it, "default"));
            }
            _ => cast = cast.or_else(|| Some(entry.clone())),
        }
    }
    let raw = it.environ(&name, at);
    let message = format!("Environment variable '{name}' not set.");
    let given = reader::or_raise(it, &raw, default.as_ref(), UNSET, &message, at);
    let default = default.unwrap_or_default();
    Some(reader::each(it, &given, at, |it, leaf, here| {
        let one = Val::of(leaf.clone(), Some(here.span));
        if default.alts.iter().any(|alt| alt.leaf == *leaf) {
            return one;
        }
        match &cast {
            Some(cast) => apply(it, cast, &one, here),
            None => one,
        }
    }))
}

fn apply(it: &mut Interp<'_>, cast: &Val, val: &Val, at: At) -> Val {
    let name = match cast.single() {
        Some(Leaf::Ext(name)) => Arc::clone(name),
        _ => return reader::call(it, cast, val.clone(), at),
    };
    match &*name {
        "builtins.bool" => {
            let parse = |_: &mut Interp<'_>, text: &str, at: At| {
                reader::boolean(TRUE.contains(&text.to_lowercase().as_str()), at)
            };
            let cast = Cast { op: "envparse bool", ty: Type::Bool, parse: &parse };
            reader::cast(it, val, &cast, at)
        }
        "builtins.list" | "builtins.tuple" | "builtins.set" => {
            let parse = |it: &mut Interp<'_>, text: &str, at: At| {
                let parts: Vec<&str> =
                    text.split(',').filter(|part| !part.is_empty()).map(str::trim).collect();
                reader::texts(it, parts, at)
            };
            let list = Cast { op: "envparse list", ty: Type::List, parse: &parse };
            let list = reader::cast(it, val, &list, at);
            if &*name == "builtins.list" { list } else { reader::call(it, cast, list, at) }
        }
        "builtins.dict" => it.unknown_of("a dict from a variable", Type::Dict, at),
        _ => reader::call(it, cast, val.clone(), at),
    }
}
