use djsec_base::{Confidence, Location, Severity};
use djsec_python::code::{Comparison, Expr, ExprId, Function, Stmt, StmtId};

use super::exempt::{callers, emptied, exempt_at};
use crate::own::{OwnClass, Site};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds code that turns off the check of CSRF tokens: a middleware or other code that sets
    /// `request._dont_enforce_csrf_checks`, a `SessionAuthentication` of Django REST framework whose
    /// `enforce_csrf()` does nothing, and a `CsrfViewMiddleware` whose `process_view()` does nothing.
    ///
    /// Where a class does it, all views that use it are one finding, at the class.
    ///
    /// ## Why it matters
    /// The settings look as if the check were on. Any page that a user visits while logged in can send
    /// requests in the user's name, and they are carried out.
    ///
    /// ## Flagged
    /// ```python api.py
    /// from rest_framework.authentication import SessionAuthentication
    ///
    ///
    /// class CsrfExemptSessionAuthentication(SessionAuthentication):
    ///     def enforce_csrf(self, request):  # finding
    ///         return
    /// ```
    ///
    /// ## Not flagged
    /// ```python api.py
    /// from rest_framework.authentication import SessionAuthentication
    ///
    ///
    /// class ApiSessionAuthentication(SessionAuthentication):
    ///     def enforce_csrf(self, request):
    ///         if request.path.startswith("/api/"):
    ///             super().enforce_csrf(request)
    /// ```
    ///
    /// ## How to fix
    /// Send the token with the requests of your own pages (the `X-CSRFToken` header), and use
    /// authentication by tokens for everybody else, which needs no check.
    ///
    /// ## Limits
    /// What is done only for requests with a header of its own (`X-API-Key`) is not reported, unless CORS lets every site
    /// in: pages of other sites can send such a header to nobody who does not let them.
    ///
    /// ## References
    /// - [Django: using CSRF protection with AJAX](https://docs.djangoproject.com/en/stable/howto/csrf/#using-csrf-protection-with-ajax)
    /// - [DRF: SessionAuthentication](https://www.django-rest-framework.org/api-guide/authentication/#sessionauthentication)
    RULE {
        id: "csrf-bypass-in-code",
        group: "csrf",
        summary: "code turns off the check of CSRF tokens",
        severity: High,
        cwe: [352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-middleware", "csrf-exemptions-justified"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const FLAG: &str = "_dont_enforce_csrf_checks";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (class, method) in emptied(cx) {
        checks_nothing(cx, &class, method, out);
    }
    for at in cx.sites().filter(|at| at.code.symbol(FLAG).is_some()) {
        for (_, stmt) in at.code.all_stmts() {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                && at.code.bool(value) == Some(true)
            {
                for target in at.code.exprs(targets) {
                    let Expr::Attribute(_, name) = at.code.expr(*target) else { continue };
                    if at.code.text(name) == FLAG {
                        flagged(cx, at, *target, out);
                    }
                }
            }
        }
        for (id, expr) in at.code.all_exprs() {
            let Expr::Call(callee, _) = expr else { continue };
            let Some((_, arguments)) = at.code.call(id) else { continue };
            let named =
                at.code.argument(arguments, 1, "name").and_then(|name| at.code.string(name));
            let value = at.code.argument(arguments, 2, "value").and_then(|v| at.code.bool(v));
            if at.code.name(callee) == Some("setattr") && named == Some(FLAG) && value == Some(true)
            {
                flagged(cx, at, id, out);
            }
        }
    }
}

/// A method that only ends, and which views other sites can call because of it.
fn checks_nothing(cx: &Cx<'_>, class: &OwnClass<'_>, method: &Function, out: &mut Findings) {
    let place = class.at.span(method.name_range);
    let name = class.at.code.text(method.name);
    let nothing = format!("`{}.{name}()` checks nothing", class.path());
    let concerned = |endpoint: &Endpoint<'_>| exempt_at(endpoint) == Some(Location::Span(place));
    let mut views = cx.endpoints().filter(concerned);
    let message = match (views.next(), views.count()) {
        (None, _) => nothing,
        (Some(first), more) => {
            let more = match more {
                0 => String::new(),
                1 => " and 1 more view".to_owned(),
                more => format!(" and {more} more views"),
            };
            let words = first.words();
            format!("{nothing}: {}", callers(cx, &format!("{words}{more}"), true))
        }
    };
    out.found(&RULE, place, class.path(), message)
        .help("send the token with the requests of your own pages, and remove the class")
        .done();
}

/// The flag that Django's test client sets, set by the application.
fn flagged(cx: &Cx<'_>, at: Site<'_>, place: ExprId, out: &mut Findings) {
    let range = at.code.expr_range(place);
    let (mut conditional, mut by_header) = (false, false);
    for (id, stmt) in at.code.all_stmts() {
        let Stmt::If { test, then, .. } = stmt else { continue };
        if at.code.stmt_range(id).contains_range(range) {
            let within = |id: &StmtId| at.code.stmt_range(*id).contains_range(range);
            conditional = true;
            by_header |= at.code.stmts(then).iter().any(within) && asks_header(at, test, 0);
        }
    }
    if by_header && !lets_all_in(cx) {
        return;
    }
    // Under a condition, it may be that only requests without a session get there.
    let (severity, confidence, words) = if conditional {
        (Severity::Medium, Confidence::Medium, "some requests")
    } else {
        (Severity::High, Confidence::High, "every request that passes here")
    };
    let message = format!("the check of CSRF tokens is turned off for {words}");
    out.found(&RULE, at.expr_span(place), FLAG, message)
        .severity(severity)
        .confidence(confidence)
        .help("exempt single views that authenticate without cookies, or none")
        .done();
}

/// Whether a condition holds only for requests with a header that no page of another site can send without being asked
/// first: `"X-API-Key" in request.headers`, `request.META.get("HTTP_X_API_KEY")`.
fn asks_header(at: Site<'_>, test: ExprId, depth: u8) -> bool {
    let code = at.code;
    let own = |name: ExprId| code.string(name).is_some_and(is_own_header);
    let headers = |of: ExprId| matches!(code.expr(of), Expr::Attribute(_, name) if matches!(code.text(name), "headers" | "META"));
    match code.expr(test) {
        Expr::And(parts) => code.exprs(parts).iter().any(|part| asks_header(at, *part, depth)),
        Expr::Compare(left, rest) => match code.comparisons(rest) {
            [(Comparison::In, all)] => own(left) && headers(*all),
            // Compared with a text that is not empty.
            [(Comparison::Eq, with)] => {
                code.string(*with).is_some_and(|text| !text.is_empty())
                    && asks_header(at, left, depth)
            }
            [(Comparison::IsNot, with)] => {
                code.expr(*with) == Expr::None && asks_header(at, left, depth)
            }
            _ => false,
        },
        Expr::Subscript(of, name) => headers(of) && own(name),
        Expr::Call(callee, arguments) => match code.expr(callee) {
            Expr::Attribute(of, method) if code.text(method) == "get" => {
                headers(of) && code.arguments(arguments).first().is_some_and(|a| own(a.value))
            }
            Expr::Attribute(of, method) => {
                matches!(code.text(method), "lower" | "upper" | "strip")
                    && asks_header(at, of, depth)
            }
            _ => false,
        },
        Expr::Name(name) if depth == 0 => {
            let around = code.function_around(code.expr_range(test).start());
            let Some(function) = around.and_then(|id| code.function(id)) else { return false };
            let mut values = Vec::new();
            code.each_stmt(function.body, &mut |_, stmt| {
                if let Stmt::Assign { targets, value, .. } = stmt
                    && code.exprs(targets).iter().any(|id| code.expr(*id) == Expr::Name(name))
                {
                    values.push(value);
                }
            });
            matches!(values.as_slice(), [Some(only)] if asks_header(at, *only, 1))
        }
        _ => false,
    }
}

/// Whether only scripts send a header, and proxies do not: `X-API-Key`, `HTTP_X_API_KEY`.
fn is_own_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let name = name.strip_prefix("http-").unwrap_or(&name);
    let of_proxies = ["x-forwarded", "x-real", "x-client", "x-original", "x-request-id"];
    name.starts_with("x-") && !of_proxies.iter().any(|start| name.starts_with(start))
}

/// Whether CORS may let the pages of every site send headers.
fn lets_all_in(cx: &Cx<'_>) -> bool {
    let names = ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"];
    names.iter().any(|name| !cx.setting(name).truthy().is_never())
}
