//! prettyconf: `config("X", default=…, cast=config.boolean)`; the default is cast too.

use djsec_python::eval::{Args, At, Interp, Leaf, Val};
use djsec_python::worlds::Type;

use super::reader::{self, Cast};
use super::{config_file, dotenv};

const TRUE: [&str; 6] = ["1", "true", "yes", "y", "on", "t"];
const FALSE: [&str; 6] = ["0", "false", "no", "n", "off", "f"];
const INVALID: &str = "InvalidConfigurationError";

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let function = name.strip_prefix("prettyconf.config")?;
    let first = args.positional.first()?.clone();
    match function {
        "" => Some(read(it, args, at)),
        ".boolean" => Some(boolean(it, &first, at)),
        ".list" => Some(sequence(it, &first, false, at)),
        ".tuple" => Some(sequence(it, &first, true, at)),
        ".eval" => Some(it.call_external("ast.literal_eval", args, at)),
        ".json" => Some(it.call_external("json.loads", args, at)),
        _ => None,
    }
}

fn read(it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let Some(name) = args.at(0, "item").and_then(Val::as_str) else {
        return it.unknown("a variable with an unknown name", at);
    };
    let mut val = it.environ(&name, at);
    // The nearest .env, then settings.ini, in the folder of the caller or above it.
    let folder = dotenv::caller_folder(it);
    for file_name in [".env", "settings.ini"] {
        let path = dotenv::upwards(it, &folder, file_name);
        let Some(file) = path.and_then(|path| dotenv::file_at(it, &path)) else { continue };
        let stored = if file_name == ".env" {
            let lines = dotenv::lines(it, file, dotenv::Dialect::Dotenv);
            let line = lines.into_iter().rev().find(|line| line.name == *name);
            line.map(|line| (line.value, line.span))
        } else {
            config_file::ini_value(it, file, "settings", &name)
        };
        if let Some((text, span)) = stored {
            let stored = Val::of(Leaf::Str(text.into()), Some(span));
            val = it.or_default(&val, &stored, at);
        }
    }
    let message = format!("Configuration '{name}' not found");
    let kind = "UnknownConfigurationError";
    let val = reader::or_raise(it, &val, args.keyword("default"), kind, &message, at);
    match args.at(1, "cast") {
        Some(cast) => reader::call(it, cast, val, at),
        None => val,
    }
}

fn boolean(it: &mut Interp<'_>, val: &Val, at: At) -> Val {
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        reader::words(it, &text.to_lowercase(), &TRUE, &FALSE, INVALID, at)
    };
    reader::cast(it, val, &Cast { op: "prettyconf bool", ty: Type::Bool, parse: &parse }, at)
}

/// Texts are split at commas outside of quotes. Of a sequence, the elements are joined first: that
/// is what the package makes of a default that is a list.
fn sequence(it: &mut Interp<'_>, val: &Val, tuple: bool, at: At) -> Val {
    let joined = reader::each(it, val, at, |it, leaf, here| match leaf {
        Leaf::Str(_) | Leaf::Sym(_) => Val::of(leaf.clone(), Some(here.span)),
        other => {
            let one = Val::of(other.clone(), Some(here.span));
            let items = it.iterate(&one, here);
            let parts: Option<Vec<_>> = items.items.iter().map(|(_, v)| v.as_str()).collect();
            match parts.filter(|_| !items.open) {
                Some(parts) => reader::text(parts.concat(), here),
                None => it.unknown_of("a list that may hold more", Type::List, here),
            }
        }
    });
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        let parts = split(text);
        let items = parts.iter().map(|part| reader::text(part.trim(), at)).collect();
        if tuple { reader::tuple(items, at) } else { reader::sequence(it, items, at) }
    };
    let op = if tuple { "prettyconf tuple" } else { "prettyconf list" };
    reader::cast(it, &joined, &Cast { op, ty: Type::List, parse: &parse }, at)
}

fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (',', None) => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}
