//! What the value classes of django-configurations make of a variable's text.

use djsec_python::eval::{Args, At, Interp, Leaf, Object, Val};
use djsec_python::worlds::Guard;

use super::configurations::Value;
use super::reader::{self, Cast};
use super::{dj_urls, environ_urls};

const TRUE: [&str; 4] = ["yes", "y", "true", "1"];
const FALSE: [&str; 5] = ["no", "n", "false", "0", ""];

pub(super) fn to_python(it: &mut Interp<'_>, value: &Value, given: &Val, at: At) -> Val {
    let ty = value.ty();
    match &*value.kind {
        "BooleanValue" => {
            let cast = Cast {
                op: "django-configurations bool",
                ty,
                parse: &|it, text, at| {
                    let word = text.trim().to_lowercase();
                    reader::words(it, &word, &TRUE, &FALSE, "ValueError", at)
                },
            };
            reader::cast(it, given, &cast, at)
        }
        "IntegerValue" | "PositiveIntegerValue" => {
            let positive = &*value.kind == "PositiveIntegerValue";
            let parse = |it: &mut Interp<'_>, text: &str, at: At| {
                let number = reader::int(it, text, "ValueError", at);
                match number.single() {
                    Some(Leaf::Int(i)) if positive && *i < 0 => {
                        reader::fail(it, "ValueError", "not a positive number", at)
                    }
                    _ => number,
                }
            };
            reader::cast(it, given, &Cast { op: "int", ty, parse: &parse }, at)
        }
        "FloatValue" => {
            let parse =
                |it: &mut Interp<'_>, text: &str, at: At| reader::float(it, text, "ValueError", at);
            reader::cast(it, given, &Cast { op: "float", ty, parse: &parse }, at)
        }
        "ListValue" | "TupleValue" | "SetValue" | "BackendsValue" => sequence(it, value, given, at),
        "DictValue" => {
            let parse = |it: &mut Interp<'_>, text: &str, at: At| {
                if text.is_empty() {
                    return it.dict_of(vec![], at);
                }
                let text = Val::str(text);
                it.call_external("ast.literal_eval", &Args::positional(vec![text]), at)
            };
            reader::cast(it, given, &Cast { op: "literal_eval", ty, parse: &parse }, at)
        }
        "DatabaseURLValue" | "CacheURLValue" | "SearchURLValue" => backend(it, value, given, at),
        "EmailURLValue" => dj_urls::email(it, given, at),
        "DecimalValue" | "SingleNestedListValue" | "SingleNestedTupleValue" => {
            let op = format!("django-configurations {}", value.kind);
            let parse = |it: &mut Interp<'_>, _: &str, at: At| it.unknown_of(op.as_str(), ty, at);
            reader::cast(it, given, &Cast { op: &op, ty, parse: &parse }, at)
        }
        _ => given.clone(),
    }
}

/// `{alias: parsed URL}`.
fn backend(it: &mut Interp<'_>, value: &Value, given: &Val, at: At) -> Val {
    let alias = value.args.keyword("alias").and_then(Val::as_str);
    let alias = alias.unwrap_or_else(|| "default".into());
    reader::each(it, given, at, |it, leaf, here| {
        let url = Val::of(leaf.clone(), Some(here.span));
        let parsed = match &*value.kind {
            "DatabaseURLValue" => {
                let args =
                    Args { positional: vec![], keywords: value.args.keywords.clone(), open: false };
                let options = dj_urls::Options::read(&args, 0);
                dj_urls::database(it, &url, &options, here)
            }
            "CacheURLValue" => dj_urls::cache(it, &url, here),
            _ => environ_urls::parsed(it, "search", &url, &Args::default(), here),
        };
        it.dict_of(vec![(&*alias, parsed)], here)
    })
}

fn sequence(it: &mut Interp<'_>, value: &Value, given: &Val, at: At) -> Val {
    let separator = value.args.keyword("separator").and_then(Val::as_str);
    let separator = separator.unwrap_or_else(|| ",".into());
    let converter = value.args.keyword("converter");
    let op = match (&*separator, converter) {
        (",", None) => "django-configurations list".to_owned(),
        _ => format!("django-configurations list at {separator:?}"),
    };
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        let parts = text.trim().split(&*separator).map(str::trim).filter(|part| !part.is_empty());
        let list = reader::texts(it, parts.collect::<Vec<_>>(), at);
        match converter {
            Some(converter) => convert(it, converter, &list, at),
            None => list,
        }
    };
    let list = reader::cast(it, given, &Cast { op: &op, ty: value.ty(), parse: &parse }, at);
    let kind = match &*value.kind {
        "TupleValue" => "builtins.tuple",
        "SetValue" => "builtins.set",
        _ => return list,
    };
    it.call_external(kind, &Args::positional(vec![list]), at)
}

/// Each element through the converter; the sequence keeps its type.
pub(super) fn convert(it: &mut Interp<'_>, converter: &Val, sequence: &Val, at: At) -> Val {
    let items = it.iterate(sequence, at);
    let mut out = Vec::new();
    for (_, item) in items.items {
        out.push(reader::call(it, converter, item, at));
    }
    match sequence.single() {
        Some(Leaf::Tuple(_)) => reader::tuple(out, at),
        Some(Leaf::Ref(id)) if matches!(it.object(*id), Some(Object::Set(_))) => {
            let items = out.into_iter().map(|item| (Guard::ALWAYS, item)).collect();
            let set = Object::Set(djsec_python::eval::SeqVal { items, open: false });
            Val::of(Leaf::Ref(it.alloc(set)), Some(at.span))
        }
        _ => reader::sequence(it, out, at),
    }
}
