//! Responses: what they hold, and as what browsers take that.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::waits::parameter;
use crate::args::{Args, Given};
use crate::catalog::last;
use crate::value::{Value, What};

/// Under which name the models know responses.
const RESPONSE: &str = "django.http.response.HttpResponse";
/// Under which name the type of what is in a response is kept.
pub(super) const TYPE: &str = "content_type";

impl Run<'_, '_> {
    /// Looks at what is put under an attribute whose class says what becomes of it:
    /// `response.content = …`.
    pub(super) fn put_under_attribute(
        &mut self,
        base: ExprId,
        name: &str,
        value: &Value,
        at: ExprId,
    ) {
        if value.is_clean() || !self.world.catalog.names(name) {
            return;
        }
        let holder = self.eval(base);
        let given = |value: &Value, expr| Given { value: value.clone(), expr };
        let positional = vec![given(value, at)];
        let receiver = Some(given(&holder, base));
        self.into_attribute(name, &Args { positional, receiver, ..Args::default() });
    }

    /// Looks at what an attribute of something is given.
    #[expect(clippy::wrong_self_convention, reason = "it is data that goes into sinks")]
    pub(super) fn into_attribute(&mut self, name: &str, args: &Args) {
        let Some(holder) = args.receiver.as_ref().map(|receiver| &receiver.value) else { return };
        let What::Instance(class) = &holder.what else {
            return self.waits_for_holder(name, args);
        };
        let catalog = self.world.catalog;
        let bases = self.external_bases(class);
        let mut known =
            bases.iter().filter_map(|base| catalog.attribute(&format!("{base}.{name}")));
        let Some(known) = known.find(|known| !known.sinks.is_empty()) else { return };
        for sink in &known.sinks {
            self.into_sink(sink, args, name, true);
        }
    }

    /// The response whose content type is written: `response["Content-Type"]`,
    /// `response.headers["Content-Type"]`.
    pub(super) fn retyped(&mut self, base: ExprId, key: &Value) -> Option<ExprId> {
        if !key.as_text().is_some_and(|key| key.eq_ignore_ascii_case("content-type")) {
            return None;
        }
        let response = match self.code.expr(base) {
            Expr::Attribute(inner, name) if self.code.text(name) == "headers" => inner,
            _ => base,
        };
        let what = self.eval(response).what;
        self.is_any_response(&what).then_some(response)
    }

    /// A response is from here on of the type that is given.
    pub(super) fn retype(&mut self, response: ExprId, value: &Value) {
        self.store(response, TYPE, Value::of(value.what.clone()), true);
    }

    /// Whether something is a response: an instance of Django's class, or of one of the project derived
    /// from it.
    fn is_any_response(&self, what: &What) -> bool {
        is_response(what)
            || matches!(what, What::Instance(class @ QualifiedName::Project(..))
                if self.external_bases(class).iter().any(|base| &**base == RESPONSE))
    }

    /// The type of what is in a response of the project's own class, as far as the call says that makes
    /// it: that of the class it is derived from. `bases`: its classes of packages, nearest first.
    pub(super) fn type_of_own(&self, bases: &[Arc<str>], args: &Args) -> Option<Value> {
        let base = bases.first()?;
        let gives = self.world.catalog.call(base)?.gives.as_deref();
        let made = typed(Value::default(), last(base), args);
        made.known_field(TYPE).filter(|_| gives == Some(RESPONSE)).cloned()
    }

    /// Keeps that type in the response at hand.
    pub(super) fn keep_type(&mut self, bases: &[Arc<str>], args: &Args) {
        if let Some(content_type) = self.type_of_own(bases, args) {
            self.keep_on_self(TYPE, content_type);
        }
    }
}

pub(super) fn is_response(what: &What) -> bool {
    what.is_instance_of(RESPONSE)
}

/// A response with the type of what is in it, as far as its making says.
pub(super) fn typed(response: Value, class: &str, args: &Args) -> Value {
    // The type of a file follows from its name.
    if class == "FileResponse" || !args.spread.is_empty() {
        return response;
    }
    let given = args.positional.get(1).map(|given| &given.value).or_else(|| args.named(TYPE));
    let page = || Value::text("text/html");
    let content_type = match (given, args.options.first()) {
        (Some(given), _) => Value::of(given.what.clone()),
        (None, None) => page(),
        (None, Some(_)) if args.is_complete() => page(),
        // That of a page, if callers give no other.
        (None, Some(options)) if parameter(&options.value).is_some() => {
            let key = format!("[{TYPE}]");
            Value { taint: options.value.field(&key).taint, ..page() }
        }
        _ => return response,
    };
    response.with_field(TYPE, content_type)
}
