//! django-configurations: settings as attributes of a class, values from prefixed variables.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, NsId, ObjId, Object, Val, paths};
use djsec_python::worlds::Type;

use super::configurations_cast::to_python;
use super::{Packages, django, dotenv, reader};

const BASE: &str = "configurations.Configuration";
const VALUES: &str = "configurations.values.";

/// Whether the class is the package's base class.
fn is_base(class: &str) -> bool {
    matches!(class, BASE | "configurations.base.Configuration" | "configurations.Settings")
}

/// `Configuration.PASSWORD_HASHERS`: Django's defaults are attributes of the base class.
pub(super) fn value(
    packages: &Packages<'_>,
    it: &mut Interp<'_>,
    name: &str,
    at: At,
) -> Option<Val> {
    let (class, attribute) = name.rsplit_once('.')?;
    if !is_base(class) || !is_setting(attribute) {
        return None;
    }
    django::value(packages, it, &format!("django.conf.global_settings.{attribute}"), at)
}

fn is_setting(name: &str) -> bool {
    !name.starts_with('_') && name.to_uppercase() == name
}

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    if name.ends_with(".pristinemethod") {
        // A function that is a setting; it is not called.
        return Some(Val::of(Leaf::Ext(Arc::from(name)), Some(at.span)));
    }
    let kind = name.strip_prefix(VALUES)?;
    if !kind.ends_with("Value") {
        return None;
    }
    let value = Value::read(kind, args);
    let named = value.environ && value.environ_name.is_some() && !value.late();
    let fixed =
        !value.environ && value.default.as_ref().is_some_and(|d| d.as_bool() != Some(false));
    if named || fixed {
        // Bound at once: the class body sees the value itself.
        let name = value.environ_name.clone().unwrap_or_default();
        return Some(value.resolve(it, &name, at));
    }
    Some(it.external_instance(name, args, at))
}

/// Hooks of the base class: `super().setup()` in a hook of the project.
pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    at: At,
) -> Option<Val> {
    if !is_base(class) {
        return None;
    }
    let target = match it.object(object) {
        Some(Object::Class(_)) => object,
        Some(Object::Inst(inst)) => match inst.class {
            Leaf::Ref(class) => class,
            _ => return None,
        },
        _ => return None,
    };
    match method {
        "pre_setup" | "load_dotenv" => load_dotenv(it, target, at),
        "setup" => set_up(it, target, at),
        "post_setup" => {}
        _ => return None,
    }
    Some(reader::none(at))
}

/// `super().setup` and its siblings as methods to call.
pub(super) fn attribute(object: ObjId, class: &str, name: &str, at: At) -> Option<Val> {
    let hook = matches!(name, "pre_setup" | "setup" | "post_setup" | "load_dotenv");
    (is_base(class) && hook).then(|| {
        let method = Leaf::BuiltinMethod(std::rc::Rc::new((Leaf::Ref(object), Arc::from(name))));
        Val::of(method, Some(at.span))
    })
}

/// The settings that the importer puts into the module: its own names and those of the class.
pub(super) fn class_settings(it: &mut Interp<'_>, ns: NsId, class: &str, at: At) -> Option<NsId> {
    if class.is_empty() {
        it.raise(at.pc, "ImproperlyConfigured", "DJANGO_CONFIGURATION is not set", at);
        return None;
    }
    let found = it.namespace(ns).and_then(|space| space.find(class)).map(|b| b.val.clone());
    let Some(Leaf::Ref(id)) = found.as_ref().and_then(Val::single).cloned() else {
        it.raise(at.pc, "AttributeError", format!("no configuration {class}"), at);
        return None;
    };
    if !matches!(it.object(id), Some(Object::Class(_))) {
        return None;
    }
    run_hook(it, id, "pre_setup", at);
    run_hook(it, id, "setup", at);
    let from = it.class_namespace(id, at)?;
    let members: Vec<(Arc<str>, Val, djsec_base::Span)> = it
        .namespace(from)?
        .iter()
        .filter(|(name, _)| is_setting(name))
        .map(|(name, bound)| {
            let span = bound.touched.last().copied().unwrap_or(at.span);
            (Arc::clone(name), bound.val.clone(), span)
        })
        .collect();
    for (name, val, span) in members {
        let here = At { span, ..at };
        let val = it.map(&val, here, |it, leaf, here| {
            let one = Val::of(leaf.clone(), Some(here.span));
            match leaf {
                Leaf::Method(_) | Leaf::Func(_) => it.call_value(&one, &Args::default(), here),
                _ => one,
            }
        });
        let val = resolved(it, &name, &val, here).unwrap_or(val);
        let mut kept = val;
        for alt in &mut kept.alts {
            alt.span = alt.span.or(Some(span));
        }
        it.bind_in(ns, &name, kept, here);
    }
    Some(ns)
}

fn run_hook(it: &mut Interp<'_>, class: ObjId, hook: &str, at: At) {
    match it.attribute_of_object(class, hook, at) {
        Some(method) => {
            it.call_value(&method, &Args::default(), at);
        }
        None => {
            method(it, class, BASE, hook, at);
        }
    }
}

/// `DOTENV = "path"`: variables of that file count where the environment does not set them.
fn load_dotenv(it: &mut Interp<'_>, class: ObjId, at: At) {
    let Some(path) = it.attribute_of_object(class, "DOTENV", at) else { return };
    let wanted = it.truth(&path, at);
    let here = At { pc: it.worlds.and(at.pc, wanted), ..at };
    if it.worlds.impossible(here.pc) {
        return;
    }
    if !dotenv::load(it, &path, dotenv::Dialect::Configurations, false, here) && it.is_closed() {
        let shown = path.as_str().unwrap_or_default();
        let shown = paths::in_tree(&shown).unwrap_or_else(|| shown.to_string());
        it.raise(here.pc, "ImproperlyConfigured", format!("Couldn't read .env file {shown}"), here);
    }
}

/// Replaces the values among the attributes by what they are in this environment.
fn set_up(it: &mut Interp<'_>, class: ObjId, at: At) {
    let Some(Object::Class(target)) = it.object(class) else { return };
    let ns = target.ns;
    for name in it.member_names(class) {
        if !is_setting(&name) {
            continue;
        }
        let Some(val) = it.attribute_of_object(class, &name, at) else { continue };
        let Some(resolved) = resolved(it, &name, &val, at) else { continue };
        let several = multiple(it, &val);
        it.bind_in(ns, &name, resolved.clone(), at);
        if several && let Some(Leaf::Ref(dict)) = resolved.single() {
            let entries = match it.object(*dict) {
                Some(Object::Dict(dict)) => dict.entries.clone(),
                _ => vec![],
            };
            for (key, val) in entries {
                if let Leaf::Str(key) = key {
                    it.bind_in(ns, &key, val, at);
                }
            }
        }
    }
}

fn values_class(it: &Interp<'_>, leaf: &Leaf) -> Option<(Arc<str>, Args)> {
    let Leaf::Ref(id) = leaf else { return None };
    let Some(Object::Inst(inst)) = it.object(*id) else { return None };
    let Leaf::Ext(class) = &inst.class else { return None };
    let kind = class.strip_prefix(VALUES)?;
    let args = Args { positional: inst.args.clone(), keywords: inst.keywords.clone(), open: false };
    Some((Arc::from(kind), args))
}

fn multiple(it: &Interp<'_>, val: &Val) -> bool {
    val.alts
        .iter()
        .any(|alt| values_class(it, &alt.leaf).is_some_and(|(kind, _)| &*kind == "EmailURLValue"))
}

/// What an attribute that is a value object is in this environment.
fn resolved(it: &mut Interp<'_>, name: &str, val: &Val, at: At) -> Option<Val> {
    val.alts.iter().find_map(|alt| values_class(it, &alt.leaf))?;
    Some(it.map(val, at, |it, leaf, at| match values_class(it, leaf) {
        Some((kind, args)) => Value::read(&kind, &args).resolve(it, name, at),
        None => Val::of(leaf.clone(), Some(at.span)),
    }))
}

/// `values.BooleanValue(False, environ_name="X", environ_prefix=None, environ_required=True)`.
pub(super) struct Value {
    pub(super) kind: Arc<str>,
    pub(super) default: Option<Val>,
    pub(super) args: Args,
    environ: bool,
    environ_name: Option<Arc<str>>,
    prefix: Option<Arc<str>>,
    required: bool,
}

impl Value {
    fn read(kind: &str, args: &Args) -> Self {
        let secret = kind == "SecretValue";
        let (prefix, named) = match kind {
            "DatabaseURLValue" => (None, Some("DATABASE_URL")),
            "CacheURLValue" => (None, Some("CACHE_URL")),
            "SearchURLValue" => (None, Some("SEARCH_URL")),
            "EmailURLValue" => (None, Some("EMAIL_URL")),
            _ => (Some("DJANGO"), None),
        };
        let prefix = match args.at(3, "environ_prefix") {
            Some(given) => given.as_str().filter(|p| !p.is_empty()),
            None => prefix.map(Arc::from),
        };
        let prefix = prefix.map(|p| Arc::from(p.strip_suffix('_').unwrap_or(&p)));
        Self {
            kind: Arc::from(kind),
            default: args
                .at(0, "default")
                .filter(|v| !matches!(v.single(), Some(Leaf::None)))
                .cloned(),
            args: args.clone(),
            environ: secret || args.at(1, "environ").and_then(Val::as_bool) != Some(false),
            environ_name: args
                .at(2, "environ_name")
                .and_then(Val::as_str)
                .or_else(|| named.map(Arc::from)),
            prefix,
            required: secret || args.at(4, "environ_required").and_then(Val::as_bool) == Some(true),
        }
    }

    fn late(&self) -> bool {
        self.kind.ends_with("URLValue") && &*self.kind != "URLValue"
            || self.args.keyword("late_binding").and_then(Val::as_bool) == Some(true)
    }

    /// The name of its variable.
    fn variable(&self, attribute: &str) -> String {
        let name = match &self.environ_name {
            Some(name) => name.to_string(),
            None => attribute.to_uppercase(),
        };
        match &self.prefix {
            Some(prefix) => format!("{prefix}_{name}"),
            None => name,
        }
    }

    fn resolve(&self, it: &mut Interp<'_>, attribute: &str, at: At) -> Val {
        let default = self.default_value(it, at);
        if !self.environ {
            return default;
        }
        let variable = self.variable(attribute);
        let raw = it.environ(&variable, at);
        let missing = it.absent(&raw);
        let mut given = raw;
        given.alts.retain(|alt| !matches!(alt.leaf, Leaf::Absent));
        let read = to_python(it, self, &given, at);
        let mut rest = default;
        if self.required {
            let message = format!("Value {attribute:?} is required to be set as {variable:?}");
            it.raise(missing, "ValueError", message, at);
            rest = Val::nothing();
        }
        let rest = it.narrow(&rest, missing);
        let val = it.join([read, rest], at);
        self.checked(it, attribute, val, at)
    }

    /// A secret must not be empty; a path is made absolute.
    fn checked(&self, it: &mut Interp<'_>, attribute: &str, val: Val, at: At) -> Val {
        match &*self.kind {
            "SecretValue" => {
                let there = it.truth(&val, at);
                let empty = it.worlds.minus(at.pc, there);
                let message = format!("Secret value {attribute:?} is not set");
                it.raise(empty, "ValueError", message, at);
                it.narrow(&val, there)
            }
            "PathValue" => it.call_external("os.path.abspath", &Args::positional(vec![val]), at),
            _ => val,
        }
    }

    /// The default; some kinds convert it.
    fn default_value(&self, it: &mut Interp<'_>, at: At) -> Val {
        let sequence = match &*self.kind {
            "ListValue" | "BackendsValue" | "SingleNestedListValue" => "list",
            "TupleValue" | "SingleNestedTupleValue" => "tuple",
            "SetValue" => "set",
            "DictValue" => "dict",
            "DatabaseURLValue" | "CacheURLValue" | "SearchURLValue" | "EmailURLValue" => {
                return match &self.default {
                    Some(default) => to_python(it, self, default, at),
                    None => it.dict_of(vec![], at),
                };
            }
            _ => return self.default.clone().unwrap_or_else(|| reader::none(at)),
        };
        let args = Args::positional(self.default.iter().cloned().collect());
        let made = it.call_external(&format!("builtins.{sequence}"), &args, at);
        match self.args.keyword("converter") {
            Some(converter) => super::configurations_cast::convert(it, converter, &made, at),
            None => made,
        }
    }

    /// The type of what it gives, for unknown texts.
    pub(super) fn ty(&self) -> Type {
        match &*self.kind {
            "BooleanValue" => Type::Bool,
            "IntegerValue" | "PositiveIntegerValue" => Type::Int,
            "FloatValue" => Type::Float,
            "ListValue"
            | "TupleValue"
            | "SetValue"
            | "BackendsValue"
            | "SingleNestedListValue"
            | "SingleNestedTupleValue" => Type::List,
            "DictValue" => Type::Dict,
            "DecimalValue" => Type::Any,
            _ => Type::Str,
        }
    }
}
