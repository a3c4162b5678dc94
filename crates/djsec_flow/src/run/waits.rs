//! Calls that are left to the callers of a function, and what comes of them there.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::ExprId;

use super::Run;
use super::apply::substituted;
use crate::Kinds;
use crate::args::{Args, Bound};
use crate::catalog::{Condition, Sink};
use crate::summary::Summary;
use crate::taint::{Label, Origin, Taint};
use crate::value::{MADE, Value, What};
use crate::wait::{Callee, Wait};

impl Run<'_, '_> {
    /// Leaves a sink to the callers where what they give decides whether it does harm. What is left to
    /// look at here: data that comes in here, too, may do harm whoever calls.
    pub(super) fn left_to_callers(
        &mut self,
        sink: &Sink,
        open: &[&Condition],
        args: &Args,
        callee: &str,
        given: Vec<(Taint, ExprId)>,
    ) -> Vec<(Taint, ExprId)> {
        let decided_there = open.iter().all(|condition| is_of_caller(condition, args));
        let Some((_, first)) = given.first().filter(|_| decided_there && !self.is_view) else {
            return given;
        };
        let place = self.place(*first);
        let callee = Callee::Sink(Arc::new(sink.clone()), Arc::from(callee));
        if !self.waits(callee, args, place) {
            return given;
        }
        let own = |taint: &Taint| {
            taint.map(|label| label.origin.parameter().is_none().then(|| label.clone()))
        };
        let rest = given.into_iter().map(|(taint, expr)| (own(&taint), expr));
        rest.filter(|(taint, _)| !taint.is_empty()).collect()
    }

    /// A method of a parameter, of whose class nothing is known here.
    pub(super) fn waits_for_class(&mut self, name: &str, args: &Args) {
        let Some(receiver) = &args.receiver else { return };
        let known = matches!(name, "send" | "asend") || self.world.catalog.is_member(name);
        if known && parameter(&receiver.value).is_some() {
            self.waits_for(Callee::Method(Arc::from(name)), args);
        }
    }

    /// An attribute of a parameter that is written, of whose class nothing is known here.
    pub(super) fn waits_for_holder(&mut self, name: &str, args: &Args) {
        let holder = args.receiver.as_ref().and_then(|receiver| parameter(&receiver.value));
        if holder.is_some() && self.world.catalog.is_member(name) {
            self.waits_for(Callee::Attribute(Arc::from(name)), args);
        }
    }

    fn waits_for(&mut self, callee: Callee, args: &Args) {
        let tainted = args.each().find(|given| !given.value.is_clean());
        if let Some(place) = tainted.map(|given| self.place(given.expr)) {
            self.waits(callee, args, place);
        }
    }

    fn waits(&mut self, callee: Callee, args: &Args, place: Span) -> bool {
        let none = self.code.no_expr();
        let here = self.here();
        let under = self.outside(&here);
        let mut args = args.map(none, |value| value.clone().outside());
        for given in args.each_mut() {
            given.value = self.with_default(std::mem::take(&mut given.value));
        }
        let handed_on = self.told.is_some();
        self.out.wait(Wait { callee, args, place, under, handed_on })
    }

    /// With what a parameter is where the caller does not give it.
    fn with_default(&mut self, value: Value) -> Value {
        let label = parameter(&value).filter(|_| value.what == What::Unknown);
        let Some(Origin::Parameter(at, None)) = label.map(|label| &label.origin) else {
            return value;
        };
        let parameter = self.function.parameters.get(usize::from(*at));
        match parameter.and_then(|parameter| parameter.default) {
            Some(default) => Value { what: self.eval(default).what, ..value },
            None => value,
        }
    }

    /// What happens in a function that is called, and depends on what it is given.
    pub(super) fn waits_of(&mut self, summary: &Summary, bound: &[Bound], place: Span, name: &str) {
        if summary.waits.is_empty() {
            return;
        }
        let words: Arc<str> = format!("passed to `{name}()`").into();
        for wait in &summary.waits {
            let filled = |value: &Value| filled(value, bound, place, &words);
            let args = wait.args.map(self.code.no_expr(), filled);
            if args.each().all(|given| given.value.is_clean()) {
                continue;
            }
            let conditions = self.there(&wait.under, bound);
            let before = self.beyond.len();
            self.beyond.extend(conditions);
            let told = self.told.replace((Arc::from(name), wait.place));
            self.waited(&wait.callee, &args, wait.place);
            self.told = told;
            self.beyond.truncate(before);
        }
    }

    fn waited(&mut self, callee: &Callee, args: &Args, place: Span) {
        match callee {
            Callee::Sink(sink, name) => self.into_sink(sink, args, name, true),
            Callee::Attribute(name) => self.into_attribute(name, args),
            Callee::Method(name) => {
                let what = args.receiver.as_ref().map(|receiver| receiver.value.what.clone());
                match what {
                    Some(What::Generator(..)) => {
                        self.generator_method(name, args, place);
                    }
                    Some(What::Instance(class)) => self.waited_of(&class, name, args, place),
                    _ => self.waits_for_class(name, args),
                }
            }
        }
    }

    /// A method whose class is known by now.
    fn waited_of(&mut self, class: &QualifiedName, name: &str, args: &Args, place: Span) {
        let own = matches!(class, QualifiedName::Project(..));
        if own && !self.overrides(class, name).is_empty() {
            self.method(name, args, place, self.code.no_expr());
        } else if let Some(nearest) = self.models_of(class, name).next() {
            self.into_sinks(nearest, args, name);
        }
    }
}

/// Whether a parameter decides a condition.
fn is_of_caller(condition: &Condition, args: &Args) -> bool {
    let given = args.given(&condition.slots);
    given.map_or_else(
        || args.options.iter().any(|options| parameter(&options.value).is_some()),
        |given| parameter(&given.value).is_some(),
    )
}

/// The parameter, or the part of one, that a value is as it was given.
pub(super) fn parameter(value: &Value) -> Option<&Label> {
    handed(value).filter(|label| label.safe == Kinds::NONE)
}

/// The same, whatever it can do no harm as by now.
fn handed(value: &Value) -> Option<&Label> {
    let [label] = value.taint.labels() else { return None };
    let plain = label.undone == Kinds::NONE && label.doubt == 0;
    (plain && label.origin.parameter().is_some()).then_some(label)
}

/// What a value of a callee is here.
pub(super) fn filled(value: &Value, bound: &[Bound], place: Span, words: &Arc<str>) -> Value {
    let here = value.map(&|taint| substituted(taint, bound, place, words));
    let Some(Label { origin: Origin::Parameter(at, path), safe, .. }) = handed(value) else {
        return here;
    };
    let Some(given) = bound.get(usize::from(*at)) else { return here };
    let whole = path.as_ref().map_or_else(|| given.value.clone(), |path| given.value.at(path));
    let whole = whole.map(&|taint| taint.sanitized(*safe));
    let known = path.is_none() || given.value.known_field(MADE).is_some();
    let absent = given.expr.is_none() && whole.is_plain() && known;
    let what = match (&here.what, &whole.what) {
        // Its default, or what an annotation says of whatever is given.
        (_, What::Unknown) if absent || matches!(here.what, What::Instance(_)) => here.what,
        _ => whole.what,
    };
    let mut fields = here.fields.unwrap_or_default();
    for (name, field) in whole.fields.iter().flat_map(|fields| fields.iter()) {
        let here = Arc::make_mut(&mut fields).entry(Arc::clone(name)).or_default();
        if here.what == What::Unknown {
            *here = field.clone();
        }
    }
    Value { what, taint: here.taint, fields: (!fields.is_empty()).then_some(fields) }
}

/// The same of what stands in it: in a table that a function has put its parameter into.
pub(super) fn filled_within(
    value: &Value,
    bound: &[Bound],
    place: Span,
    words: &Arc<str>,
) -> Value {
    let mut here = filled(value, bound, place, words);
    for (name, field) in value.fields.iter().flat_map(|fields| fields.iter()) {
        if field.fields.is_some() || parameter(field).is_some() {
            here = here.with_field(name, filled_within(field, bound, place, words));
        }
    }
    here
}
