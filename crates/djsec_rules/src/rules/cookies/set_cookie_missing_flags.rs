use djsec_base::Confidence;
use djsec_python::code::Expr;

use super::letting_in::{is_about, is_key, says_login};
use super::sent::{HTTP_ONLY, SECURE, Sent, collect};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds cookies that the project sets itself, that let somebody in, and that lack `secure` or `httponly`:
    /// tokens, keys of sessions, "remember me".
    ///
    /// ## Why it matters
    /// Django protects its own cookies by settings; `set_cookie()` protects nothing by itself. Without `secure`, the
    /// browser sends the cookie over plain HTTP, too, where everybody on the way can take it. Without
    /// `httponly`, one hole for a script in any page gives it away.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import secrets
    ///
    /// from django.shortcuts import redirect
    ///
    ///
    /// def remember(request):
    ///     response = redirect("/")
    ///     token = secrets.token_urlsafe()
    ///     request.user.devices.create(token=token)
    ///     response.set_cookie("device", token, max_age=10**7)  # finding
    ///     return response
    /// ```
    ///
    /// ## Not flagged
    /// What browsers may know, and what is protected:
    /// ```python views.py
    /// import secrets
    ///
    /// from django.shortcuts import redirect
    ///
    ///
    /// def remember(request):
    ///     response = redirect("/")
    ///     response.set_cookie("theme", request.POST["theme"])
    ///     token = secrets.token_urlsafe()
    ///     request.user.devices.create(token=token)
    ///     response.set_cookie("device", token, secure=True, httponly=True, samesite="Lax")
    ///     return response
    /// ```
    ///
    /// ## How to fix
    /// Give `secure=True, httponly=True, samesite="Lax"`. For development over plain HTTP,
    /// `secure=settings.SESSION_COOKIE_SECURE`.
    ///
    /// ## Limits
    /// Whether a cookie lets somebody in is told by its value, and by its name. Flags that the caller
    /// decides, that come by `**flags`, or that are those of the session's cookie (which has its own
    /// rules) are taken as they should be. Cookies set through `response.cookies[…]` are not looked at. Nothing is
    /// reported where a middleware of the project or the proxy sets the flags of all cookies.
    ///
    /// ## References
    /// - [Django: `set_cookie()`](https://docs.djangoproject.com/en/stable/ref/request-response/#django.http.HttpResponse.set_cookie)
    /// - [OWASP: session management, cookies](https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#cookies)
    RULE {
        id: "set-cookie-missing-flags",
        group: "cookies",
        summary: "a cookie of the project's own that lets somebody in is unprotected",
        severity: Medium,
        cwe: [614, 1004],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.1", "5.0:3.3.4"],
        checklist: ["application-cookies"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let sent = collect(cx);
    if sent.is_empty() || protects_all(cx) {
        return;
    }
    for cookie in sent {
        let off: Vec<_> =
            [SECURE, HTTP_ONLY].into_iter().filter(|f| cookie.is_off(cx, *f)).collect();
        let Some(confidence) = (!off.is_empty()).then(|| lets_in(cx, &cookie)).flatten() else {
            continue;
        };
        let called = cookie.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
        let what = match off.as_slice() {
            [SECURE] => "is also sent over plain HTTP",
            [HTTP_ONLY] => "can be read by every script in a page",
            _ => "is also sent over plain HTTP, and every script in a page can read it",
        };
        let flags: Vec<String> = off.iter().map(|(name, _)| format!("{name}=True")).collect();
        out.found(
            &RULE,
            cookie.at.expr_span(cookie.call),
            cookie.at.path_around(cookie.call),
            format!("the cookie{called} lets its holder in, and {what}"),
        )
        .confidence(confidence)
        .help(format!("give `{}`", flags.join(", ")))
        .fix(cookie.fix(cx, &off))
        .done();
    }
}

/// Whether somebody sets the flags of all cookies on their way out: a middleware, or the proxy.
fn protects_all(cx: &Cx<'_>) -> bool {
    // nginx has a directive for it; before, and with Apache, the flags are written behind what is there.
    let written = ["proxy_cookie_flags", "edit set-cookie", "edit* set-cookie", "; secure"];
    if written.iter().any(|words| cx.proxy_sends(words)) {
        return true;
    }
    cx.own_middleware().iter().any(|class| {
        cx.bodies(class).any(|(_, at, id)| {
            let methods = at.code.methods(id).into_iter().filter_map(|id| at.code.function(id));
            methods.into_iter().any(|method| {
                let mut says = false;
                at.code.each_expr(method.body, &mut |_, expr| {
                    says |= matches!(expr, Expr::Str(text) if at.code.text(text) == "secure");
                });
                says && at.mentions(method, &["cookies"])
            })
        })
    })
}

/// Whether a cookie lets somebody in, and how sure that is.
fn lets_in(cx: &Cx<'_>, cookie: &Sent<'_>) -> Option<Confidence> {
    let name = cookie.name.as_deref().unwrap_or_default();
    if cookie.is_written() || is_about(name) {
        return None;
    }
    if is_key(cx, cookie.at, cookie.value, 0) {
        return Some(Confidence::High);
    }
    says_login(name).then_some(Confidence::Medium)
}
