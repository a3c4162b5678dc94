//! What pydantic makes of a text for a field of each kind.

use djsec_python::eval::{Args, At, Interp, Leaf, Object, Val};

use super::pydantic::{Kind, cast_of};
use super::reader;

const TRUE: [&str; 6] = ["1", "on", "t", "true", "y", "yes"];
const FALSE: [&str; 6] = ["0", "off", "f", "false", "n", "no"];
const INVALID: &str = "ValidationError";

pub(super) fn cast(it: &mut Interp<'_>, kind: &Kind, given: &Val, at: At) -> Val {
    match kind {
        Kind::Bool => {
            let parse = |it: &mut Interp<'_>, text: &str, at: At| {
                reader::words(it, &text.to_lowercase(), &TRUE, &FALSE, INVALID, at)
            };
            reader::cast(it, given, &cast_of(kind, "pydantic bool", &parse), at)
        }
        Kind::Int => reader::cast(it, given, &cast_of(kind, "pydantic int", &int), at),
        Kind::Float => {
            let parse =
                |it: &mut Interp<'_>, text: &str, at: At| reader::float(it, text, INVALID, at);
            reader::cast(it, given, &cast_of(kind, "float", &parse), at)
        }
        Kind::Secret => secret(it, given, at),
        Kind::Path => it.call_external("pathlib.Path", &Args::positional(vec![given.clone()]), at),
        Kind::List | Kind::Json | Kind::Model(_) => json(it, kind, given, at),
        Kind::Str | Kind::Other => given.clone(),
    }
}

/// ASCII digits, and floats without a fraction.
fn int(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let whole = text.trim().strip_suffix(".0").unwrap_or(text);
    if whole.is_ascii() {
        reader::int(it, whole, INVALID, at)
    } else {
        reader::fail(it, INVALID, "Input should be a valid integer", at)
    }
}

fn secret(it: &mut Interp<'_>, given: &Val, at: At) -> Val {
    reader::each(it, given, at, |it, leaf, here| match leaf {
        Leaf::Str(_) | Leaf::Sym(_) => {
            let text = Val::of(leaf.clone(), Some(here.span));
            it.external_instance("pydantic.SecretStr", &Args::positional(vec![text]), here)
        }
        other => Val::of(other.clone(), Some(here.span)),
    })
}

fn json(it: &mut Interp<'_>, kind: &Kind, given: &Val, at: At) -> Val {
    let wants_list = *kind == Kind::List;
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else {
            return reader::fail(it, "SettingsError", "error parsing the value of a field", at);
        };
        if wants_list && !json.is_array() {
            return reader::fail(it, INVALID, "Input should be a valid list", at);
        }
        let val = it.json_value(&json, at);
        if let Some(Leaf::Ref(id)) = val.single()
            && wants_list
            && let Some(Object::List(seq)) = it.object(*id)
            && seq.items.iter().any(|(_, item)| item.as_str().is_none())
        {
            return it.unknown("elements that are cast", at);
        }
        val
    };
    reader::cast(it, given, &cast_of(kind, "json", &parse), at)
}
