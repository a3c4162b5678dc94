//! Configuration files: YAML and TOML as `PyYAML` and tomllib read them, and values of INI files.

use std::sync::Arc;

use djsec_base::{FileId, Span, TextRange};
use djsec_python::eval::{Args, At, DictVal, Interp, Leaf, Val, numbers};
use djsec_python::worlds::{Atom, Root, Sym, Type};
use djsec_syntax::data::{Data, Node};
use djsec_syntax::ini;

use super::reader;

/// A key of a file that is not in the tree: there with an unknown value, or not there.
pub(super) fn unknown_key(it: &mut Interp<'_>, path: &str, key: &str, at: At) -> Val {
    let there = it.worlds.atom(Atom::KeyIn(Arc::from(format!("{path}[{key}]"))));
    let root = Root::File { path: Arc::from(path), key: Arc::from(key) };
    let sym = Sym { root, ops: vec![], ty: Type::Str, span: Some(at.span) };
    let val = it.symbol(sym, at);
    it.merge(there, val, &Val::of(Leaf::Absent, None))
}

/// A value of an INI file of the tree, with its place; `%%` is a percent sign.
pub(super) fn ini_value(
    it: &Interp<'_>,
    file: FileId,
    section: &str,
    key: &str,
) -> Option<(String, Span)> {
    let (text, range) = ini_entry(it.files.text(file), section, key)?;
    Some((text, Span::new(file, range)))
}

/// The same of a text, with its place there.
pub(super) fn ini_entry(text: &str, section: &str, key: &str) -> Option<(String, TextRange)> {
    let parsed = ini::parse(text).tree;
    let key = key.to_lowercase();
    let entry = parsed
        .entries
        .iter()
        .rev()
        .find(|e| e.section == section && e.key.to_lowercase() == key)?;
    let range = entry.key_range.cover(entry.value_range());
    Some((entry.value().replace("%%", "%"), range))
}

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let yaml = match name {
        "yaml.safe_load" | "yaml.load" | "yaml.full_load" | "yaml.unsafe_load" => true,
        "tomllib.load" | "tomllib.loads" | "tomli.load" | "tomli.loads" | "toml.load"
        | "toml.loads" => false,
        _ => return None,
    };
    let first = args.positional.first()?.clone();
    Some(it.map(&first, at, |it, leaf, at| load(it, leaf, yaml, at)))
}

/// A parsed file, by its open handle, its text, or (for the old toml package) its path.
fn load(it: &mut Interp<'_>, leaf: &Leaf, yaml: bool, at: At) -> Val {
    let one = Val::of(leaf.clone(), Some(at.span));
    let text = it.file_text(&one, at);
    let file = match text.single() {
        Some(Leaf::Str(text)) => file_with_text(it, text),
        _ => None,
    };
    let by_path = match leaf {
        Leaf::Str(path) | Leaf::Path(path) if !yaml => super::dotenv::file_at(it, path),
        _ => None,
    };
    if let Some(file) = by_path {
        let text = it.files.text(file).to_owned();
        return parsed(it, &text, yaml, Some(file), at);
    }
    it.map(&text, at, |it, leaf, at| match leaf {
        Leaf::Str(text) => parsed(it, &Arc::clone(text), yaml, file, at),
        // Keys of an unknown file are `File` values.
        Leaf::Sym(sym) if matches!(sym.root, Root::File { .. }) => {
            Val::of(leaf.clone(), Some(at.span))
        }
        Leaf::Sym(sym) => it.symbol(sym.then("parsed", Type::Any), at),
        _ => it.unknown("a configuration file", at),
    })
}

fn file_with_text(it: &Interp<'_>, text: &Arc<str>) -> Option<FileId> {
    it.files
        .iter()
        .find(|(_, f)| f.text.as_ref().is_some_and(|t| Arc::ptr_eq(t, text)))
        .map(|(id, _)| id)
}

fn parsed(it: &mut Interp<'_>, text: &str, yaml: bool, file: Option<FileId>, at: At) -> Val {
    let (tree, errors) = if yaml {
        let parsed = djsec_syntax::yaml::parse(text);
        let first = parsed.tree.into_iter().next();
        (first, parsed.errors)
    } else {
        let parsed = djsec_syntax::toml::parse(text);
        (Some(parsed.tree), parsed.errors)
    };
    if !errors.is_empty() {
        let kind = if yaml { "YAMLError" } else { "TOMLDecodeError" };
        return reader::fail(it, kind, "the file cannot be parsed", at);
    }
    match tree {
        Some(tree) => node(it, &tree, yaml, file, at, 0),
        None => reader::none(at),
    }
}

/// A node as a Python value, at its place in the file.
pub(super) fn node(
    it: &mut Interp<'_>,
    tree: &Node,
    yaml: bool,
    file: Option<FileId>,
    at: At,
    depth: u32,
) -> Val {
    let here = file.map_or(at, |file| At { span: Span::new(file, tree.range), ..at });
    if depth > 40 {
        return it.unknown("a value nested too deeply", here);
    }
    match &tree.data {
        Data::Scalar { text, plain: false } => reader::text(text.as_str(), here),
        Data::Scalar { text, plain: true } if yaml => yaml_scalar(text, here),
        Data::Scalar { text, plain: true } => toml_scalar(text, here),
        Data::Sequence(items) => {
            let mut out = Vec::new();
            for item in items.iter().take(5_000) {
                out.push(node(it, item, yaml, file, at, depth + 1));
            }
            reader::sequence(it, out, here)
        }
        Data::Mapping(_) => {
            let mut dict = DictVal::default();
            for entry in tree.entries().into_iter().take(5_000) {
                let value = node(it, &entry.value, yaml, file, at, depth + 1);
                dict.entries.push((Leaf::Str(Arc::from(entry.key.as_str())), value));
            }
            it.dict(dict, here)
        }
    }
}

/// YAML 1.1, as `PyYAML` resolves it.
fn yaml_scalar(text: &str, at: At) -> Val {
    let words = |lower: &str| {
        let mut capital = String::new();
        let mut chars = lower.chars();
        capital.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        capital.extend(chars);
        text == lower || text == capital || text == lower.to_uppercase()
    };
    if text.is_empty() || text == "~" || words("null") {
        return reader::none(at);
    }
    if words("yes") || words("true") || words("on") {
        return reader::boolean(true, at);
    }
    if words("no") || words("false") || words("off") {
        return reader::boolean(false, at);
    }
    let bare = text.trim_start_matches(['-', '+']);
    let octal = bare.len() > 1 && bare.starts_with('0') && bare.chars().all(|c| c.is_digit(8));
    if octal {
        return match i64::from_str_radix(bare, 8) {
            Ok(i) => reader::leaf(Leaf::Int(if text.starts_with('-') { -i } else { i }), at),
            Err(_) => reader::text(text, at),
        };
    }
    if bare.starts_with(|c: char| c.is_ascii_digit())
        && let Ok(Some(i)) = numbers::integer(text)
    {
        return reader::leaf(Leaf::Int(i), at);
    }
    let float = bare.contains('.') && bare.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match numbers::float(text).ok().filter(|_| float) {
        Some(f) => reader::leaf(Leaf::Float(f), at),
        None => reader::text(text, at),
    }
}

fn toml_scalar(text: &str, at: At) -> Val {
    match text {
        "true" => reader::boolean(true, at),
        "false" => reader::boolean(false, at),
        _ => match (based(text).or(numbers::integer(text).ok().flatten()), numbers::float(text)) {
            (Some(i), _) => reader::leaf(Leaf::Int(i), at),
            (_, Ok(f)) => reader::leaf(Leaf::Float(f), at),
            _ => reader::text(text, at),
        },
    }
}

/// `0x10`, `0o17`, `0b1`.
fn based(text: &str) -> Option<i64> {
    let digits = |radix, rest: &str| i64::from_str_radix(&rest.replace('_', ""), radix).ok();
    match text.get(..2)? {
        "0x" => digits(16, text.get(2..)?),
        "0o" => digits(8, text.get(2..)?),
        "0b" => digits(2, text.get(2..)?),
        _ => None,
    }
}
