use djsec_flow::{Flow, Kind};
use djsec_python::code::Stmt;

use crate::flows::{say, source};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds calls of `url_has_allowed_host_and_scheme()` (formerly `is_safe_url()`) that check nothing: the hosts that
    /// are allowed come from the request itself, or nobody looks at the answer.
    ///
    /// ## Why it matters
    /// The function compares the host of an address with those that are allowed. Where whoever wrote the address also
    /// says which host is allowed, it is true of every address, and the visitor can be sent to any site, with this one's
    /// name in front.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from urllib.parse import urlsplit
    ///
    /// from django.shortcuts import redirect
    /// from django.utils.http import url_has_allowed_host_and_scheme
    ///
    ///
    /// def back(request):
    ///     target = request.GET["next"]
    ///     if url_has_allowed_host_and_scheme(target, allowed_hosts={urlsplit(target).netloc}):  # finding
    ///         return redirect(target)
    ///     return redirect("/")
    /// ```
    ///
    /// ## Not flagged
    /// The site's own host, a list of its own, or none at all, which allows only addresses of this site:
    /// ```python views.py
    /// from django.conf import settings
    /// from django.shortcuts import redirect
    /// from django.utils.http import url_has_allowed_host_and_scheme
    ///
    ///
    /// def back(request):
    ///     target = request.GET["next"]
    ///     if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
    ///         return redirect(target)
    ///     if url_has_allowed_host_and_scheme(target, settings.ALLOWED_HOSTS):
    ///         return redirect(target)
    ///     if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
    ///         return redirect(target)
    ///     return redirect("/")
    /// ```
    ///
    /// ## How to fix
    /// Allow `{request.get_host()}`, which Django has checked, and redirect only where the answer is true.
    ///
    /// ## Limits
    /// A check that is made by hand, such as `startswith("/")`, does not count as one: the redirect is reported by
    /// `open-redirect`. `require_https` is not asked for.
    ///
    /// ## References
    /// - [Django: url_has_allowed_host_and_scheme (source)](https://github.com/django/django/blob/main/django/utils/http.py)
    RULE {
        id: "redirect-check-misused",
        group: "injection",
        summary: "the check of a redirect's target checks nothing",
        severity: Medium,
        cwe: [601],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.7.2"],
        checklist: ["no-open-redirect"],
        since: "next",
        checks: [Check::Flow(&[Kind::Origin], hosts), Check::Project(ignored)],
    }
}

const CHECKS: &[&str] =
    &["django.utils.http.is_safe_url", "django.utils.http.url_has_allowed_host_and_scheme"];

fn hosts(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let check = CHECKS.iter().any(|name| name.rsplit('.').next() == Some(&*flow.callee));
    // Nobody chooses the host that the visitor's browser asks for.
    if !check || flow.source.words.contains("HTTP_HOST") {
        return;
    }
    let message =
        format!("{} says which hosts are allowed, so that the check is true of any", source(flow));
    say(&RULE, flow, message, out).help("allow `{request.get_host()}`").done();
}

/// Checks whose answer goes nowhere.
fn ignored(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        for (_, stmt) in at.code.all_stmts() {
            let Stmt::Expr(id) = stmt else { continue };
            let Some((callee, _)) = at.code.call(id) else { continue };
            if !cx.names(at, callee, CHECKS) {
                continue;
            }
            // Where the address is redirected to all the same, that is reported.
            let around = at.function_of(id).map(|function| at.span(function.range));
            let reported = cx.flows().of(Kind::Redirect).any(|flow| {
                around.is_some_and(|around| {
                    around.file == flow.place.file && around.range.contains_range(flow.place.range)
                })
            });
            if !reported {
                let message = "nobody looks at the answer of the check";
                out.found(&RULE, at.expr_span(id), at.path_around(id), message)
                    .help("redirect only where it is true")
                    .done();
            }
        }
    }
}
