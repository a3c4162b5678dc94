//! Views whose code knows that not everybody who calls is logged in.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, List, Stmt};

use crate::own::Site;
use crate::{Cx, Endpoint};

/// Methods by which a generic view chooses what it shows.
const CHOOSING: &[&str] = &["get_queryset", "get_object", "get_context_data"];

/// Whether the code of a view asks who calls, and answers, or looks for rows, by that: visitors were thought of. Where
/// only a template or a greeting is chosen, they get the same rows.
pub(super) fn tells_apart(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    let accesses = &cx.effects(endpoint).objects.accesses;
    let places: Vec<Span> = accesses.iter().map(|access| access.place).collect();
    let class = endpoint.class();
    let chooses = |name: &&str| {
        let found = class.and_then(|class| cx.counting_method(class, name));
        found.is_some_and(|(at, id, _)| {
            at.code.function(id).is_some_and(|f| asks(cx, at, f, &places))
        })
    };
    cx.functions_of(endpoint.view).any(|(at, function)| asks(cx, at, function, &places))
        || CHOOSING.iter().any(chooses)
}

fn asks(cx: &Cx<'_>, at: Site<'_>, function: &Function, places: &[Span]) -> bool {
    let mut asks = false;
    at.code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::If { test, then, otherwise } = stmt {
            let mut of_user = false;
            at.code.each_inner(test, &mut |id, _| of_user |= is_of_user(at, id));
            asks |= of_user
                && [then, otherwise].into_iter().any(|block| decides(cx, at, block, places));
        }
    });
    asks
}

/// Whether a block of a condition answers, touches rows, or leaves that to a function of the project.
fn decides(cx: &Cx<'_>, at: Site<'_>, block: List, places: &[Span]) -> bool {
    let mut decides = false;
    at.code.each_stmt(block, &mut |_, stmt| {
        decides |= matches!(stmt, Stmt::Return(_) | Stmt::Raise(_));
    });
    at.code.each_expr(block, &mut |id, expr| {
        decides |= places.contains(&at.expr_span(id));
        if let Expr::Call(callee, _) = expr {
            // A method of the view, or a function of the project, may do so.
            let own = at.code.dotted(callee).is_some_and(|name| {
                name.strip_prefix("self.").is_some_and(|rest| !rest.starts_with("request."))
            });
            decides |= own || matches!(cx.resolved(at, callee), QualifiedName::Project(..));
        }
    });
    decides
}

/// `request.user.is_authenticated`, `self.request.user`
fn is_of_user(at: Site<'_>, id: ExprId) -> bool {
    at.code.dotted(id).is_some_and(|name| {
        let name = name.strip_prefix("self.").unwrap_or(&name);
        let rest = name.strip_prefix("request.user");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
