//! Starlette's `Config`, which some Django projects read their variables with.

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val};
use djsec_python::worlds::Type;

use super::reader::{self, Cast};
use super::{decouple, dotenv};

const CONFIG: &str = "starlette.config.Config";
const STRINGS: &str = "starlette.datastructures.CommaSeparatedStrings";
const SECRET: &str = "starlette.datastructures.Secret";

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    let first = inst.args.first().cloned();
    match (class, method) {
        (CONFIG, "__call__" | "get") => {
            let prefix = inst.keywords.iter().find(|(n, _)| &**n == "env_prefix");
            let prefix = prefix.and_then(|(_, v)| v.as_str()).unwrap_or_default();
            let file = first.or_else(|| {
                inst.keywords.iter().find(|(n, _)| &**n == "env_file").map(|(_, v)| v.clone())
            });
            Some(read(it, file.as_ref(), &prefix, args, at))
        }
        // A secret prints as stars, but `str()` gives it.
        (SECRET, "__str__") => first,
        (STRINGS, "__iter__") => Some(decouple::comma_separated(it, &first?, at)),
        _ => None,
    }
}

fn read(it: &mut Interp<'_>, file: Option<&Val>, prefix: &str, args: &Args, at: At) -> Val {
    let Some(key) = args.at(0, "key").and_then(Val::as_str) else {
        return it.unknown("a variable with an unknown name", at);
    };
    let name = format!("{prefix}{key}");
    let mut val = it.environ(&name, at);
    let file = file.and_then(Val::as_str).and_then(|path| dotenv::file_at(it, &path));
    if let Some(file) = file {
        let lines = dotenv::lines(it, file, dotenv::Dialect::Decouple);
        if let Some(line) = lines.into_iter().rev().find(|line| line.name == name) {
            let stored = Val::of(Leaf::Str(line.value.into()), Some(line.span));
            val = it.or_default(&val, &stored, at);
        }
    }
    let message = format!("Config '{name}' is missing, and has no default.");
    let val = reader::or_raise(it, &val, args.at(2, "default"), "KeyError", &message, at);
    let cast = args.at(1, "cast").filter(|v| !matches!(v.single(), Some(Leaf::None)));
    match cast {
        None => val,
        Some(cast) if reader::is(cast, "builtins.bool") => {
            let parse = |it: &mut Interp<'_>, text: &str, at: At| {
                let word = text.to_lowercase();
                reader::words(it, &word, &["true", "1"], &["false", "0"], "ValueError", at)
            };
            let cast = Cast { op: "starlette bool", ty: Type::Bool, parse: &parse };
            reader::cast(it, &val, &cast, at)
        }
        Some(cast) => reader::each(it, &val, at, |it, leaf, here| match leaf {
            Leaf::None => reader::none(here),
            other => reader::call(it, cast, Val::of(other.clone(), Some(here.span)), here),
        }),
    }
}
