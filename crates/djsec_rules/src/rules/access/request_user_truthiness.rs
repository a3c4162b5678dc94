use djsec_base::Confidence;
use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, Expr, ExprId, FunctionId, Stmt};

use crate::own::{Kind, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds conditions that take `request.user` itself for the answer to whether somebody is logged
    /// in: `if request.user:`, `if request.user is None:`.
    ///
    /// ## Why it matters
    /// There is always a user: who is not logged in is an `AnonymousUser`, which is true and is not
    /// `None`. The check passes for everybody.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    ///
    ///
    /// def invoices(request):
    ///     if not request.user:  # finding
    ///         raise PermissionDenied
    ///     ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    ///
    ///
    /// def invoices(request):
    ///     if not request.user.is_authenticated:
    ///         raise PermissionDenied
    ///     ...
    /// ```
    ///
    /// ## How to fix
    /// Ask `request.user.is_authenticated`.
    ///
    /// ## Limits
    /// Left alone are conditions that ask more of the user next to it, functions with a decorator, views
    /// with a login mixin or permission classes, and projects that set DRF's `UNAUTHENTICATED_USER`.
    ///
    /// ## References
    /// - [Django: User.is_authenticated](https://docs.djangoproject.com/en/stable/ref/contrib/auth/#django.contrib.auth.models.User.is_authenticated)
    RULE {
        id: "request-user-truthiness",
        group: "access",
        summary: "a login check that everybody passes",
        severity: High,
        cwe: [287, 863],
        owasp: ["2025:A07", "2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["views-require-auth"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let drf = cx.setting("REST_FRAMEWORK").entry("UNAUTHENTICATED_USER");
    if !drf.is_absent().is_always() && drf.explicit {
        return;
    }
    for at in cx.sites().filter(|at| at.code.symbol("user").is_some()) {
        for (_, stmt) in at.code.all_stmts() {
            let Stmt::If { test, .. } = stmt else { continue };
            let Some(place) = bare(at, test) else { continue };
            let start = at.code.expr_range(place).start();
            let Some(function) = at.code.function_around(start) else { continue };
            if settled(cx, at, function, stmt) {
                continue;
            }
            let message = "`request.user` is there for everybody, logged in or not";
            out.found(&RULE, at.expr_span(test), "request.user", message)
                .confidence(Confidence::Medium)
                .help("ask `request.user.is_authenticated`")
                .done();
        }
    }
}

/// The `request.user` that a condition asks for being there, if it asks no more.
fn bare(at: Site<'_>, test: ExprId) -> Option<ExprId> {
    let code = at.code;
    match code.expr(test) {
        Expr::Attribute(..) => is_request_user(at, test).then_some(test),
        Expr::Not(inner) => bare(at, inner),
        Expr::Compare(left, rest) => {
            let [(Comparison::Is | Comparison::IsNot | Comparison::Eq | Comparison::NotEq, right)] =
                code.comparisons(rest)
            else {
                return None;
            };
            let none = matches!(code.expr(*right), Expr::None);
            (none && is_request_user(at, left)).then_some(left)
        }
        _ => None,
    }
}

fn is_request_user(at: Site<'_>, expr: ExprId) -> bool {
    at.code.is_dotted(expr, "request.user") || at.code.is_dotted(expr, "self.request.user")
}

/// Whether something else makes sure of the user, or the condition decides about nothing.
fn settled(cx: &Cx<'_>, at: Site<'_>, id: FunctionId, stmt: Stmt) -> bool {
    let Some(function) = at.code.function(id) else { return true };
    let Stmt::If { then, otherwise, .. } = stmt else { return true };
    let decorated =
        at.code.exprs(function.decorators).iter().any(|one| !is_about_the_request(cx, at, *one));
    let asks = at.mentions(function, &["is_authenticated", "is_anonymous", "is_staff", "has_perm"]);
    // Only a condition that refuses, or guards an answer, is a check.
    let mut answers = false;
    for block in [then, otherwise] {
        at.code.each_stmt(block, &mut |_, inner| {
            answers |= matches!(inner, Stmt::Return(_) | Stmt::Raise(_));
        });
    }
    decorated || asks || !answers || guarded_class(cx, at, function.class)
}

/// Whether a decorator is one of Django's that look at the request, not at who sends it: `require_POST`.
fn is_about_the_request(cx: &Cx<'_>, at: Site<'_>, decorator: ExprId) -> bool {
    let callee = at.code.call(decorator).map_or(decorator, |(callee, _)| callee);
    match cx.resolved(at, callee) {
        QualifiedName::External(name) => name.starts_with("django.views.decorators."),
        _ => false,
    }
}

fn guarded_class(cx: &Cx<'_>, at: Site<'_>, class: Option<djsec_python::code::ClassId>) -> bool {
    let Some(id) = class else { return false };
    let found = cx.own_classes().find(|class| class.at.module == at.module && class.id == id);
    found.is_none_or(|class| {
        let unknown = class.order.contains(&QualifiedName::Unknown);
        unknown
            || !class.is(Kind::View)
            || class.is(Kind::Access)
            || class.is(Kind::ApiView)
            || !at.code.exprs(class.class.decorators).is_empty()
    })
}
