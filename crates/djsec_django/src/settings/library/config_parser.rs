//! `configparser`: values that come from files, dicts and texts, the later over the earlier ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::FileId;
use djsec_python::eval::{Args, At, Fact, Interp, Leaf, ObjId, Object, SeqVal, Val, paths};
use djsec_python::worlds::{Atom, Guard, Type};
use djsec_syntax::ini;

use super::config_file::{ini_entry, ini_value, unknown_key};
use super::reader;

/// The section whose values are those of all others that do not say otherwise.
const DEFAULTS: &str = "DEFAULT";

fn is_parser(class: &str) -> bool {
    class.starts_with("configparser.") && class.ends_with("Parser")
        || matches!(class, "ConfigParser.ConfigParser" | "ConfigParser.SafeConfigParser")
        || class == "six.moves.configparser.RawConfigParser"
}

/// One thing that a parser has read.
enum Layer {
    /// A file of the tree.
    File(FileId),
    /// A file that may be there where the process runs.
    Elsewhere(Arc<str>),
    /// A dict of sections.
    Dict(ObjId),
    /// What the parser was made with: values for all sections.
    Defaults(Val),
    /// A text.
    Text(Arc<str>),
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
    read_method(it, object, method, args, at).or_else(|| ask_method(it, object, method, args, at))
}

/// What gives a parser more values.
fn read_method(
    it: &mut Interp<'_>,
    object: ObjId,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    match method {
        "read" | "read_file" | "readfp" => {
            read(it, object, args, at);
            return Some(it.list(SeqVal::default(), at));
        }
        "read_dict" => {
            let dict = args.at(0, "dictionary")?.clone();
            give(it, object, "_dict", &dict, at);
        }
        "read_string" => {
            let text = args.at(0, "string")?.clone();
            give(it, object, "_text", &text, at);
        }
        "__setitem__" => {
            let (section, values) = (args.positional.first()?.as_str()?, args.positional.get(1)?);
            let dict = it.dict_of(vec![(&*section, values.clone())], at);
            give(it, object, "_dict", &dict, at);
        }
        "add_section" => {
            let section = args.at(0, "section")?.as_str()?;
            let none = it.dict_of(Vec::new(), at);
            let dict = it.dict_of(vec![(&*section, none)], at);
            give(it, object, "_dict", &dict, at);
        }
        "set" => {
            let (section, key) = (args.at(0, "section")?.as_str()?, args.at(1, "option")?);
            let (key, value) = (key.as_str()?, args.at(2, "value")?.clone());
            set(it, object, (&section, &key), value, at);
        }
        _ => return None,
    }
    Some(reader::none(at))
}

/// What asks a parser.
fn ask_method(
    it: &mut Interp<'_>,
    object: ObjId,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    let text = |n: usize, name: &str| args.at(n, name).and_then(Val::as_str);
    match method {
        "get" | "getint" | "getfloat" | "getboolean" => {
            let (section, key) = (text(0, "section")?, text(1, "option")?);
            let fallback = args.keyword("fallback").cloned();
            Some(option(it, object, &section, &key, method, fallback, at))
        }
        "has_option" => {
            let val = stored(it, object, &text(0, "section")?, &text(1, "option")?, at);
            Some(is_there(it, &val, at))
        }
        "has_section" | "__contains__" => {
            let section = text(0, "section")?;
            Some(has_section(it, object, &section, at))
        }
        "sections" => Some(sections(it, object, at)),
        "options" => {
            let (keys, open) = keys(it, object, &text(0, "section")?);
            Some(names(it, keys, open, at))
        }
        "items" => Some(items(it, object, &text(0, "section")?, at)),
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
    if method == "items" {
        return Some(items(it, parser, &section, at));
    }
    let key = args.positional.first()?.as_str()?;
    match method {
        "__getitem__" => Some(option(it, parser, &section, &key, "get", None, at)),
        "__setitem__" => {
            set(it, parser, (&section, &key), args.positional.get(1)?.clone(), at);
            Some(reader::none(at))
        }
        "get" | "getint" | "getfloat" | "getboolean" => {
            let fallback = args.at(1, "fallback").cloned();
            let fallback = fallback.unwrap_or_else(|| reader::none(at));
            Some(option(it, parser, &section, &key, method, Some(fallback), at))
        }
        "__contains__" => {
            let val = stored(it, parser, &section, &key, at);
            Some(is_there(it, &val, at))
        }
        _ => None,
    }
}

fn is_there(it: &mut Interp<'_>, val: &Val, at: At) -> Val {
    let absent = it.absent(val);
    let there = it.worlds.not(absent);
    it.boolean(there, at)
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
        // A file elsewhere may be there or not whatever the program asks first.
        let at = if present { at } else { At { pc: Guard::ALWAYS, ..at } };
        give(it, object, "_file", &Val::str(path), at);
    }
}

/// Puts another layer on the parser, in the worlds in which the program comes here.
fn give(it: &mut Interp<'_>, object: ObjId, layer: &'static str, val: &Val, at: At) {
    let val = it.narrow(val, at.pc);
    if let Some(Object::Inst(inst)) = it.object_mut(object, at) {
        inst.attrs.push((Arc::from(layer), val));
    }
}

/// Gives one option a value.
fn set(it: &mut Interp<'_>, parser: ObjId, (section, key): (&str, &str), value: Val, at: At) {
    let values = it.dict_of(vec![(key, value)], at);
    let dict = it.dict_of(vec![(section, values)], at);
    give(it, parser, "_dict", &dict, at);
}

/// What a parser has read, in order, each with the worlds in which it has; of the files elsewhere only the last one.
/// (Each of them is a question of its own for every value.)
fn layers(it: &Interp<'_>, object: ObjId) -> Vec<(Guard, Layer)> {
    let Some(Object::Inst(inst)) = it.object(object) else { return Vec::new() };
    let defaults = inst.keywords.iter().find(|(name, _)| &**name == "defaults").map(|(_, val)| val);
    let defaults = defaults.or(inst.args.first()).cloned();
    let defaults = defaults.map(|defaults| (Guard::ALWAYS, Layer::Defaults(defaults)));
    let mut out: Vec<(Guard, Layer)> = defaults.into_iter().collect();
    for (name, val) in &inst.attrs {
        let each = val.alts.iter();
        out.extend(each.filter_map(|alt| Some((alt.guard, layer(name, &alt.leaf, it)?))));
    }
    let last = out.iter().rposition(|(_, layer)| matches!(layer, Layer::Elsewhere(_)));
    let mut places = 0..out.len();
    out.retain(|(_, layer)| {
        let here = places.next();
        !matches!(layer, Layer::Elsewhere(_)) || here == last
    });
    out
}

fn layer(name: &str, leaf: &Leaf, it: &Interp<'_>) -> Option<Layer> {
    match (name, leaf) {
        ("_file", Leaf::Str(path) | Leaf::Path(path)) => {
            Some(match super::dotenv::file_at(it, path) {
                Some(file) => Layer::File(file),
                None => Layer::Elsewhere(Arc::clone(path)),
            })
        }
        ("_text", Leaf::Str(text)) => Some(Layer::Text(Arc::clone(text))),
        ("_dict", Leaf::Ref(id)) => Some(Layer::Dict(*id)),
        // What is not known may give any value, as a file elsewhere does.
        ("_text" | "_dict", _) => Some(Layer::Elsewhere(Arc::from("a configuration"))),
        _ => None,
    }
}

/// The value of an option, absent where there is none.
fn stored(it: &mut Interp<'_>, object: ObjId, section: &str, key: &str, at: At) -> Val {
    let layers = layers(it, object);
    let val = stored_in(it, &layers, section, key, at);
    if section == DEFAULTS || !val.alts.iter().any(|alt| matches!(alt.leaf, Leaf::Absent)) {
        return val;
    }
    let known: Vec<_> =
        layers.into_iter().filter(|(_, layer)| !matches!(layer, Layer::Elsewhere(_))).collect();
    let default = stored_in(it, &known, DEFAULTS, key, at);
    it.or_default(&val, &default, at)
}

fn stored_in(
    it: &mut Interp<'_>,
    layers: &[(Guard, Layer)],
    section: &str,
    key: &str,
    at: At,
) -> Val {
    let mut val = Val::of(Leaf::Absent, None);
    for (guard, layer) in layers {
        let more = match layer {
            Layer::File(file) => ini_value(it, *file, section, key)
                .map(|(text, span)| Val::of(Leaf::Str(Arc::from(text)), Some(span))),
            Layer::Text(text) => ini_entry(text, section, key)
                .map(|(text, _)| Val::of(Leaf::Str(Arc::from(text)), Some(at.span))),
            Layer::Elsewhere(path) => Some(unknown_key(it, path, &format!("{section}.{key}"), at)),
            Layer::Dict(dict) => {
                let values = it.dict_get(*dict, &Leaf::Str(Arc::from(section)), at);
                Some(given(it, &values, key, at))
            }
            Layer::Defaults(values) => (section == DEFAULTS).then(|| given(it, values, key, at)),
        };
        let Some(more) = more else { continue };
        let absent = Val::of(Leaf::Absent, None);
        let more = it.merge(*guard, more, &absent);
        val = it.or_default(&more, &val, at);
    }
    val
}

/// The value that the dict of a section gives to an option: a text, but for `None`.
fn given(it: &mut Interp<'_>, values: &Val, key: &str, at: At) -> Val {
    let key = key.to_lowercase();
    let raw =
        it.map(values, at, |it, leaf, at| match leaf {
            Leaf::Absent => Val::of(Leaf::Absent, None),
            Leaf::Ref(id) => match it.object(*id) {
                Some(Object::Dict(values)) => {
                    let same =
                        values.entries.iter().rev().map(|(name, _)| name).find(
                            |name| matches!(name, Leaf::Str(name) if name.to_lowercase() == key),
                        );
                    let name = same.cloned().unwrap_or_else(|| Leaf::Str(Arc::from(&*key)));
                    it.dict_get(*id, &name, at)
                }
                _ => it.unknown("a section", at),
            },
            _ => it.unknown("a section", at),
        });
    it.map(&raw, at, |it, leaf, at| match leaf {
        Leaf::Absent | Leaf::None => Val::of(leaf.clone(), Some(at.span)),
        _ => it.make_text(&Val::of(leaf.clone(), Some(at.span)), at),
    })
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

/// The sections that a parser has for sure.
fn known_sections(it: &Interp<'_>, layers: &[(Guard, Layer)]) -> Vec<String> {
    let mut seen = BTreeSet::from([DEFAULTS.to_owned()]);
    let all = layers.iter().flat_map(|(_, layer)| match layer {
        Layer::File(file) => sections_of(it.files.text(*file)),
        Layer::Text(text) => sections_of(text),
        Layer::Elsewhere(_) | Layer::Defaults(_) => Vec::new(),
        Layer::Dict(dict) => names_in(it, *dict),
    });
    all.filter(|name| seen.insert(name.clone())).collect()
}

/// The file elsewhere that may have more.
fn elsewhere(layers: &[(Guard, Layer)]) -> Option<&Arc<str>> {
    layers.iter().find_map(|(_, layer)| match layer {
        Layer::Elsewhere(path) => Some(path),
        _ => None,
    })
}

fn sections_of(text: &str) -> Vec<String> {
    ini::parse(text).tree.entries.into_iter().map(|entry| entry.section).collect()
}

fn names_in(it: &Interp<'_>, dict: ObjId) -> Vec<String> {
    let Some(Object::Dict(dict)) = it.object(dict) else { return Vec::new() };
    let text = |(key, _): &(Leaf, Val)| match key {
        Leaf::Str(key) => Some(key.to_string()),
        _ => None,
    };
    dict.entries.iter().filter_map(text).collect()
}

fn has_section(it: &mut Interp<'_>, object: ObjId, section: &str, at: At) -> Val {
    let layers = layers(it, object);
    if known_sections(it, &layers).iter().any(|name| name == section) {
        return reader::boolean(true, at);
    }
    match elsewhere(&layers) {
        Some(path) => {
            let there = it.worlds.atom(Atom::KeyIn(Arc::from(format!("{path}[{section}]"))));
            it.boolean(there, at)
        }
        None => reader::boolean(false, at),
    }
}

fn sections(it: &mut Interp<'_>, object: ObjId, at: At) -> Val {
    let layers = layers(it, object);
    let sections = known_sections(it, &layers);
    names(it, sections, elsewhere(&layers).is_some(), at)
}

fn names(it: &mut Interp<'_>, names: Vec<String>, open: bool, at: At) -> Val {
    let items = names.into_iter().map(|name| (Guard::ALWAYS, reader::text(name, at))).collect();
    it.list(SeqVal { items, open }, at)
}

/// The options of a section, then those of all sections, in lower case, and whether there may be more.
fn keys(it: &Interp<'_>, object: ObjId, section: &str) -> (Vec<String>, bool) {
    let layers = &layers(it, object);
    let mut seen = BTreeSet::new();
    let all = [section, DEFAULTS]
        .into_iter()
        .flat_map(|section| layers.iter().flat_map(move |(_, layer)| keys_in(it, layer, section)));
    let all = all.map(|key| key.to_lowercase()).filter(|key| seen.insert(key.clone())).collect();
    (all, elsewhere(layers).is_some())
}

/// The options that one layer gives to a section.
fn keys_in(it: &Interp<'_>, layer: &Layer, section: &str) -> Vec<String> {
    let of_text = |text: &str| -> Vec<String> {
        let entries = ini::parse(text).tree.entries.into_iter();
        entries.filter(|entry| entry.section == section).map(|entry| entry.key).collect()
    };
    let of_dicts = |val: &Val| -> Vec<String> {
        let names = |leaf: &Leaf| match leaf {
            Leaf::Ref(id) => names_in(it, *id),
            _ => Vec::new(),
        };
        val.alts.iter().flat_map(|alt| names(&alt.leaf)).collect()
    };
    match layer {
        Layer::File(file) => of_text(it.files.text(*file)),
        Layer::Text(text) => of_text(text),
        Layer::Defaults(values) if section == DEFAULTS => of_dicts(values),
        Layer::Elsewhere(_) | Layer::Defaults(_) => Vec::new(),
        Layer::Dict(dict) => {
            let Some(Object::Dict(sections)) = it.object(*dict) else { return Vec::new() };
            let named =
                |(name, _): &&(Leaf, Val)| matches!(name, Leaf::Str(name) if **name == *section);
            let values = sections.entries.iter().filter(named);
            values.flat_map(|(_, values)| of_dicts(values)).collect()
        }
    }
}

/// The pairs of a section.
fn items(it: &mut Interp<'_>, object: ObjId, section: &str, at: At) -> Val {
    let (keys, open) = keys(it, object, section);
    let mut items = Vec::new();
    for key in keys {
        let val = stored(it, object, section, &key, at);
        let absent = it.absent(&val);
        let there = it.worlds.not(absent);
        let mut val = val;
        val.alts.retain(|alt| !matches!(alt.leaf, Leaf::Absent));
        items.push((there, reader::tuple(vec![reader::text(key, at), val], at)));
    }
    it.list(SeqVal { items, open }, at)
}
