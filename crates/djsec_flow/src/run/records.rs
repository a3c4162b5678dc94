//! Records: dataclasses and named tuples, whose attributes are what they are made with.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Stmt};

use super::Run;
use super::construct::sent_as;
use crate::args::{Args, Given};
use crate::catalog::last;
use crate::value::{KEYS, Value, What};

impl Run<'_, '_> {
    /// The names of a record's fields in their order, those of the bases first; `None` for other classes.
    pub(super) fn record_fields(
        &self,
        class: &QualifiedName,
        bases: &[Arc<str>],
    ) -> Option<Vec<Arc<str>>> {
        let named = |base: &Arc<str>| &**base == "typing.NamedTuple";
        if self.is_decorated_class(class, "dataclass") || bases.iter().any(named) {
            return Some(self.annotated_names(class));
        }
        if self.is_of_attrs(class) {
            return Some(self.attrs_names(class));
        }
        self.listed_names(class)
    }

    /// Whether attrs makes the `__init__` of a class: `@attr.s`, `@attrs.define`.
    fn is_of_attrs(&self, class: &QualifiedName) -> bool {
        const MAKING: &[&str] = &["attrs", "define", "frozen", "mutable", "s"];
        let QualifiedName::Project(module, _) = class else { return false };
        let Some((code, id)) = self.world.program.class_code(class) else { return false };
        let decorators = code.class(id).map(|class| class.decorators).unwrap_or_default();
        code.exprs(decorators).iter().any(|id| {
            let callee = code.call(*id).map_or(*id, |(callee, _)| callee);
            match self.world.named((*module, code), callee) {
                Some(QualifiedName::External(name)) => {
                    let package = name.split('.').next().unwrap_or_default();
                    matches!(package, "attr" | "attrs") && MAKING.contains(&last(&name))
                }
                _ => false,
            }
        })
    }

    /// The names of a class of attrs: those that are annotated, and those that `attr.ib()` makes. What has a `_` in
    /// front is given without it.
    fn attrs_names(&self, class: &QualifiedName) -> Vec<Arc<str>> {
        let mut names = self.annotated_names(class);
        for (_, code, body) in self.world.bodies(class).rev() {
            for stmt in code.class_body(body) {
                let Stmt::Assign { targets, annotation: None, value: Some(value) } = stmt else {
                    continue;
                };
                let callee = code.call(value).and_then(|(callee, _)| code.dotted(callee));
                let made = callee.is_some_and(|it| matches!(last(&it), "ib" | "attrib" | "field"));
                let name = code.exprs(targets).first().and_then(|target| code.name(*target));
                let new = name.filter(|name| made && !names.iter().any(|known| **known == **name));
                names.extend(new.map(Arc::from));
            }
        }
        names
    }

    /// The names that are annotated in a class.
    fn annotated_names(&self, class: &QualifiedName) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for (_, code, body) in self.world.bodies(class).rev() {
            for stmt in code.class_body(body) {
                let Stmt::Assign { targets, annotation: Some(_), value } = stmt else { continue };
                let name = code.exprs(targets).first().and_then(|target| code.name(*target));
                let given = value.is_none_or(|value| !is_made_later(code, value));
                let new = name.filter(|name| given && !names.iter().any(|known| **known == **name));
                names.extend(new.map(Arc::from));
            }
        }
        names
    }

    /// The names in `namedtuple("Point", ["x", "y"])`, `NamedTuple("Point", [("x", int)])`.
    fn listed_names(&self, class: &QualifiedName) -> Option<Vec<Arc<str>>> {
        let QualifiedName::Project(module, path) = class else { return None };
        if self.world.program.class_code(class).is_some() {
            return None;
        }
        let code = self.world.program.code(*module)?;
        let (callee, arguments) = code.call(code.module_value(path)?)?;
        let made = self.world.named((*module, code), callee)?;
        if !is_tuple_maker(&made) {
            return None;
        }
        let listed = arguments.get(1)?.value;
        if let Some(text) = code.string(listed) {
            return Some(text.replace(',', " ").split_whitespace().map(Arc::from).collect());
        }
        let name = |id: &ExprId| match code.elements(*id) {
            Some([name, ..]) => code.string(*name),
            _ => code.string(*id),
        };
        code.elements(listed)?.iter().map(|id| Some(Arc::from(name(id)?))).collect()
    }

    /// An instance whose attributes are its arguments, and what it makes of them.
    pub(super) fn record(
        &mut self,
        (mut value, names): (Value, Vec<Arc<str>>),
        class: &QualifiedName,
        args: &Args,
        place: Span,
    ) -> Value {
        for (at, name) in names.iter().enumerate() {
            let given = args.positional.get(at).or_else(|| args.keyword(name));
            let given = given.or_else(|| args.keyword(name.trim_start_matches('_')));
            let given = given.map_or_else(|| sent_as(args, name), |given| given.value.clone());
            // Under its place, too: a named tuple can be taken apart.
            value = value.with_field(&format!("[{at}]"), given.clone()).with_field(name, given);
        }
        let Some(method) = self.own_method(class, "__post_init__") else { return value };
        let receiver = Some(Given { value: value.clone(), expr: self.code.no_expr() });
        let args = Args { receiver, ..Args::default() };
        let written = self.written_to(&args, method, place);
        self.apply(&args, method, true, place, Some("__post_init__"));
        for (name, field) in written {
            let at = names.iter().position(|known| *known == name);
            if let Some(at) = at {
                value = value.with_field(&format!("[{at}]"), field.clone());
            }
            value = value.with_written(&name, field);
        }
        value
    }

    /// Methods of named tuples: a copy with other values, and the values under their names.
    pub(super) fn record_method(&mut self, name: &str, args: &Args) -> Option<Value> {
        let receiver = args.receiver.as_ref()?;
        match name {
            "_replace" => Some(self.replaced_in(&receiver.value, args)),
            "_asdict" => self.as_mapping(&receiver.value),
            _ => None,
        }
    }

    /// Methods of models of pydantic: one that is made of data, a copy, and the fields under their names. What a model
    /// has no field for does not come out of it.
    pub(super) fn schema_method(
        &self,
        class: &QualifiedName,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        const READING: &[&str] =
            &["model_validate", "model_validate_json", "parse_obj", "parse_raw", "validate"];
        let known = matches!(name, "dict" | "model_dump" | "copy" | "model_copy");
        if !(known || READING.contains(&name)) || !self.is_schema(class) {
            return None;
        }
        if READING.contains(&name) {
            let data = &args.positional.first()?.value;
            let text = name.ends_with("json") || name.ends_with("raw");
            let given = |name: &str| {
                if text { Value::tainted(data.whole()) } else { data.field(&format!("[{name}]")) }
            };
            return Some(self.validated_schema(class, &given, self.place(self.calling), 0));
        }
        let receiver = &args.receiver.as_ref()?.value;
        if matches!(name, "copy" | "model_copy") {
            return args.each().next().is_none().then(|| receiver.clone());
        }
        if self.takes_more(class) { None } else { self.as_mapping(receiver) }
    }

    /// Whether a model of pydantic keeps what it has no field for: `model_config = ConfigDict(extra="allow")`.
    fn takes_more(&self, class: &QualifiedName) -> bool {
        let find = |name| self.world.hierarchy.attribute(class, name).map(|found| found.value);
        let asked = match (find("model_config"), find("Config")) {
            (Some(AttributeValue::Assigned(_, code, id)), _) => {
                let extra = match code.expr(id) {
                    Expr::Call(_, arguments) => code.keyword(code.arguments(arguments), "extra"),
                    Expr::Dict(list) => {
                        let named = |key: &Option<ExprId>| {
                            key.and_then(|key| code.string(key)) == Some("extra")
                        };
                        let mut entries = code.entries(list).iter();
                        entries.find(|(key, _)| named(key)).map(|(_, value)| *value)
                    }
                    _ => None,
                };
                extra.map(|extra| (code, extra))
            }
            (_, Some(AttributeValue::Class(_, code, config))) => {
                code.class_attribute(config, "extra").map(|extra| (code, extra))
            }
            _ => None,
        };
        asked.is_some_and(|(code, extra)| match code.expr(extra) {
            Expr::Str(text) => code.text(text) == "allow",
            Expr::Attribute(_, name) => code.text(name) == "allow",
            _ => true,
        })
    }

    /// A copy of a record in which some attributes are others: `replace(report, name=text)`.
    pub(super) fn replaced_in(&self, record: &Value, args: &Args) -> Value {
        let names = self.fields_of(record).unwrap_or_default();
        let mut copy = record.clone();
        for (name, given) in &args.keywords {
            if let Some(at) = names.iter().position(|known| known == name) {
                copy = copy.with_field(&format!("[{at}]"), given.value.clone());
            }
            copy = copy.with_field(name, given.value.clone());
        }
        copy
    }

    /// The attributes of a record as a mapping.
    pub(super) fn as_mapping(&self, record: &Value) -> Option<Value> {
        let all = self.fields_of(record)?.into_iter().fold(Value::default(), |all, name| {
            all.with_field(&format!("[{name}]"), record.field(&name))
        });
        Some(all.with_field(KEYS, Value::default()))
    }

    fn fields_of(&self, record: &Value) -> Option<Vec<Arc<str>>> {
        let What::Instance(class @ QualifiedName::Project(..)) = &record.what else { return None };
        if self.is_schema(class) {
            return Some(self.annotated_names(class));
        }
        self.record_fields(class, &self.external_bases(class))
    }
}

/// Whether a class of named tuples is made by a call of this.
pub(super) fn is_tuple_maker(name: &QualifiedName) -> bool {
    ["collections.namedtuple", "typing.NamedTuple"].iter().any(|maker| name.is_external(maker))
}

/// Whether a field of a dataclass is no parameter of it: `field(init=False)`.
fn is_made_later(code: &Code, value: ExprId) -> bool {
    let Some((_, arguments)) = code.call(value) else { return false };
    code.keyword(arguments, "init").and_then(|init| code.bool(init)) == Some(false)
}

/// `SimpleNamespace(name=value)`
pub(super) fn made_namespace(args: &Args) -> Value {
    args.keywords
        .iter()
        .fold(Value::default(), |made, (name, given)| made.with_field(name, given.value.clone()))
}

/// What several calls give, one after the other.
pub(super) fn in_order(args: &Args) -> Value {
    args.positional.iter().enumerate().fold(Value::default(), |all, (at, given)| {
        all.with_field(&format!("[{at}]"), given.value.clone())
    })
}
