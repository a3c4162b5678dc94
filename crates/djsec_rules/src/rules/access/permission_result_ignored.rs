use djsec_base::Severity;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds checks without consequence: `has_perm()` whose result nobody looks at, `PermissionDenied`
    /// or `Http404` that is made but not raised, and `assert` on the rights of a user.
    ///
    /// ## Why it matters
    /// The code goes on as if the check had passed. An `assert` is left out when Python runs with `-O`,
    /// and otherwise answers with an error page instead of a refusal.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    ///
    ///
    /// def close(request):
    ///     if not request.user.has_perm("shop.close_order"):
    ///         PermissionDenied()  # finding
    ///     ...
    ///
    ///
    /// def reopen(request):
    ///     request.user.has_perm("shop.close_order")  # finding
    ///     ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    ///
    ///
    /// def close(request):
    ///     if not request.user.has_perm("shop.close_order"):
    ///         raise PermissionDenied
    ///     ...
    /// ```
    ///
    /// ## How to fix
    /// Write `raise` before the exception; refuse where the result is false.
    ///
    /// ## Limits
    /// `assert user.is_authenticated` is not reported: it mostly tells a type checker what a decorator
    /// has made sure.
    RULE {
        id: "permission-result-ignored",
        group: "access",
        summary: "a permission is checked, and nothing follows",
        severity: High,
        cwe: [252, 617, 863],
        owasp: ["2025:A01", "2025:A10"],
        asvs: ["5.0:8.2.1"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const REFUSALS: &[&str] = &[
    "django.core.exceptions.PermissionDenied",
    "django.http.Http404",
    "django.http.response.Http404",
    "rest_framework.exceptions.AuthenticationFailed",
    "rest_framework.exceptions.NotAuthenticated",
    "rest_framework.exceptions.PermissionDenied",
];
const CHECKS: &[&str] = &["has_perm", "has_perms", "has_module_perms", "ahas_perm", "ahas_perms"];
const RIGHTS: &[&str] = &["is_staff", "is_superuser", "has_perm", "has_perms"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let words = ["PermissionDenied", "Http404", "AuthenticationFailed", "NotAuthenticated"];
    for at in cx.sites() {
        let mut of_interest = words.iter().chain(CHECKS).chain(RIGHTS);
        if !of_interest.any(|word| at.code.symbol(word).is_some()) {
            continue;
        }
        for (_, stmt) in at.code.all_stmts() {
            match stmt {
                Stmt::Expr(expr) => thrown_away(cx, at, expr, out),
                Stmt::Assert(test) => asserted(at, test, out),
                _ => {}
            }
        }
    }
}

fn thrown_away(cx: &Cx<'_>, at: Site<'_>, expr: ExprId, out: &mut Findings) {
    let Some((callee, _)) = at.code.call(expr) else { return };
    let span = at.expr_span(expr);
    let name = at.called(expr).unwrap_or_default();
    if CHECKS.contains(&name) && of_user(at, callee) {
        out.found(&RULE, span, name, format!("nobody looks at what `{name}()` says"))
            .help("raise `PermissionDenied` where it is false")
            .done();
    } else if cx.names(at, callee, REFUSALS) {
        let text = cx.source(span);
        out.found(&RULE, span, name, format!("`{name}` is made, but not raised"))
            .help(format!("write `raise {name}(…)`"))
            .replace("Raise it", format!("raise {text}"))
            .done();
    }
}

/// Whether a method is called on something that goes by the name of a user.
fn of_user(at: Site<'_>, callee: ExprId) -> bool {
    let Expr::Attribute(owner, _) = at.code.expr(callee) else { return false };
    match at.code.expr(owner) {
        Expr::Name(name) | Expr::Attribute(_, name) => {
            let name = at.code.text(name);
            name == "user" || name.ends_with("_user")
        }
        _ => false,
    }
}

fn asserted(at: Site<'_>, test: ExprId, out: &mut Findings) {
    let mut right = None;
    at.code.each_inner(test, &mut |id, expr| {
        if let Expr::Attribute(_, name) = expr
            && RIGHTS.contains(&at.code.text(name))
            && of_user(at, id)
        {
            right = Some(at.code.text(name));
        }
    });
    let Some(right) = right else { return };
    let message = format!("`assert` on `{right}` refuses nobody when Python runs with `-O`");
    out.found(&RULE, at.expr_span(test), right, message)
        .severity(Severity::Medium)
        .help("raise `PermissionDenied` where it is false")
        .done();
}
