use djsec_base::{Confidence, Severity};
use djsec_python::code::{Comparison, Expr, ExprId, Function, List, Stmt};

use super::client_headers::{Header, Reader, headers_in, readers};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds code that lets somebody in or sends him away by a header which the client itself writes:
    /// `X-Forwarded-For`, `X-Real-IP`, `Referer` or `Origin`.
    ///
    /// ## Why it matters
    /// Whoever sends `X-Forwarded-For: 127.0.0.1` comes from the inside, then. A proxy in front appends to
    /// the header what it sees; what the client wrote stays first.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    /// from django.shortcuts import render
    ///
    ///
    /// def metrics(request):
    ///     address = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[0]
    ///     if address not in ["10.0.0.1", "127.0.0.1"]:  # finding
    ///         raise PermissionDenied
    ///     return render(request, "metrics.html")
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    /// from django.shortcuts import render
    ///
    ///
    /// def metrics(request):
    ///     if request.META["REMOTE_ADDR"] not in ["10.0.0.1", "127.0.0.1"]:
    ///         raise PermissionDenied
    ///     return render(request, "metrics.html")
    /// ```
    ///
    /// ## How to fix
    /// Ask for a login or a secret. Where the address has to decide, let the proxy refuse, or count the
    /// proxies that you run from the end of `X-Forwarded-For`, as `django-ipware` does with a proxy count.
    ///
    /// ## Limits
    /// What only logs, counts or limits is left out, and so is an address counted from the end of the list.
    /// Where a proxy of the repository overwrites the header, nothing is said. For `X-Real-IP`, which proxies
    /// overwrite most often, and for `Referer` and `Origin`, which browsers write, the confidence is low.
    ///
    /// ## References
    /// - [MDN: X-Forwarded-For](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns)
    RULE {
        id: "client-ip-access-check",
        group: "access",
        summary: "a header that the client writes decides who comes in",
        severity: High,
        cwe: [348, 290],
        owasp: ["2025:A01"],
        asvs: ["5.0:4.1.3", "5.0:8.3.1"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let readers = readers(cx);
    for at in cx.sites() {
        let calls = readers.iter().any(|reader| at.code.symbol(&reader.name).is_some());
        if !calls && headers_in(at).next().is_none() {
            continue;
        }
        for (_, function) in at.code.functions() {
            let Some((test, header)) = decision(cx, at, function, &readers) else { continue };
            if header.is_overwritten(cx) {
                continue;
            }
            let (severity, confidence) = match header {
                Header::ForwardedFor => (Severity::High, Confidence::Medium),
                Header::RealIp => (Severity::High, Confidence::Low),
                Header::Origin | Header::Referer => (Severity::Medium, Confidence::Low),
            };
            let name = header.name();
            let message = format!("the client writes `{name}` itself, and it decides who comes in");
            out.found(&RULE, at.expr_span(test), &*function.path, message)
                .severity(severity)
                .confidence(confidence)
                .help("ask for a login or a secret, or let the proxy in front refuse")
                .done();
        }
    }
}

/// The first condition on such a header that refuses or grants, and the header.
fn decision(
    cx: &Cx<'_>,
    at: Site<'_>,
    function: &Function,
    readers: &[Reader],
) -> Option<(ExprId, Header)> {
    let code = at.code;
    let mut found = None;
    code.each_stmt(function.body, &mut |_, stmt| {
        let test = match stmt {
            Stmt::If { test, then, otherwise } if refuses(at, then) || refuses(at, otherwise) => {
                test
            }
            // A permission class, or a test of its own.
            Stmt::Return(Some(test)) if grants(code.text(function.name)) => test,
            _ => return,
        };
        if found.is_none() {
            let header = compared(cx, at, function, test, readers);
            found = header.map(|header| (test, header));
        }
    });
    found.filter(|_| !counts_proxies(at, function))
}

/// The header that a condition compares with something.
fn compared(
    cx: &Cx<'_>,
    at: Site<'_>,
    function: &Function,
    test: ExprId,
    readers: &[Reader],
) -> Option<Header> {
    let code = at.code;
    let mut header = None;
    code.each_inner(test, &mut |_, expr| {
        let Expr::Compare(left, rest) = expr else { return };
        let [(comparison, right)] = code.comparisons(rest) else { return };
        let equal = matches!(
            comparison,
            Comparison::Eq | Comparison::NotEq | Comparison::In | Comparison::NotIn
        );
        // Whether there is one at all decides nothing.
        if equal && !matches!(code.expr(*right), Expr::None) {
            header = header.or_else(|| Header::of(cx, at, function, left, readers));
        }
    });
    header
}

/// Whether a function knows of the proxies that it trusts.
fn counts_proxies(at: Site<'_>, function: &Function) -> bool {
    let mut found = false;
    at.code.each_expr(function.body, &mut |_, expr| {
        if let Expr::Name(name) | Expr::Attribute(_, name) = expr {
            let name = at.code.text(name).to_ascii_lowercase();
            found |= name.contains("proxies") || name.contains("proxy_count");
        }
    });
    found
}

/// Whether a function says by its name that it decides.
fn grants(name: &str) -> bool {
    matches!(name, "has_permission" | "has_object_permission" | "test_func")
        || ["is_allowed", "is_internal", "is_trusted"].iter().any(|word| name.contains(word))
}

/// Whether a block refuses: it raises, or answers with an error.
fn refuses(at: Site<'_>, block: List) -> bool {
    const WORDS: &[&str] =
        &["Denied", "Forbidden", "Http404", "NotAuthenticated", "SuspiciousOperation"];
    let code = at.code;
    code.stmts(block).iter().any(|id| {
        let (Stmt::Raise(Some(value)) | Stmt::Return(Some(value))) = code.stmt(*id) else {
            return false;
        };
        let mut found = false;
        code.each_inner(value, &mut |_, expr| {
            found |= match expr {
                Expr::Name(name) | Expr::Attribute(_, name) => {
                    WORDS.iter().any(|word| code.text(name).contains(word))
                }
                Expr::Int(status) => matches!(status, 401 | 403 | 404),
                _ => false,
            };
        });
        found
    })
}
