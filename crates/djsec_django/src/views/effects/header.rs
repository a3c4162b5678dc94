//! Questions for a header that no link and no image makes a browser send: `HX-Request` of htmx, `X-Requested-With`
//! of jQuery. What other sites' scripts add by themselves, the browser asks this site about first.

use djsec_python::code::{Code, Comparison, Expr, ExprId};

use super::Verbs;
use super::test::{Locals, Split, is_request};

/// Beginnings of the names of such headers, in lower case.
const ADDED: &[&str] = &["hx-", "x-requested-with", "x-pjax", "x-csrf", "x-up-", "turbo-frame"];

/// Whether a value is true only where such a header came: `request.headers.get("HX-Request")`,
/// `request.is_ajax()`, `request.htmx`.
pub(super) fn is_there(code: &Code, locals: &Locals, id: ExprId) -> bool {
    match code.expr(id) {
        Expr::Call(callee, arguments) => {
            let Expr::Attribute(value, name) = code.expr(callee) else { return false };
            match code.text(name) {
                "is_ajax" => is_request(code, value),
                "get" => {
                    let arguments = code.arguments(arguments);
                    let named = arguments.first().is_some_and(|a| is_added(code, locals, a.value));
                    // A default may be as true.
                    named && arguments.len() == 1 && holds_headers(code, value)
                }
                _ => false,
            }
        }
        Expr::Subscript(value, key) => holds_headers(code, value) && is_added(code, locals, key),
        Expr::Attribute(value, name) => code.text(name) == "htmx" && is_request(code, value),
        Expr::Name(name) => match locals.get(&name) {
            Some(Some(value)) => *value != id && is_there_at(code, *value),
            _ => false,
        },
        _ => false,
    }
}

/// The same of the value of a name, where no further name is followed.
fn is_there_at(code: &Code, id: ExprId) -> bool {
    is_there(code, &Locals::default(), id)
}

/// For which methods a comparison about such a header is true and false, if it is one.
pub(super) fn compared(
    code: &Code,
    locals: &Locals,
    left: ExprId,
    comparison: Comparison,
    right: ExprId,
) -> Option<Split> {
    let asked = match comparison {
        Comparison::In | Comparison::NotIn => {
            is_added(code, locals, left) && holds_headers(code, keys(code, right))
        }
        // `request.headers.get("X-Requested-With") == "XMLHttpRequest"`
        Comparison::Eq | Comparison::NotEq => {
            let text = |id: ExprId| code.string(id).is_some_and(|text| !text.is_empty());
            (is_there(code, locals, left) && text(right))
                || (is_there(code, locals, right) && text(left))
        }
        Comparison::Is | Comparison::IsNot => {
            is_there(code, locals, left) && code.expr(right) == Expr::None
        }
        Comparison::Order => false,
    };
    let (there, any) = (Verbs::LINK.others(), Verbs::ALL);
    asked.then_some(match comparison {
        Comparison::In | Comparison::Eq | Comparison::IsNot => (there, any),
        _ => (any, there),
    })
}

/// What `.keys()` is called on.
fn keys(code: &Code, id: ExprId) -> ExprId {
    let Some((callee, _)) = code.call(id) else { return id };
    match code.expr(callee) {
        Expr::Attribute(value, name) if code.text(name) == "keys" => value,
        _ => id,
    }
}

fn holds_headers(code: &Code, id: ExprId) -> bool {
    let Expr::Attribute(value, name) = code.expr(id) else { return false };
    matches!(code.text(name), "headers" | "META") && is_request(code, value)
}

fn is_added(code: &Code, locals: &Locals, id: ExprId) -> bool {
    let id = match code.expr(id) {
        Expr::Name(name) => locals.get(&name).copied().flatten().unwrap_or(id),
        _ => id,
    };
    let Some(name) = code.string(id) else { return false };
    let name = name.to_ascii_lowercase().replace('_', "-");
    let name = name.strip_prefix("http-").unwrap_or(&name);
    ADDED.iter().any(|start| name.starts_with(start))
}
