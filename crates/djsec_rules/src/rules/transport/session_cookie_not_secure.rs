use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

const MIDDLEWARE: &str = "django.contrib.sessions.middleware.SessionMiddleware";

declare_rule! {
    /// ## What it does
    /// Finds a `SESSION_COOKIE_SECURE` that is off while sessions are in use.
    ///
    /// ## Why it matters
    /// Without the flag, browsers send the session cookie over plain HTTP too. Whoever sees one such
    /// request (a public network, one `http://` link) owns the session.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SESSION_COOKIE_SECURE = False  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SESSION_COOKIE_SECURE = os.environ.get("HTTPS_ONLY", "no") == "yes"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SESSION_COOKIE_SECURE = True
    /// ```
    /// ```python settings.py
    /// # Off for development only: production has DEBUG off.
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// SESSION_COOKIE_SECURE = not DEBUG
    /// ```
    ///
    /// ## How to fix
    /// Set `SESSION_COOKIE_SECURE = True`; for development over plain HTTP, turn it off in the
    /// development settings only.
    ///
    /// ## References
    /// - [Django: SESSION_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure)
    RULE {
        id: "session-cookie-not-secure",
        group: "transport",
        summary: "the session cookie also travels over plain HTTP",
        severity: High,
        cwe: [614],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.1"],
        checklist: ["session-cookie-secure"],
        django: ["security.W010", "security.W011", "security.W012"],
        since: "next",
        checks: [Check::Setting(&["SESSION_COOKIE_SECURE"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let app = cx.has_app("django.contrib.sessions");
    let middleware = cx.has_middleware(MIDDLEWARE);
    // Django wants exactly `True`, or the legacy string "True".
    let off = setting.falsy();
    let id = match (app.is_never(), middleware.is_never()) {
        (false, false) => "security.W012",
        (false, true) => "security.W010",
        _ => "security.W011",
    };
    out.judge(
        cx,
        &RULE,
        setting,
        off & (app | middleware),
        "the session cookie is also sent over plain HTTP, where anyone on the way can take the session",
    )
    .help("set `SESSION_COOKIE_SECURE = True` in the production settings")
    .django_check(id)
    .fix(cx.add_line("Send the session cookie over HTTPS only", "SESSION_COOKIE_SECURE = True"))
    .done();
}
