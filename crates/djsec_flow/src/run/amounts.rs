//! Numbers that say how much is done: how often, how long, how many.
//!
//! A number can do no harm as a text. What it can do is keep the server busy, unless something bounds it:
//! `min()`, a remainder, a comparison with something that nobody outside chose.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId, List};

use super::Run;
use super::expr::union;
use crate::args::Args;
use crate::taint::{Origin, Taint};
use crate::value::{Fact, Value, What};
use crate::{Kind, Kinds};

/// What arithmetic makes of numbers.
pub(super) fn numbers(values: &[Value]) -> Value {
    if values.iter().all(Value::is_clean) {
        return Value::default();
    }
    Value::tainted(union(values).sanitized(Kinds::NUMBER))
}

/// What is left of numbers that are written into a text.
pub(super) fn written_out(text: &Value) -> Value {
    text.map(&|taint| taint.sanitized(AMOUNT))
}

const AMOUNT: Kinds = Kinds::just(Kind::Amount);

#[expect(clippy::wrong_self_convention, reason = "it is data that goes into sinks")]
impl Run<'_, '_> {
    /// A number says how much of something is done.
    fn into_amount(&mut self, taint: &Taint, expr: ExprId, callee: &str, words: &str) {
        if taint.labels().iter().any(|label| label.may(Kind::Amount)) {
            self.into_kind(
                Kind::Amount,
                &[(taint.clone(), expr)],
                (callee, &Arc::from(words)),
                (true, false),
            );
        }
    }

    /// `"x" * count`, `[0] * count`, and the product of numbers. A text twice is still that text.
    pub(super) fn product(
        &mut self,
        (left, value): (ExprId, &Value),
        (right, other): (ExprId, &Value),
    ) -> Value {
        for (many, expr, count) in [(left, right, other), (right, left, value)] {
            if self.is_sequence(many) {
                let words = "how often a text or list is repeated";
                self.into_amount(&count.whole(), expr, "*", words);
            }
        }
        let fixed = |id: ExprId| matches!(self.code.expr(id), Expr::Int(_));
        match (fixed(left), fixed(right)) {
            (_, true) => Value::tainted(value.whole()),
            (true, _) => Value::tainted(other.whole()),
            _ => numbers(&[value.clone(), other.clone()]),
        }
    }

    fn is_sequence(&self, id: ExprId) -> bool {
        matches!(
            self.code.expr(id),
            Expr::Str(_) | Expr::Bytes | Expr::Format(_) | Expr::List(_) | Expr::Tuple(_)
        )
    }

    /// `10 ** digits`, `1 << bits`: of whole numbers, so that the result has as many digits.
    pub(super) fn power(
        &mut self,
        (base, value): (ExprId, &Value),
        (exponent, other): (ExprId, &Value),
    ) -> Value {
        if matches!(self.code.expr(base), Expr::Int(base) if base > 0) {
            self.into_amount(&other.whole(), exponent, "**", "how many digits a number has");
        }
        numbers(&[value.clone(), other.clone()])
    }

    /// `range(count)`, `range(start, start + count)`: how often a loop runs.
    pub(super) fn into_range(&mut self, args: &Args) {
        let words = "how often a loop runs";
        match args.positional.as_slice() {
            [stop] => self.into_amount(&stop.value.whole(), stop.expr, "range", words),
            [start, stop, ..] => {
                let taint = apart_from(&stop.value.whole(), &start.value.whole());
                self.into_amount(&taint, stop.expr, "range", words);
            }
            [] => {}
        }
    }

    /// `rows[:count]`: how many rows are read. Where both ends are chosen by the same number, it is a page
    /// of fixed length.
    pub(super) fn into_rows(&mut self, slice: ExprId, bounds: List) {
        let code = self.code;
        let begins = code.expr_range(slice).start();
        let (start, stop) = match code.exprs(bounds) {
            [only] if code.expr_range(*only).start() > begins => (None, *only),
            [start, stop, ..] => (Some(*start), *stop),
            _ => return,
        };
        let mut taint = self.eval(stop).whole();
        if let Some(start) = start {
            taint = apart_from(&taint, &self.eval(start).whole());
        }
        self.into_amount(&taint, stop, "[:]", "how many rows are read");
    }

    /// What `count > 100` says of `count`: whoever compares it does something about it, whichever branch
    /// that is. A comparison with nothing or one asks for the least, not for the most.
    pub(super) fn bounded(
        &self,
        (subject, value): (ExprId, &Value),
        (limit, other): (ExprId, &Value),
    ) -> Vec<Fact> {
        let code = self.code;
        let least = match code.expr(limit) {
            Expr::Int(number) => number <= 1,
            Expr::Unary(_) => true,
            _ => false,
        };
        let own = value.whole();
        let chosen = other.whole().labels().iter().any(|label| {
            let same = own.labels().iter().any(|mine| mine.origin == label.origin);
            label.may(Kind::Amount) && (same || matches!(label.origin, Origin::Source(_)))
        });
        if least || chosen || matches!(other.what, What::Text(_)) {
            return Vec::new();
        }
        // `if int(request.GET["count"]) > 100`
        let inner = code.call(subject).and_then(|(callee, arguments)| {
            let converts = matches!(code.name(callee), Some("int" | "float" | "abs" | "round"));
            arguments.first().filter(|_| converts).map(|argument| argument.value)
        });
        let Some(subject) = self.written(inner.unwrap_or(subject)) else { return Vec::new() };
        let fact = |when| Fact { safe: AMOUNT, ..Fact::harmless(Arc::clone(&subject), when) };
        vec![fact(true), fact(false)]
    }
}

/// `min(count, 100)`: no more than the least of them.
pub(super) fn least(args: &Args) -> Option<Value> {
    (args.positional.len() > 1).then(|| Value::tainted(args.whole().sanitized(AMOUNT)))
}

/// What of a number is not in another one, too.
fn apart_from(taint: &Taint, other: &Taint) -> Taint {
    let shared = |origin: &Origin| other.labels().iter().any(|label| label.origin == *origin);
    taint.map(|label| (!shared(&label.origin)).then(|| label.clone()))
}
