//! Keys that let in whoever sends them, and stand in the source: what was sent is compared with a text.

use djsec_django::models::is_secret_name;
use djsec_python::code::{Comparison, Expr, ExprId, List};

use super::formats::bare;
use super::takes::plausible;
use crate::Cx;
use crate::own::Site;

/// What decides who somebody is, or what they may do.
const DECIDES: &[&str] = &[
    "django.contrib.auth.backends.BaseBackend",
    "ninja.security.base.AuthBase",
    "rest_framework.authentication.BaseAuthentication",
    "rest_framework.permissions.BasePermission",
];
const METHODS: &[&str] = &["__call__", "authenticate", "has_object_permission", "has_permission"];
/// Parts of a request that hold what was sent under names.
const PARTS: &[&str] = &["COOKIES", "GET", "META", "POST", "data", "headers", "query_params"];

/// The texts of such keys.
pub(super) fn keys<'a>(cx: &Cx<'a>) -> Vec<(Site<'a>, ExprId)> {
    let mut found = Vec::new();
    for class in cx.own_classes() {
        if class.position(DECIDES).is_none() {
            continue;
        }
        for function in METHODS.iter().filter_map(|name| class.method(name)) {
            let given = |expr| {
                let own = class.at.code.name(expr);
                let mut names = function.parameters.iter().map(|one| class.at.code.text(one.name));
                own.is_some_and(|own| names.any(|name| name == own))
            };
            let mut texts = compared(class.at, function.body);
            texts.retain(|(other, _)| given(*other) || sent_as(class.at, *other).is_some());
            found.extend(texts.into_iter().map(|(_, text)| (class.at, text)));
        }
    }
    for at in cx.sites().filter(|at| at.code.symbol("request").is_some()) {
        for (_, function) in at.code.functions() {
            let mut texts = compared(at, function.body);
            texts.retain(|(other, text)| {
                names_secret(at, *other) && !found.iter().any(|(_, known)| known == text)
            });
            found.extend(texts.into_iter().map(|(_, text)| (at, text)));
        }
    }
    found
}

/// What is compared with a text that may be a key, and that text.
fn compared(at: Site<'_>, body: List) -> Vec<(ExprId, ExprId)> {
    let mut found = Vec::new();
    at.code.each_expr(body, &mut |_, expr| {
        let Expr::Compare(left, rest) = expr else { return };
        let [(Comparison::Eq | Comparison::NotEq, right)] = at.code.comparisons(rest) else {
            return;
        };
        for (text, other) in [(left, *right), (*right, left)] {
            if at.code.string(text).map(bare).is_some_and(plausible) {
                found.push((other, text));
            }
        }
    });
    found
}

/// Whether something is sent under the name of a key.
fn names_secret(at: Site<'_>, expr: ExprId) -> bool {
    sent_as(at, expr).is_some_and(|key| is_secret_name(&key))
}

/// Under which name something is sent: `request.headers["X-Api-Key"]`, `self.request.GET.get("token")`.
fn sent_as(at: Site<'_>, expr: ExprId) -> Option<String> {
    let code = at.code;
    let (holder, key) = match code.expr(expr) {
        Expr::Subscript(holder, key) => (holder, Some(key)),
        Expr::Call(callee, arguments) => match code.expr(callee) {
            Expr::Attribute(holder, name) if code.text(name) == "get" => {
                (holder, code.arguments(arguments).first().map(|one| one.value))
            }
            _ => return None,
        },
        _ => return None,
    };
    let Expr::Attribute(request, part) = code.expr(holder) else { return None };
    let sent = code.name(request) == Some("request") || code.is_dotted(request, "self.request");
    if !sent || !PARTS.contains(&code.text(part)) {
        return None;
    }
    Some(code.string(key?)?.to_ascii_lowercase().replace('-', "_"))
}
