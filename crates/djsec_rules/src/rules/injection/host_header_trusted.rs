use djsec_flow::{Flow, Kind};

use super::report::{say, source};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds addresses whose host is read from a header of the request (`Host`, `X-Forwarded-Host`) without
    /// Django's check of it against `ALLOWED_HOSTS`.
    ///
    /// ## Why it matters
    /// Whoever sends the request writes these headers. A link that is built from one leads to the attacker,
    /// in a mail to somebody else, or in a page that a cache then gives to everybody.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.mail import send_mail
    /// from django.http import HttpResponse
    ///
    ///
    /// def invite(request):
    ///     host = request.META.get("HTTP_X_FORWARDED_HOST", "shop.example.com")
    ///     link = f"https://{host}/join/"  # finding
    ///     send_mail("Join us", link, None, [request.POST["email"]])
    ///     return HttpResponse("Sent")
    /// ```
    ///
    /// ## Not flagged
    /// `get_host()` and `build_absolute_uri()`, which compare the host with `ALLOWED_HOSTS`:
    /// ```python views.py
    /// from django.core.mail import send_mail
    /// from django.http import HttpResponse
    ///
    ///
    /// def invite(request):
    ///     link = f"https://{request.get_host()}/join/"
    ///     send_mail("Join us", link, None, [request.POST["email"]])
    ///     return HttpResponse("Sent")
    /// ```
    ///
    /// ## How to fix
    /// Read the host with `request.get_host()`, and let `USE_X_FORWARDED_HOST` say whether a proxy's header
    /// counts. Better still, take the host of links in mails from a setting, or from `django.contrib.sites`.
    ///
    /// ## Limits
    /// Only what stands right behind `://` counts, or goes into `urlunsplit()`. `CommonMiddleware` calls
    /// `get_host()` for every request, so where it is active, the header that `get_host()` reads
    /// (`Host`, or `X-Forwarded-Host` with `USE_X_FORWARDED_HOST`) is one of the allowed ones, and is not
    /// reported. How wide `ALLOWED_HOSTS` is, is the business of `allowed-hosts-wildcard`, and
    /// that the server calls such an address that of `ssrf`.
    ///
    /// ## References
    /// - [Django: host headers and virtual hosting](https://docs.djangoproject.com/en/stable/topics/security/#host-headers-virtual-hosting)
    RULE {
        id: "host-header-trusted",
        group: "injection",
        summary: "a header of the request decides where an address leads",
        severity: Medium,
        cwe: [644],
        owasp: ["2025:A05"],
        asvs: ["5.0:4.1.3"],
        checklist: ["allowed-hosts-explicit"],
        since: "next",
        checks: [Check::Flow(&[Kind::Host], check)],
    }
}

const COMMON: &str = "django.middleware.common.CommonMiddleware";

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    // Where the server itself calls that address, `ssrf` says so.
    let called = |other: &Flow| other.source == flow.source;
    if is_compared(cx, flow) || cx.flows().of(Kind::Ssrf).any(called) {
        return;
    }
    let message = format!(
        "{} decides where an address leads, and nothing compares it with `ALLOWED_HOSTS`",
        source(flow)
    );
    say(&RULE, flow, message, out).help("use `request.get_host()`, which does").done();
}

/// Whether Django may have compared the header with `ALLOWED_HOSTS` before the view runs.
fn is_compared(cx: &Cx<'_>, flow: &Flow) -> bool {
    let forwarded = cx.setting("USE_X_FORWARDED_HOST").truthy();
    let header = flow.source.words.to_ascii_lowercase().replace('-', "_");
    let read = if header.contains("x_forwarded_host") {
        forwarded
    } else if header.contains("http_host\"") || header.contains("\"host\"") {
        !forwarded
    } else {
        return false;
    };
    !(read & cx.has_middleware(COMMON)).is_never()
}
