//! What the methods of a form or serializer make of single fields, and sets of forms.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::code::{Code, Expr, ExprId, FunctionId};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use crate::Kinds;
use crate::args::{Args, Given};
use crate::catalog::last;
use crate::value::{ANY, Value, What, item_key};

/// The class of a set of forms, with its form under the name of its items.
pub(super) const FORMSET: &str = "djsec.FormSet";

impl Run<'_, '_> {
    /// With what `clean_name()` of a form, or `validate_name()` of a serializer, leaves of each field. Within the
    /// class itself nobody knows which of them were run.
    pub(super) fn as_cleaned(
        &mut self,
        class: &QualifiedName,
        data: Value,
        place: Span,
        id: ExprId,
    ) -> Value {
        let within = self.owner.as_ref().is_some_and(|owner| {
            owner == class || self.world.hierarchy.order(class).iter().any(|base| base == owner)
        });
        let Some(fields) = data.fields.clone().filter(|_| !within) else { return data };
        let sent = fields.iter().filter(|(_, value)| !value.is_clean());
        sent.fold(data, |data, (key, value)| {
            match self.left_by_method(class, key, value, (place, id)) {
                Some(left) => data.with_field(key, left),
                None => data,
            }
        })
    }

    /// What the method for one field leaves of it, if there is one.
    fn left_by_method(
        &mut self,
        class: &QualifiedName,
        key: &str,
        value: &Value,
        (place, id): (Span, ExprId),
    ) -> Option<Value> {
        let field = item_key(key)?;
        let names = [format!("clean_{field}"), format!("validate_{field}")];
        let (name, (module, code, function)) = names.iter().find_map(|name| {
            let found = self.world.hierarchy.attribute(class, name)?;
            match found.value {
                AttributeValue::Method(module, code, function) => {
                    Some((name.as_str(), (module, code, function)))
                }
                _ => None,
            }
        })?;
        let given = |value: Value| Given { value, expr: id };
        let args = Args {
            positional: vec![given(value.clone())],
            receiver: Some(given(Value::instance_of(class.clone()))),
            ..Args::default()
        };
        let left = self.apply(&args, (module, function), true, place, Some(name)).whole();
        if left.is_empty() && asks_its_base(code, function) {
            return None;
        }
        // What is left of it is told as it was sent.
        let safe = left.labels().iter().fold(Kinds::ALL, |all, label| all.and(label.safe));
        Some(value.map(&|taint| taint.sanitized(safe)))
    }

    /// `formset_factory(HookForm)` at the top of a module.
    pub(super) fn formset_of(&self, module: ModuleId, code: &Code, made: ExprId) -> Option<Value> {
        let (callee, arguments) = code.call(made)?;
        let maker = self.world.named((module, code), callee)?;
        let QualifiedName::External(maker) = maker else { return None };
        let of_forms = makes_formsets(&maker)?;
        let first = || Some(arguments.first().filter(|_| of_forms)?.value);
        let given = code.keyword(arguments, "form").or_else(first)?;
        Some(formset_class(self.world.named((module, code), given)?))
    }

    /// The same within a function.
    pub(super) fn formset_made(maker: &str, args: &Args) -> Option<Value> {
        let of_forms = makes_formsets(maker)?;
        let first = args.positional.first().filter(|_| of_forms);
        match &args.keyword("form").or(first)?.value.what {
            What::Name(form) => Some(formset_class(form.clone())),
            _ => None,
        }
    }

    /// A set of forms that were sent.
    pub(super) fn formset(&mut self, class: &Value, place: Span, id: ExprId) -> Value {
        let form = class.field(ANY);
        let data = self.form_data(&form, "cleaned_data", place, id);
        let list = |one: Value| Value::default().with_field(ANY, one);
        list(form.clone()).with_field("forms", list(form)).with_field("cleaned_data", list(data))
    }
}

/// Whether a function makes classes of sets of forms, and whether its first argument is the form.
fn makes_formsets(name: &str) -> Option<bool> {
    if !name.starts_with("django.") {
        return None;
    }
    match last(name) {
        "formset_factory" => Some(true),
        "modelformset_factory" | "inlineformset_factory" => Some(false),
        _ => None,
    }
}

fn formset_class(form: QualifiedName) -> Value {
    let class = QualifiedName::External(Arc::from(FORMSET));
    Value::of(What::Name(class)).with_field(ANY, Value::instance_of(form))
}

/// Whether a method asks the one that it overrides, which may not be known.
fn asks_its_base(code: &Code, function: FunctionId) -> bool {
    let mut asks = false;
    if let Some(function) = code.function(function) {
        code.each_expr(function.body, &mut |_, expr| {
            asks |= matches!(expr, Expr::Name(name) if code.text(name) == "super");
        });
    }
    asks
}
