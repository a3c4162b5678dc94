use djsec_django::middleware::CSRF;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `CSRF_COOKIE_SECURE` that is off while the CSRF token is kept in a cookie.
    ///
    /// ## Why it matters
    /// Without the flag, browsers send the token over plain HTTP too. Whoever reads it there can make
    /// the user's browser post forms that the site accepts as the user's own.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// CSRF_COOKIE_SECURE = False  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// CSRF_COOKIE_SECURE = os.environ.get("HTTPS_ONLY") == "1"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # The token is kept in the session: there is no CSRF cookie.
    /// CSRF_USE_SESSIONS = True
    /// CSRF_COOKIE_SECURE = False
    /// ```
    /// ```python settings.py
    /// # Not being HttpOnly is no weakness of this cookie: pages carry the token anyway.
    /// CSRF_COOKIE_HTTPONLY = False
    /// ```
    ///
    /// ## How to fix
    /// Set `CSRF_COOKIE_SECURE = True`; for development over plain HTTP, turn it off in the development
    /// settings only.
    ///
    /// ## References
    /// - [Django: CSRF_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-cookie-secure)
    RULE {
        id: "csrf-cookie-not-secure",
        group: "cookies",
        summary: "the CSRF cookie also travels over plain HTTP",
        severity: Medium,
        cwe: [614],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.1"],
        checklist: ["session-cookie-secure"],
        django: ["security.W016"],
        since: "next",
        checks: [Check::Setting(&["CSRF_COOKIE_SECURE"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let in_cookie = cx.project.csrf_middleware() & !cx.setting("CSRF_USE_SESSIONS").truthy();
    let django = !cx.has_middleware(CSRF).is_never();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.falsy() & in_cookie,
        "the CSRF token is also sent over plain HTTP, where anyone on the way can read it and forge \
         the user's requests",
    )
    .help("set `CSRF_COOKIE_SECURE = True` in the production settings")
    .django_check_if(django, "security.W016")
    .fix(cx.set(setting, "Send the CSRF cookie over HTTPS only", "True"))
    .done();
    if django {
        out.judge_truthy_switch(cx, &RULE, setting, in_cookie, "security.W016");
    }
}
