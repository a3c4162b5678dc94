//! pydantic-settings and goodconf: annotated fields of a class, read from variables.

use std::sync::Arc;

use djsec_python::eval::{Args, At, InstVal, Interp, Leaf, ObjId, Object, Val};
use djsec_python::worlds::Type;
use djsec_syntax::python::ast::{self, Expr, Stmt};

use super::reader::{self, Cast};
use super::{dotenv, pydantic_cast};

/// Whether instances of classes with this base are read from the environment.
fn reads_environment(base: &str) -> bool {
    matches!(
        base,
        "pydantic_settings.BaseSettings"
            | "pydantic_settings.main.BaseSettings"
            | "pydantic.BaseSettings"
            | "pydantic.env_settings.BaseSettings"
            | "pydantic.v1.BaseSettings"
    ) || is_goodconf(base)
}

fn is_goodconf(base: &str) -> bool {
    matches!(base, "goodconf.GoodConf" | "goodconf.contrib.django.GoodConf")
}

fn is_model(base: &str) -> bool {
    reads_environment(base) || matches!(base, "pydantic.BaseModel" | "pydantic.main.BaseModel")
}

/// What a field's annotation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int,
    Float,
    Str,
    Secret,
    Path,
    /// A list, tuple or set, read as JSON.
    List,
    /// A dict or anything else read as JSON.
    Json,
    /// A model of the project.
    Model(ObjId),
    Other,
}

struct Field {
    name: Arc<str>,
    kind: Kind,
    /// Names of its variable, when it has its own.
    aliases: Vec<Arc<str>>,
    default: Option<Val>,
    /// `ge=`, `gt=`, `le=`, `lt=` of a number.
    limits: Vec<(Arc<str>, i64)>,
}

/// How a class reads its variables.
#[derive(Default)]
struct Config {
    prefix: String,
    delimiter: Option<String>,
    sensitive: bool,
    file: Option<Val>,
}

/// Where values come from that the caller does not give.
struct Source {
    config: Config,
    stored: Vec<dotenv::Line>,
    reads: bool,
}

pub(super) fn instantiate(
    it: &mut Interp<'_>,
    class: ObjId,
    base: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if !is_model(base) {
        return None;
    }
    let inst = InstVal { class: Leaf::Ref(class), attrs: vec![], args: vec![], keywords: vec![] };
    let id = it.alloc(Object::Inst(inst));
    let load = args.keyword("load").and_then(Val::as_bool) == Some(true);
    // goodconf reads when it is told to.
    if !is_goodconf(base) || load || args.keywords.iter().any(|(n, _)| &**n != "config_file") {
        fill(it, id, class, base, args, at);
    }
    Some(Val::of(Leaf::Ref(id), Some(at.span)))
}

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    at: At,
) -> Option<Val> {
    if matches!(class, "pydantic.SecretStr" | "pydantic.types.SecretStr") {
        let Some(Object::Inst(inst)) = it.object(object) else { return None };
        return match method {
            "get_secret_value" => inst.args.first().cloned(),
            "__str__" => Some(Val::str("**********")),
            _ => None,
        };
    }
    if !is_model(class) {
        return None;
    }
    match method {
        "load" | "_load" => {
            let Some(Object::Inst(inst)) = it.object(object) else { return None };
            let Leaf::Ref(own) = inst.class else { return None };
            fill(it, object, own, class, &Args::default(), at);
            Some(reader::none(at))
        }
        "model_dump" | "dict" => Some(dump(it, object, at, 0)),
        _ => None,
    }
}

/// `model_dump()`: a dict of the fields, nested models as dicts.
fn dump(it: &mut Interp<'_>, object: ObjId, at: At, depth: u32) -> Val {
    let attrs = match it.object(object) {
        Some(Object::Inst(inst)) => inst.attrs.clone(),
        _ => vec![],
    };
    let mut entries = Vec::new();
    for (name, val) in &attrs {
        let nested = match val.single() {
            Some(Leaf::Ref(id)) => match it.object(*id) {
                Some(Object::Inst(inst)) if matches!(inst.class, Leaf::Ref(_)) => Some(*id),
                _ => None,
            },
            _ => None,
        };
        let val = match nested.filter(|_| depth < 8) {
            Some(id) => dump(it, id, at, depth + 1),
            None => val.clone(),
        };
        entries.push((&**name, val));
    }
    it.dict_of(entries, at)
}

fn fill(it: &mut Interp<'_>, object: ObjId, class: ObjId, base: &str, args: &Args, at: At) {
    let config = config(it, class);
    let stored = match config.file.clone() {
        Some(file) if reads_environment(base) => stored(it, &file),
        _ => vec![],
    };
    let source = Source { config, stored, reads: reads_environment(base) };
    for field in fields(it, class) {
        let val = match args.keyword(&field.name) {
            Some(given) => given.clone(),
            None => read(it, &source, &field, &source.config.prefix, at, 0),
        };
        if let Some(Object::Inst(inst)) = it.object_mut(object, at) {
            inst.attrs.retain(|(name, _)| *name != field.name);
            inst.attrs.push((field.name, val));
        }
    }
}

/// Class bodies and their configuration hold in every world.
fn anywhere(it: &Interp<'_>) -> At {
    let span = djsec_base::Span::new(it.file(), djsec_base::TextRange::default());
    At { pc: djsec_python::worlds::Guard::ALWAYS, span }
}

fn stored(it: &mut Interp<'_>, file: &Val) -> Vec<dotenv::Line> {
    let at = anywhere(it);
    let paths = match file.single() {
        Some(Leaf::Str(_) | Leaf::Path(_)) => vec![file.clone()],
        _ => it.iterate(file, at).items.into_iter().map(|(_, v)| v).collect(),
    };
    let mut lines = Vec::new();
    for path in paths.into_iter().filter_map(|path| path.as_str()) {
        if let Some(file) = dotenv::file_at(it, &path) {
            lines.extend(dotenv::lines(it, file, dotenv::Dialect::Dotenv));
        }
    }
    lines
}

/// `model_config`, the inner `class Config`, or keywords of the class statement.
fn config(it: &mut Interp<'_>, class: ObjId) -> Config {
    let mut out = Config::default();
    let at = anywhere(it);
    let mut given: Vec<(Arc<str>, Val)> = Vec::new();
    if let Some(Leaf::Ref(inner)) =
        it.attribute_of_object(class, "Config", at).as_ref().and_then(Val::single).cloned()
    {
        for name in it.member_names(inner) {
            if let Some(val) = it.attribute_of_object(inner, &name, at) {
                given.push((name, val));
            }
        }
    }
    if let Some(Leaf::Ref(id)) =
        it.attribute_of_object(class, "model_config", at).as_ref().and_then(Val::single).cloned()
    {
        match it.object(id) {
            Some(Object::Inst(inst)) => given.extend(inst.keywords.clone()),
            Some(Object::Dict(dict)) => {
                given.extend(dict.entries.iter().filter_map(|(key, val)| match key {
                    Leaf::Str(key) => Some((Arc::clone(key), val.clone())),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    if let Some(Object::Class(class)) = it.object(class) {
        given.extend(class.keywords.clone());
    }
    for (name, val) in given {
        let text = val.as_str().map(|text| text.to_string());
        match &*name {
            "env_prefix" => out.prefix = text.unwrap_or_default(),
            "env_nested_delimiter" => out.delimiter = text,
            "case_sensitive" => out.sensitive = val.as_bool() == Some(true),
            "env_file" => out.file = Some(val),
            _ => {}
        }
    }
    out
}

/// Annotated names along the resolution order, those of base classes first.
fn fields(it: &mut Interp<'_>, class: ObjId) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    let order: Vec<ObjId> = it
        .mro(class)
        .iter()
        .rev()
        .filter_map(|leaf| if let Leaf::Ref(id) = leaf { Some(*id) } else { None })
        .collect();
    for id in order {
        let Some(Object::Class(value)) = it.object(id) else { continue };
        let (def, ns) = (value.def.clone(), value.ns);
        for stmt in def.class().map_or(&[][..], |def| &def.body) {
            let Stmt::AnnAssign(assign) = stmt else { continue };
            let Expr::Name(name) = &*assign.target else { continue };
            let name: Arc<str> = Arc::from(name.id.as_str());
            if name.starts_with('_') || &*name == "model_config" {
                continue;
            }
            let default = assign.value.as_ref().and_then(|_| {
                it.namespace(ns).and_then(|space| space.find(&name)).map(|b| b.val.clone())
            });
            let Some(kind) = kind(it, id, &assign.annotation) else { continue };
            let (default, aliases, limits) = described(it, default);
            out.retain(|field| field.name != name);
            out.push(Field { name, kind, aliases, default, limits });
        }
    }
    out
}

/// Default, names of variables, limits.
type Described = (Option<Val>, Vec<Arc<str>>, Vec<(Arc<str>, i64)>);

/// `Field(default=…, validation_alias=…)` taken apart.
fn described(it: &mut Interp<'_>, default: Option<Val>) -> Described {
    let inst = match default.as_ref().and_then(Val::single) {
        Some(Leaf::Ref(id)) => match it.object(*id) {
            Some(Object::Inst(inst)) => match &inst.class {
                Leaf::Ext(class) if class.ends_with(".Field") => Some(inst.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let Some(inst) = inst else { return (default, vec![], vec![]) };
    let keyword = |name: &str| inst.keywords.iter().find(|(n, _)| &**n == name).map(|(_, v)| v);
    let mut aliases = Vec::new();
    for name in ["validation_alias", "alias", "env"] {
        if let Some(val) = keyword(name) {
            aliases = alias_names(it, val);
            break;
        }
    }
    let given = inst.args.first().or_else(|| keyword("default")).cloned();
    let given = given.filter(|v| !matches!(v.single(), Some(Leaf::Ext(n)) if &**n == "Ellipsis"));
    let made = keyword("default_factory").cloned();
    let at = anywhere(it);
    let default = given.or_else(|| made.map(|f| it.call_value(&f, &Args::default(), at)));
    let limits = inst
        .keywords
        .iter()
        .filter_map(|(name, val)| match (&**name, val.single()) {
            ("ge" | "gt" | "le" | "lt", Some(Leaf::Int(i))) => Some((Arc::clone(name), *i)),
            _ => None,
        })
        .collect();
    (default, aliases, limits)
}

fn alias_names(it: &Interp<'_>, val: &Val) -> Vec<Arc<str>> {
    match val.single() {
        Some(Leaf::Str(name)) => vec![Arc::clone(name)],
        Some(Leaf::Ref(id)) => match it.object(*id) {
            Some(Object::Inst(inst)) => inst.args.iter().filter_map(Val::as_str).collect(),
            Some(Object::List(seq)) => seq.items.iter().filter_map(|(_, v)| v.as_str()).collect(),
            _ => vec![],
        },
        _ => vec![],
    }
}

fn last(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}

/// The kind of an annotation; nothing for what is no field.
fn kind(it: &mut Interp<'_>, class: ObjId, annotation: &Expr) -> Option<Kind> {
    Some(match annotation {
        Expr::Subscript(sub) => match last(&sub.value) {
            "ClassVar" => return None,
            "Optional" | "Annotated" | "Final" => {
                let inner = match &*sub.slice {
                    Expr::Tuple(tuple) => tuple.elts.first()?,
                    other => other,
                };
                return kind(it, class, inner);
            }
            "list" | "List" | "set" | "Set" | "tuple" | "Tuple" | "Sequence" | "frozenset" => {
                Kind::List
            }
            "dict" | "Dict" | "Mapping" => Kind::Json,
            "Literal" => Kind::Str,
            _ => Kind::Other,
        },
        Expr::BinOp(op) if op.op == ast::Operator::BitOr => {
            let inner = if matches!(*op.left, Expr::NoneLiteral(_)) { &op.right } else { &op.left };
            return kind(it, class, inner);
        }
        Expr::StringLiteral(text) => {
            let parsed = djsec_syntax::python::parse(text.value.to_str());
            return match parsed.tree.body.first() {
                Some(Stmt::Expr(e)) if !e.value.is_string_literal_expr() => {
                    kind(it, class, &e.value)
                }
                _ => Some(Kind::Other),
            };
        }
        other => match last(other) {
            "bool" => Kind::Bool,
            "int" | "PositiveInt" | "NonNegativeInt" => Kind::Int,
            "float" => Kind::Float,
            "str" | "AnyUrl" | "HttpUrl" | "PostgresDsn" | "RedisDsn" | "EmailStr" => Kind::Str,
            "SecretStr" => Kind::Secret,
            "Path" | "FilePath" | "DirectoryPath" => Kind::Path,
            "list" | "List" | "set" | "tuple" => Kind::List,
            "dict" | "Dict" => Kind::Json,
            name => model(it, class, name).map_or(Kind::Other, Kind::Model),
        },
    })
}

/// A model of the project by name, as the module of `class` sees it.
fn model(it: &Interp<'_>, class: ObjId, name: &str) -> Option<ObjId> {
    let Some(Object::Class(value)) = it.object(class) else { return None };
    let module = value.name.rsplit_once('.').map(|(module, _)| module)?;
    let ns = it.module_namespace(module)?;
    match it.namespace(ns)?.find(name)?.val.single() {
        Some(Leaf::Ref(id)) if matches!(it.object(*id), Some(Object::Class(_))) => Some(*id),
        _ => None,
    }
}

fn read(
    it: &mut Interp<'_>,
    source: &Source,
    field: &Field,
    prefix: &str,
    at: At,
    depth: u32,
) -> Val {
    let names = if field.aliases.is_empty() {
        vec![Arc::from(format!("{prefix}{}", field.name))]
    } else {
        field.aliases.clone()
    };
    if let (Kind::Model(model), true) = (&field.kind, depth < 6) {
        return nested(it, source, *model, field, &names, at, depth);
    }
    let mut raw = Val::of(Leaf::Absent, None);
    if source.reads {
        for name in &names {
            let found = variable(it, source, name, at);
            raw = it.or_default(&raw, &found, at);
        }
    }
    let missing = it.absent(&raw);
    let mut given = raw;
    given.alts.retain(|alt| !matches!(alt.leaf, Leaf::Absent));
    let val = pydantic_cast::cast(it, &field.kind, &given, at);
    for alt in val.alts.clone() {
        let Leaf::Int(i) = alt.leaf else { continue };
        let within = field.limits.iter().all(|(name, limit)| match &**name {
            "ge" => i >= *limit,
            "gt" => i > *limit,
            "le" => i <= *limit,
            _ => i < *limit,
        });
        if !within {
            let message = format!("{} is out of range", field.name);
            it.raise(alt.guard, "ValidationError", message, at);
        }
    }
    if field.default.is_none() {
        it.raise(missing, "ValidationError", format!("{} is required", field.name), at);
    }
    // A default is not validated.
    let rest = field.default.clone().unwrap_or_default();
    let rest = it.narrow(&rest, missing);
    it.join([val, rest], at)
}

/// A variable, whatever the case of its name unless the class is particular about that.
fn variable(it: &mut Interp<'_>, source: &Source, name: &str, at: At) -> Val {
    let mut spellings = vec![name.to_owned()];
    if !source.config.sensitive {
        spellings = vec![name.to_uppercase()];
        for other in [name.to_owned(), name.to_lowercase()] {
            if it.is_closed() && !spellings.contains(&other) {
                spellings.push(other);
            }
        }
    }
    let mut val = Val::of(Leaf::Absent, None);
    for spelling in spellings {
        let found = it.environ(&spelling, at);
        val = it.or_default(&val, &found, at);
    }
    let line = source.stored.iter().rev().find(|line| {
        if source.config.sensitive {
            line.name == name
        } else {
            line.name.eq_ignore_ascii_case(name)
        }
    });
    match line {
        Some(line) => {
            let stored = dotenv::expanded(it, line, &[], At { span: line.span, ..at });
            it.or_default(&val, &stored, at)
        }
        None => val,
    }
}

/// A nested model: each of its fields may have a variable of its own.
fn nested(
    it: &mut Interp<'_>,
    source: &Source,
    model: ObjId,
    field: &Field,
    names: &[Arc<str>],
    at: At,
    depth: u32,
) -> Val {
    let from_default: Vec<(Arc<str>, Val)> =
        match field.default.as_ref().and_then(Val::single).cloned() {
            Some(Leaf::Ref(id)) => match it.object(id) {
                Some(Object::Inst(inst)) => inst.attrs.clone(),
                _ => vec![],
            },
            _ => vec![],
        };
    let mut attrs = Vec::new();
    for mut inner in fields(it, model) {
        if let Some((_, val)) = from_default.iter().find(|(name, _)| *name == inner.name) {
            inner.default = Some(val.clone());
        }
        let prefix = match (&source.config.delimiter, names.first()) {
            (Some(delimiter), Some(name)) => format!("{name}{delimiter}"),
            _ => String::new(),
        };
        let reads = source.reads && !prefix.is_empty();
        let source = Source {
            config: Config {
                delimiter: source.config.delimiter.clone(),
                sensitive: source.config.sensitive,
                ..Config::default()
            },
            stored: source.stored.clone(),
            reads,
        };
        let val = read(it, &source, &inner, &prefix, at, depth + 1);
        attrs.push((inner.name, val));
    }
    let inst = InstVal { class: Leaf::Ref(model), attrs, args: vec![], keywords: vec![] };
    Val::of(Leaf::Ref(it.alloc(Object::Inst(inst))), Some(at.span))
}

/// `TypeAdapter`-free casts live beside; this keeps the type of unknown texts.
pub(super) fn ty(kind: &Kind) -> Type {
    match kind {
        Kind::Bool => Type::Bool,
        Kind::Int => Type::Int,
        Kind::Float => Type::Float,
        Kind::Str | Kind::Secret => Type::Str,
        Kind::List => Type::List,
        Kind::Path | Kind::Json | Kind::Model(_) | Kind::Other => Type::Any,
    }
}

/// A cast with this kind's type.
pub(super) fn cast_of<'f>(
    kind: &Kind,
    op: &'f str,
    parse: &'f dyn Fn(&mut Interp<'_>, &str, At) -> Val,
) -> Cast<'f> {
    Cast { op, ty: ty(kind), parse }
}
