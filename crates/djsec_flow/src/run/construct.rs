//! Instances of the project's classes, and what is constant about them.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId};

use super::Run;
use super::forms::UNBOUND;
use super::higher::joined;
use super::response::TYPE;
use crate::Kinds;
use crate::args::{Args, Given};
use crate::catalog::{Model, last};
use crate::value::{ANY, MADE, Value, What};

/// Under which name stands the text that something of a module is made with.
pub(super) const FIRST: &str = "=0";

/// Under which name the models know rows.
const MODEL: &str = "django.db.models.base.Model";

impl Run<'_, '_> {
    /// Makes an instance of a class of the project.
    pub(super) fn construct(
        &mut self,
        class: &QualifiedName,
        args: Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        let mut value = self.exact_unless_own(class, Value::of(What::Instance(class.clone())));
        if Self::is_unbound(&args) && self.is_form(class) {
            value = value.with_field(UNBOUND, Value::default());
        }
        if self.world.models.get(class).is_some() {
            if let Some(model) = self.world.catalog.call(MODEL) {
                self.into_sinks(model, &args, last_of(class).unwrap_or_default());
            }
            for (name, given) in &args.keywords {
                value = value.with_field(name, given.value.clone());
            }
            return value;
        }
        if let Some(method) = self.own_method(class, "__init__") {
            let receiver = Given { value: value.clone(), expr: id };
            let args = Args { receiver: Some(receiver), ..args };
            let written = self.written_to(&args, method, place);
            self.apply(&args, method, true, place, Some("__init__"));
            for (name, field) in written {
                value = value.with_written(&name, field);
            }
            self.printed(&value, class, place, id);
            return value;
        }
        let bases = self.external_bases(class);
        let nearest: Option<&Model> = bases.iter().find_map(|base| self.world.catalog.call(base));
        let receiver = Some(Given { value: value.clone(), expr: id });
        let args = Args { receiver, ..args };
        if let Some(model) = nearest {
            self.into_sinks(model, &args, last_of(class).unwrap_or_default());
        }
        if let Some(content_type) = self.type_of_own(&bases, &args) {
            value = value.with_field(TYPE, content_type);
        }
        if self.is_enum(class) {
            // Whatever it is asked for, it gives one of its members, or raises.
            if let Some(asked) = args.positional.first() {
                self.ensured(asked.expr, Kinds::ALL, Kinds::NONE);
            }
            return value;
        }
        if self.is_schema(class) {
            return self.validated_schema(class, &|name| sent_as(&args, name), place, 0);
        }
        if let Some(names) = self.record_fields(class, &bases) {
            return self.record((value, names), class, &args, place);
        }
        value.taint = args.whole();
        let many = args.named("many").is_some_and(|many| many.what == What::Bool(true));
        if many && self.is_serializer(class) {
            let words = format!("{}.validated_data", self.words(id));
            let one = self.sent(Some(class), &words, place);
            value = value.with_field("validated_data", Value::default().with_field(ANY, one));
        }
        value
    }

    /// What says what it is as HTML is made to be printed: by a template, which nobody calls here.
    fn printed(&mut self, value: &Value, class: &QualifiedName, place: Span, id: ExprId) {
        if value.is_clean() {
            return;
        }
        let marked = self.is_decorated_class(class, "html_safe");
        let name = if marked { "__str__" } else { "__html__" };
        if let Some(method) = self.own_method(class, name) {
            let receiver = Some(Given { value: value.clone(), expr: id });
            let args = Args { receiver, ..Args::default() };
            self.apply(&args, method, true, place, Some(name));
        }
    }

    /// Whether the instances of a class are a few constants.
    pub(super) fn is_enum(&self, class: &QualifiedName) -> bool {
        matches!(class, QualifiedName::Project(..))
            && self.external_bases(class).iter().any(|base| {
                base.starts_with("enum.")
                    || base.starts_with("django.db.models.enums.")
                    || base.starts_with("django.db.models.") && base.ends_with("Choices")
            })
    }

    /// Whether a class has a decorator whose name ends like this.
    pub(super) fn is_decorated_class(&self, class: &QualifiedName, end: &str) -> bool {
        let Some((code, id)) = self.world.program.class_code(class) else { return false };
        let decorators = code.class(id).map(|class| class.decorators).unwrap_or_default();
        code.exprs(decorators).iter().any(|id| {
            let callee = code.call(*id).map_or(*id, |(callee, _)| callee);
            code.dotted(callee).is_some_and(|name| name.ends_with(end))
        })
    }

    /// Whether a class has a list or table of constants under a name.
    pub(super) fn is_constant(&self, class: &QualifiedName, name: &str) -> bool {
        match self.world.hierarchy.attribute(class, name).map(|found| found.value) {
            Some(AttributeValue::Assigned(_, code, id)) => is_table(code, id),
            _ => false,
        }
    }
}

/// What a call gives under a name: `Order(title=title)`, `Order(**values)`.
pub(super) fn sent_as(args: &Args, name: &str) -> Value {
    match args.keyword(name) {
        Some(given) => given.value.clone(),
        None => joined(args.options.iter().map(|all| all.value.field(&format!("[{name}]")))),
    }
}

/// An instance that is made outside of functions, with what it is made with as far as that is written
/// there: `PARSER = XMLParser(resolve_entities=False)`.
pub(super) fn made_outside(value: Value, code: &Code, made: ExprId) -> Value {
    let Some((_, arguments)) = code.call(made) else { return value };
    if !matches!(value.what, What::Instance(QualifiedName::External(_))) {
        return value;
    }
    let mut value = value;
    // `RegexValidator(r"^[a-z]+$")`
    if let Some(first) = arguments.first().filter(|first| first.keyword.is_none())
        && let Some(text) = code.string(first.value)
    {
        value = value.with_field(FIRST, Value::text(text));
    }
    for argument in arguments {
        let Some(name) = argument.keyword else {
            if argument.spread {
                return value;
            }
            continue;
        };
        let given = What::constant(code, argument.value);
        if given != What::Unknown {
            value = value.with_field(code.text(name), Value::of(given));
        }
    }
    value.with_field(MADE, Value::default())
}

/// Whether an expression is a list or table of constants that is not empty.
fn is_table(code: &Code, id: ExprId) -> bool {
    let plain = |id: ExprId| {
        matches!(code.expr(id), Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::None)
    };
    let row = |id: &ExprId| match code.expr(*id) {
        Expr::Tuple(list) | Expr::List(list) => code.exprs(list).iter().all(|id| plain(*id)),
        _ => plain(*id),
    };
    match code.expr(id) {
        Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => {
            !list.is_empty() && code.exprs(list).iter().all(row)
        }
        Expr::Dict(list) => {
            let entries = code.entries(list);
            !entries.is_empty()
                && entries.iter().all(|(key, value)| key.is_some_and(plain) && row(value))
        }
        _ => false,
    }
}

pub(super) fn last_of(class: &QualifiedName) -> Option<&str> {
    match class {
        QualifiedName::Project(_, path) => Some(last(path)),
        QualifiedName::External(name) => Some(last(name as &Arc<str>)),
        _ => None,
    }
}
