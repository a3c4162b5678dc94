//! Configuration files: YAML, TOML and INI, as `PyYAML`, tomllib and configparser read them.

use std::sync::Arc;

use djsec_base::{FileId, Span};
use djsec_python::eval::{
    Args, At, DictVal, Fact, Interp, Leaf, ObjId, Object, Val, numbers, paths,
};
use djsec_python::worlds::{Atom, Root, Sym, Type};
use djsec_syntax::data::{Data, Node};
use djsec_syntax::ini;

use super::reader;

/// A key of a file that is not in the tree: there with an unknown value, or not there.
pub(super) fn unknown_key(it: &mut Interp<'_>, path: &str, key: &str, at: At) -> Val {
    let there = it.worlds.atom(Atom::Exists(Arc::from(format!("{path}[{key}]"))));
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
    let parsed = ini::parse(it.files.text(file)).tree;
    let key = key.to_lowercase();
    let entry = parsed
        .entries
        .iter()
        .rev()
        .find(|e| e.section == section && e.key.to_lowercase() == key)?;
    let span = Span::new(file, entry.key_range.cover(entry.value_range()));
    Some((entry.value().replace("%%", "%"), span))
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

fn is_parser(class: &str) -> bool {
    class.starts_with("configparser.") && class.ends_with("Parser")
        || matches!(class, "ConfigParser.ConfigParser" | "ConfigParser.SafeConfigParser")
        || class == "six.moves.configparser.RawConfigParser"
}

/// What a parser has read: files of the tree, and whether others may add to them.
struct Sources {
    files: Vec<FileId>,
    elsewhere: Vec<String>,
}

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if class == "configparser.SectionProxy" {
        return section_method(it, object, method, args, at);
    }
    if !is_parser(class) {
        return None;
    }
    let text = |n: usize, name: &str| args.at(n, name).and_then(Val::as_str);
    match method {
        "read" | "read_file" | "readfp" => {
            read(it, object, args, at);
            Some(it.list(djsec_python::eval::SeqVal::default(), at))
        }
        "get" | "getint" | "getfloat" | "getboolean" => {
            let (section, key) = (text(0, "section")?, text(1, "option")?);
            let fallback = args.keyword("fallback").cloned();
            Some(option(it, object, &section, &key, method, fallback, at))
        }
        "has_option" => {
            let val = stored(it, object, &text(0, "section")?, &text(1, "option")?, at);
            let absent = it.absent(&val);
            let there = it.worlds.not(absent);
            Some(it.boolean(there, at))
        }
        "has_section" | "__contains__" => {
            let section = text(0, "section")?;
            Some(has_section(it, object, &section, at))
        }
        "__getitem__" => {
            let parser = Val::of(Leaf::Ref(object), None);
            let args = Args::positional(vec![parser, args.positional.first()?.clone()]);
            Some(it.external_instance("configparser.SectionProxy", &args, at))
        }
        _ => None,
    }
}

fn section_method(
    it: &mut Interp<'_>,
    object: ObjId,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    let parser = match inst.args.first().and_then(Val::single) {
        Some(Leaf::Ref(id)) => *id,
        _ => return None,
    };
    let section = inst.args.get(1)?.as_str()?;
    let key = args.positional.first()?.as_str()?;
    match method {
        "__getitem__" => Some(option(it, parser, &section, &key, "get", None, at)),
        "get" | "getint" | "getfloat" | "getboolean" => {
            let fallback = args.at(1, "fallback").cloned();
            let fallback = fallback.unwrap_or_else(|| reader::none(at));
            Some(option(it, parser, &section, &key, method, Some(fallback), at))
        }
        "__contains__" => {
            let val = stored(it, parser, &section, &key, at);
            let absent = it.absent(&val);
            let there = it.worlds.not(absent);
            Some(it.boolean(there, at))
        }
        _ => None,
    }
}

/// Files are kept as paths on the parser object; a later one overrides an earlier one.
fn read(it: &mut Interp<'_>, object: ObjId, args: &Args, at: At) {
    let Some(first) = args.positional.first().cloned() else { return };
    let named = match first.single() {
        Some(Leaf::Str(_) | Leaf::Path(_)) => vec![first],
        Some(Leaf::Ref(id)) if matches!(it.object(*id), Some(Object::Inst(_))) => {
            match it.object(*id) {
                Some(Object::Inst(inst)) => inst.args.get(1).cloned().into_iter().collect(),
                _ => vec![],
            }
        }
        _ => it.iterate(&first, at).items.into_iter().map(|(_, v)| v).collect(),
    };
    for path in named {
        let path = path.as_str().unwrap_or_else(|| Arc::from("a configuration file"));
        let present = super::dotenv::file_at(it, &path).is_some();
        let shown = paths::in_tree(&path).unwrap_or_else(|| path.to_string());
        let fact = Fact::ReadFile { path: shown, present, span: at.span };
        if !it.facts.contains(&fact) {
            it.facts.push(fact);
        }
        if let Some(Object::Inst(inst)) = it.object_mut(object, at) {
            inst.attrs.push((Arc::from("_file"), Val::str(path)));
        }
    }
}

fn sources(it: &Interp<'_>, object: ObjId) -> Sources {
    let mut out = Sources { files: vec![], elsewhere: vec![] };
    let Some(Object::Inst(inst)) = it.object(object) else { return out };
    for (name, val) in &inst.attrs {
        if let ("_file", Some(path)) = (&**name, val.as_str()) {
            match super::dotenv::file_at(it, &path) {
                Some(file) => out.files.push(file),
                None => out.elsewhere.push(path.to_string()),
            }
        }
    }
    out
}

fn stored(it: &mut Interp<'_>, object: ObjId, section: &str, key: &str, at: At) -> Val {
    let sources = sources(it, object);
    let mut val = Val::of(Leaf::Absent, None);
    for file in sources.files.iter().rev() {
        if let Some((text, span)) = ini_value(it, *file, section, key) {
            val = Val::of(Leaf::Str(Arc::from(text)), Some(span));
            break;
        }
    }
    // A file that is not in the tree may be there where the process runs.
    if let Some(path) = sources.elsewhere.last() {
        let more = unknown_key(it, path, &format!("{section}.{key}"), at);
        val = it.or_default(&more, &val, at);
    }
    val
}

fn option(
    it: &mut Interp<'_>,
    object: ObjId,
    section: &str,
    key: &str,
    method: &str,
    fallback: Option<Val>,
    at: At,
) -> Val {
    let raw = stored(it, object, section, key, at);
    let missing = it.absent(&raw);
    let mut given = raw;
    given.alts.retain(|alt| !matches!(alt.leaf, Leaf::Absent));
    let cast = match method {
        "getint" => cast(it, &given, "int", Type::Int, at),
        "getfloat" => cast(it, &given, "float", Type::Float, at),
        "getboolean" => cast(it, &given, "getboolean", Type::Bool, at),
        _ => given,
    };
    let rest = if let Some(fallback) = fallback {
        it.narrow(&fallback, missing)
    } else {
        it.raise(missing, "NoOptionError", format!("No option {key:?} in {section:?}"), at);
        Val::nothing()
    };
    it.join([cast, rest], at)
}

fn cast(it: &mut Interp<'_>, val: &Val, op: &str, ty: Type, at: At) -> Val {
    let parse = |it: &mut Interp<'_>, text: &str, at: At| match op {
        "int" => reader::int(it, text, "ValueError", at),
        "float" => reader::float(it, text, "ValueError", at),
        _ => {
            let (yes, no) = (["1", "yes", "true", "on"], ["0", "no", "false", "off"]);
            reader::words(it, &text.to_lowercase(), &yes, &no, "ValueError", at)
        }
    };
    reader::cast(it, val, &reader::Cast { op, ty, parse: &parse }, at)
}

fn has_section(it: &mut Interp<'_>, object: ObjId, section: &str, at: At) -> Val {
    let sources = sources(it, object);
    for file in &sources.files {
        let parsed = ini::parse(it.files.text(*file)).tree;
        if parsed.entries.iter().any(|e| e.section == section) {
            return reader::boolean(true, at);
        }
    }
    match sources.elsewhere.first() {
        Some(path) => {
            let there = it.worlds.atom(Atom::Exists(Arc::from(format!("{path}[{section}]"))));
            it.boolean(there, at)
        }
        None => reader::boolean(false, at),
    }
}
