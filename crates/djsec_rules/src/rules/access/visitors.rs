//! Views whose code knows that not everybody who calls is logged in.

use djsec_python::code::{ExprId, Function, Stmt};

use crate::own::Site;
use crate::{Cx, Endpoint};

/// Methods by which a generic view chooses what it shows.
const CHOOSING: &[&str] = &["get_queryset", "get_object", "get_context_data"];

/// Whether the code of a view asks who calls, and does this or that: visitors were thought of.
pub(super) fn tells_apart(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    let class = endpoint.class();
    let chooses = |name: &&str| {
        let found = class.and_then(|class| cx.counting_method(class, name));
        found.is_some_and(|(at, id, _)| at.code.function(id).is_some_and(|f| asks(at, f)))
    };
    cx.functions_of(endpoint.view).any(|(at, function)| asks(at, function))
        || CHOOSING.iter().any(chooses)
}

fn asks(at: Site<'_>, function: &Function) -> bool {
    let mut asks = false;
    at.code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::If { test, .. } = stmt {
            at.code.each_inner(test, &mut |id, _| asks |= is_of_user(at, id));
        }
    });
    asks
}

/// `request.user.is_authenticated`, `self.request.user`
fn is_of_user(at: Site<'_>, id: ExprId) -> bool {
    at.code.dotted(id).is_some_and(|name| {
        let name = name.strip_prefix("self.").unwrap_or(&name);
        let rest = name.strip_prefix("request.user");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
