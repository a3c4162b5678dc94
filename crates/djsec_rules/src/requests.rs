//! Values that come straight from a request.

use djsec_python::code::{Expr, ExprId, Function, Stmt};

use crate::own::Site;

/// What a request carries, unchecked.
const SOURCES: &[&str] = &["request.POST", "request.data", "request.GET", "request.query_params"];

/// Whether an expression is, or holds, a part of a request as it came: `request.POST["password"]`,
/// `request.data.get("password")`, or a name that the function gives such a value and no other.
pub(crate) fn from_request(at: Site<'_>, function: &Function, expr: ExprId) -> bool {
    part_of(at, function, expr, &|id| is_source(at, id))
}

/// The same of something else that has parts, such as `validated_data`.
pub(crate) fn part_of(
    at: Site<'_>,
    function: &Function,
    expr: ExprId,
    of: &dyn Fn(ExprId) -> bool,
) -> bool {
    if raw(at, expr, of) {
        return true;
    }
    let Some(name) = at.code.name(expr) else { return false };
    let (mut assigned, mut all_raw) = (false, true);
    at.code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, value: Some(value), .. } = stmt
            && at.code.exprs(targets).iter().any(|target| at.code.name(*target) == Some(name))
        {
            assigned = true;
            all_raw &= raw(at, value, of);
        }
    });
    assigned && all_raw
}

/// The key of a part of a request that is read by it: `request.POST["name"]`.
pub(crate) fn key(at: Site<'_>, expr: ExprId) -> Option<&str> {
    let (of, key) = item(at, expr)?;
    at.code.string(key).filter(|_| is_source(at, of))
}

/// What an item is taken of, and its key: `data["name"]`, `data.get("name")`.
pub(crate) fn item(at: Site<'_>, expr: ExprId) -> Option<(ExprId, ExprId)> {
    match at.code.expr(expr) {
        Expr::Subscript(of, key) => Some((of, key)),
        Expr::Call(callee, arguments) => match at.code.expr(callee) {
            Expr::Attribute(of, name) if at.code.text(name) == "get" => {
                Some((of, at.code.arguments(arguments).first()?.value))
            }
            _ => None,
        },
        _ => None,
    }
}

fn raw(at: Site<'_>, expr: ExprId, of: &dyn Fn(ExprId) -> bool) -> bool {
    let code = at.code;
    match code.expr(expr) {
        Expr::Subscript(value, _) => of(value),
        Expr::Call(callee, _) => match code.expr(callee) {
            Expr::Attribute(owner, name) => {
                let method = code.text(name);
                (matches!(method, "get" | "pop") && of(owner))
                    || (method == "strip" && raw(at, owner, of))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether an expression is all of what a request carries: `request.POST`.
pub(crate) fn is_source(at: Site<'_>, expr: ExprId) -> bool {
    SOURCES.iter().any(|source| {
        at.code.is_dotted(expr, source) || at.code.is_dotted(expr, &format!("self.{source}"))
    })
}
