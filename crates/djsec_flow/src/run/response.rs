//! Responses: what they hold, and as what browsers take that.

use djsec_python::code::{Expr, ExprId};

use super::Run;
use crate::args::{Args, Given};
use crate::value::{Value, What};

/// Under which name the models know responses.
const RESPONSE: &str = "django.http.response.HttpResponse";
/// Under which name the type of what is in a response is kept.
const TYPE: &str = "content_type";

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
        let What::Instance(class) = &holder.what else { return };
        let catalog = self.world.catalog;
        let bases = self.external_bases(class);
        let mut known =
            bases.iter().filter_map(|base| catalog.attribute(&format!("{base}.{name}")));
        let Some(known) = known.find(|known| !known.sinks.is_empty()) else { return };
        let given = |value: &Value, expr| Given { value: value.clone(), expr };
        let positional = vec![given(value, at)];
        let receiver = Some(given(&holder, base));
        let args = Args { positional, receiver, ..Args::default() };
        for sink in &known.sinks {
            self.into_sink(sink, &args, name, true);
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
        is_response(&self.eval(response).what).then_some(response)
    }

    /// A response is from here on of the type that is given.
    pub(super) fn retype(&mut self, response: ExprId, value: &Value) {
        self.store(response, TYPE, Value::of(value.what.clone()), true);
    }
}

pub(super) fn is_response(what: &What) -> bool {
    what.is_instance_of(RESPONSE)
}

/// A response with the type of what is in it, as far as its making says.
pub(super) fn typed(response: Value, class: &str, args: &Args) -> Value {
    // The type of a file follows from its name.
    if class == "FileResponse" || !args.options.is_empty() || !args.spread.is_empty() {
        return response;
    }
    let given = args.positional.get(1).or_else(|| args.keyword(TYPE));
    let content_type = match given {
        Some(given) => Value::of(given.value.what.clone()),
        None => Value::text("text/html"),
    };
    response.with_field(TYPE, content_type)
}
