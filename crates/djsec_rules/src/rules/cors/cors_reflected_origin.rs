use djsec_base::{Severity, Span};
use djsec_django::views::Level;
use djsec_flow::{Flow, Kind};
use djsec_python::code::Expr;

use crate::flows::{report, say, source};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds code that answers whatever site asks with that site's own name in `Access-Control-Allow-Origin`, and
    /// pages for logged-in users that call a function of the asking site's choice (JSONP).
    ///
    /// ## Why it matters
    /// The header says which sites may read the answer. When the name is copied from the request, that is every site
    /// there is. With `Access-Control-Allow-Credentials`, any page that a logged-in user opens reads what they may
    /// read; a script with a callback gives that away even without the header.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import JsonResponse
    ///
    ///
    /// def profile(request):
    ///     response = JsonResponse({"email": request.user.email})
    ///     response["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")  # finding
    ///     response["Access-Control-Allow-Credentials"] = "true"
    ///     return response
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.http import JsonResponse
    ///
    /// SITES = {"https://app.example.com", "https://admin.example.com"}
    ///
    ///
    /// def profile(request):
    ///     response = JsonResponse({"email": request.user.email})
    ///     origin = request.headers.get("Origin")
    ///     if origin in SITES:
    ///         response["Access-Control-Allow-Origin"] = origin
    ///         response["Access-Control-Allow-Credentials"] = "true"
    ///     return response
    /// ```
    ///
    /// ## How to fix
    /// Compare the origin with a list first, whole and with its scheme, or leave the header to django-cors-headers
    /// and list the sites in `CORS_ALLOWED_ORIGINS`. Give up JSONP for it.
    ///
    /// ## Limits
    /// Without credentials the finding is milder: it is what `*` says. Patterns and endings that pin a domain count as
    /// a check (`origin.endswith(".example.com")`); a beginning does not, since `https://example.com.evil.example`
    /// has it, too. JSONP is reported where a view asks for a login or reads `request.user`.
    ///
    /// ## References
    /// - [MDN: Access-Control-Allow-Origin](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin)
    /// - [PortSwigger: cross-origin resource sharing](https://portswigger.net/web-security/cors)
    RULE {
        id: "cors-reflected-origin",
        group: "cors",
        summary: "whatever site asks may read the answer",
        severity: High,
        cwe: [942, 346],
        owasp: ["2025:A02", "2025:A01"],
        asvs: ["5.0:3.4.2"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Flow(&[Kind::Origin], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let site = cx.program.module_of(flow.place.file).and_then(|module| cx.site(module));
    if matches!(&*flow.callee, "__setitem__" | "setdefault") {
        let cookies = site.is_some_and(|at| sends_credentials(at, flow.place));
        let severity = if cookies { Severity::High } else { Severity::Medium };
        let with = if cookies { ", with the visitor's login" } else { "" };
        let message =
            format!("{} decides which sites may read the response{with}: any may", source(flow));
        say(&RULE, flow, message, out)
            .at_most(severity)
            .help("compare the origin with a list of those that may, or use django-cors-headers")
            .done();
    } else if &*flow.words == "the function that a script calls"
        && is_callback(flow)
        && site.is_some_and(|at| is_for_users(cx, at, flow.place))
    {
        report(&RULE, flow, "decides", out)
            .help("give up JSONP: let django-cors-headers name the sites that may read the answer")
            .done();
    }
}

/// Whether the code around sends the header that lets browsers send cookies along.
fn sends_credentials(at: Site<'_>, place: Span) -> bool {
    let around = at.code.function_around(place.range.start());
    let Some(function) = around.and_then(|id| at.code.function(id)) else { return false };
    let mut found = false;
    at.code.each_expr(function.body, &mut |_, expr| {
        let Expr::Str(text) = expr else { return };
        found |= at.code.text(text).eq_ignore_ascii_case("Access-Control-Allow-Credentials");
    });
    found
}

/// Whether the data is named as a function to be called.
fn is_callback(flow: &Flow) -> bool {
    let words = flow.source.words.to_ascii_lowercase();
    ["callback", "jsonp"].iter().any(|name| words.contains(name))
}

/// Whether what is answered is for somebody who is logged in.
fn is_for_users(cx: &Cx<'_>, at: Site<'_>, place: Span) -> bool {
    let around = at.code.function_around(place.range.start());
    let Some(function) = around.and_then(|id| at.code.function(id)) else { return false };
    at.mentions(function, &["user", "session"])
        || cx.endpoints().any(|endpoint| {
            endpoint.level("GET").is_some_and(Level::needs_user)
                && cx.functions_of(endpoint.view).any(|(other, it)| {
                    other.file == at.file && it.range.contains_range(place.range)
                })
        })
}
