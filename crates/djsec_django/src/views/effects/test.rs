//! For which methods the branches of a condition run.

use djsec_python::code::{Code, Comparison, Expr, ExprId, Symbol};
use rustc_hash::FxHashMap;

use super::{Verbs, header};

/// The methods for which a condition may be true, and for which it may be false.
pub(super) type Split = (Verbs, Verbs);

pub(super) const EITHER: Split = (Verbs::ALL, Verbs::ALL);

/// Names with the value that they have, where they are assigned once.
pub(super) type Locals = FxHashMap<Symbol, Option<ExprId>>;

/// For which methods a condition is true or false.
pub(super) fn split(code: &Code, locals: &Locals, test: ExprId, depth: u8) -> Split {
    if depth > 6 {
        return EITHER;
    }
    let inner = |id: ExprId| split(code, locals, id, depth + 1);
    match code.expr(test) {
        Expr::Not(value) => {
            let (yes, no) = inner(value);
            (no, yes)
        }
        Expr::And(list) => code
            .exprs(list)
            .iter()
            .map(|id| inner(*id))
            .fold((Verbs::ALL, Verbs::NONE), |(yes, no), (one_yes, one_no)| {
                (yes.and(one_yes), no.or(one_no))
            }),
        Expr::Or(list) => code
            .exprs(list)
            .iter()
            .map(|id| inner(*id))
            .fold((Verbs::NONE, Verbs::ALL), |(yes, no), (one_yes, one_no)| {
                (yes.or(one_yes), no.and(one_no))
            }),
        Expr::Compare(left, rest) => match code.comparisons(rest) {
            [(comparison, right)] => header::compared(code, locals, left, *comparison, *right)
                .unwrap_or_else(|| compared(code, left, *comparison, *right)),
            _ => EITHER,
        },
        Expr::Name(name) => match locals.get(&name) {
            Some(Some(value)) => inner(*value),
            _ => EITHER,
        },
        Expr::Call(callee, _) if is_form_check(code, callee) => {
            if is_bound_to_query(code, locals, callee) {
                EITHER
            } else {
                (Verbs::WRITING, Verbs::ALL)
            }
        }
        _ if header::is_there(code, locals, test) => (Verbs::LINK.others(), Verbs::ALL),
        _ if mentions_body(code, test) => (Verbs::WRITING, Verbs::ALL),
        _ => EITHER,
    }
}

fn compared(code: &Code, left: ExprId, comparison: Comparison, right: ExprId) -> Split {
    let (method, other) = match (is_method(code, left), is_method(code, right)) {
        (true, _) => (true, right),
        (_, true) => (true, left),
        _ => (false, right),
    };
    if !method {
        let asks = comparison == Comparison::In && mentions_body(code, right);
        return if asks { (Verbs::WRITING, Verbs::ALL) } else { EITHER };
    }
    let named = match code.elements(other) {
        Some(elements) => Verbs::of(elements.iter().filter_map(|id| code.string(*id))),
        None => code.string(other).map_or(Verbs::NONE, Verbs::one),
    };
    // `HEAD` and `OPTIONS` are no methods here: nothing is known of the branch for them.
    if named.is_empty() {
        return EITHER;
    }
    match comparison {
        Comparison::Eq | Comparison::Is | Comparison::In => (named, named.others()),
        Comparison::NotEq | Comparison::IsNot | Comparison::NotIn => (named.others(), named),
        Comparison::Order => EITHER,
    }
}

/// `request.method`, also in other letters.
pub(super) fn is_method(code: &Code, id: ExprId) -> bool {
    match code.expr(id) {
        Expr::Attribute(value, name) => code.text(name) == "method" && is_request(code, value),
        Expr::Call(callee, _) => match code.expr(callee) {
            Expr::Attribute(value, name) => {
                matches!(code.text(name), "lower" | "upper") && is_method(code, value)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether an expression is the request, by its name.
pub(super) fn is_request(code: &Code, id: ExprId) -> bool {
    match code.expr(id) {
        Expr::Name(name) => matches!(code.text(name), "request" | "req" | "_request"),
        Expr::Attribute(value, name) => {
            matches!(code.text(name), "request" | "_request") && code.name(value) == Some("self")
        }
        _ => false,
    }
}

/// Whether an expression reads the body of the request.
pub(super) fn mentions_body(code: &Code, id: ExprId) -> bool {
    let mut found = false;
    code.each_inner(id, &mut |_, expr| {
        if let Expr::Attribute(value, name) = expr {
            found |= matches!(code.text(name), "POST" | "FILES" | "body" | "data")
                && is_request(code, value);
        }
    });
    found
}

/// Whether an expression takes an item out of the form that was sent (`request.POST["id"]`) whatever
/// else holds: where nothing was sent, there is none, and the request ends.
pub(super) fn takes_sent(code: &Code, id: ExprId) -> bool {
    match code.expr(id) {
        Expr::Subscript(base, _) => match code.expr(base) {
            Expr::Attribute(value, name) => {
                matches!(code.text(name), "POST" | "FILES") && is_request(code, value)
            }
            _ => takes_sent(code, base),
        },
        // What may not be evaluated.
        Expr::And(list) | Expr::Or(list) => {
            code.exprs(list).first().is_some_and(|first| takes_sent(code, *first))
        }
        Expr::Conditional { test, .. } => takes_sent(code, test),
        Expr::Lambda(_) | Expr::Comprehension(_) => false,
        other => {
            let mut found = false;
            code.each_child(other, &mut |inner| found = found || takes_sent(code, inner));
            found
        }
    }
}

fn is_form_check(code: &Code, callee: ExprId) -> bool {
    match code.expr(callee) {
        Expr::Attribute(_, name) => code.text(name) == "is_valid",
        _ => false,
    }
}

/// Whether the form that is checked was made of the query string: then `GET` may pass the check.
fn is_bound_to_query(code: &Code, locals: &Locals, callee: ExprId) -> bool {
    let Expr::Attribute(form, _) = code.expr(callee) else { return false };
    let made = match code.expr(form) {
        Expr::Name(name) => locals.get(&name).copied().flatten(),
        _ => Some(form),
    };
    let Some(made) = made else { return false };
    let mut query = false;
    code.each_inner(made, &mut |_, expr| {
        if let Expr::Attribute(value, name) = expr {
            query |= matches!(code.text(name), "GET" | "query_params") && is_request(code, value);
        }
    });
    query && !mentions_body(code, made)
}
