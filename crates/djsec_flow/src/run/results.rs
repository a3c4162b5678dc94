//! What a function makes of the results of its parameters: `def each(values, change): return change(values[0])`.
//! Each call of a parameter is one more parameter, behind the others; who calls the function knows what that is.

use djsec_base::Span;

use super::Run;
use super::call::unknown;
use super::captured::number;
use super::waits::parameter;
use crate::args::{Args, Bound};
use crate::summary::{Invoke, Summary};
use crate::taint::{Label, Origin};
use crate::trail::Trail;
use crate::value::{Value, What};

impl Run<'_, '_> {
    /// What a call of a parameter gives, as far as that is known here: what the parameter makes of the arguments.
    pub(super) fn result_of(&mut self, callee: &Value, args: &Args, place: Span) -> Value {
        let none = self.code.no_expr();
        let own = parameter(callee).map(|label| &label.origin);
        let one = own.is_some();
        let mut called = None;
        for label in callee.taint.labels() {
            let Origin::Parameter(at, path) = &label.origin else { continue };
            if path.is_none() || one {
                let args = args.map(none, |value| value.clone().outside());
                called = self.out.invoke(Invoke { at: *at, path: path.clone(), args });
            }
        }
        let value = unknown(args, Some(callee), place);
        let shared = self.world.captured.of(self.module, self.id).len();
        self.out.results = number(self.function.parameters.len(), shared).unwrap_or(u16::MAX);
        let number = called.filter(|_| one).and_then(|at| self.out.results.checked_add(at));
        let Some(number) = number else { return value };
        // What comes from outside is seen here, too: perhaps nobody calls this function.
        let outside = |label: &Label| label.origin.parameter().is_none().then(|| label.clone());
        let mut taint = value.taint.map(outside);
        taint.add(Label::new(Origin::Parameter(number, None), Trail::default()));
        Value::tainted(taint)
    }

    /// What a function is given, and behind that what its calls of it give.
    pub(super) fn with_results(
        &mut self,
        summary: &Summary,
        bound: &[Bound],
        place: Span,
        name: &str,
    ) -> Option<Vec<Bound>> {
        if summary.invokes.is_empty() {
            return None;
        }
        let mut all = bound.to_vec();
        all.resize_with(usize::from(summary.results), Bound::nothing);
        all.extend(self.invokes_of(summary, bound, place, name));
        Some(all)
    }
}

/// What a function gives back that is what one of its parameters gave it, as that knows it.
pub(super) fn given_result(summary: &Summary, bound: &[Bound], mut value: Value) -> Value {
    if summary.invokes.is_empty() || value.what != What::Unknown {
        return value;
    }
    let result = summary.returns.taint.labels().iter().find_map(|label| match label.origin {
        Origin::Parameter(at, None) if at >= summary.results && label.doubt == 0 => Some(at),
        _ => None,
    });
    let Some(result) = result.and_then(|at| bound.get(usize::from(at))) else { return value };
    value.what = result.value.what.clone();
    if value.fields.is_none() {
        value.fields.clone_from(&result.value.fields);
    }
    value
}
