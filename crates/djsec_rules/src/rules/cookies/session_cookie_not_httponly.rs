use djsec_base::Severity;
use djsec_django::middleware::SESSION;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SESSION_COOKIE_HTTPONLY` that was turned off while sessions are in use. Django's
    /// default is on.
    ///
    /// ## Why it matters
    /// With the flag, scripts in the page cannot read the session cookie. Without it, one hole for
    /// cross-site scripting, in your own pages or in any script they load, hands the session itself to
    /// the attacker, to use from anywhere and for as long as it lasts.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SESSION_COOKIE_HTTPONLY = False  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SESSION_COOKIE_HTTPONLY = os.environ.get("COOKIE_HTTPONLY") == "1"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SESSION_COOKIE_HTTPONLY = True
    /// ```
    /// ```python settings.py
    /// # Scripts that need the CSRF token may read its cookie: that one is not the session.
    /// CSRF_COOKIE_HTTPONLY = False
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting. A script that asks whether somebody is logged in should ask a view, not the
    /// cookie.
    ///
    /// ## Limits
    /// `django.contrib.sessions` without a session middleware, and a value that is true without being
    /// `True`, are for information: Django warns of both.
    ///
    /// ## References
    /// - [Django: SESSION_COOKIE_HTTPONLY](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-httponly)
    /// - [OWASP: HttpOnly](https://owasp.org/www-community/HttpOnly)
    RULE {
        id: "session-cookie-not-httponly",
        group: "cookies",
        summary: "scripts can read the session cookie",
        severity: High,
        cwe: [1004],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.4"],
        checklist: ["session-cookie-httponly"],
        django: ["security.W013", "security.W014", "security.W015"],
        since: "next",
        checks: [Check::Setting(&["SESSION_COOKIE_HTTPONLY"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let app = cx.has_app("django.contrib.sessions");
    let middleware = cx.project.session_middleware();
    let off = setting.falsy();
    let (has_app, has_middleware) = (!app.is_never(), !cx.has_middleware(SESSION).is_never());
    let id = match (has_app, has_middleware) {
        (true, true) => "security.W015",
        (true, false) => "security.W013",
        _ => "security.W014",
    };
    out.judge(
        cx,
        &RULE,
        setting,
        off & middleware,
        "scripts can read the session cookie, so one cross-site scripting hole gives the session away",
    )
    .help("remove the setting: Django's default is `True`")
    .django_check_if(has_app || has_middleware, id)
    .fix(cx.set(setting, "Hide the session cookie from scripts", "True"))
    .done();
    out.judge(
        cx,
        &RULE,
        setting,
        off & app & !middleware,
        "`SESSION_COOKIE_HTTPONLY` is off: no middleware here sets the cookie, but scripts can read \
         the one that comes later",
    )
    .severity(Severity::Info)
    .help("remove the setting: Django's default is `True`")
    .django_check(id)
    .fix(cx.set(setting, "Hide the session cookie from scripts", "True"))
    .done();
    if has_app || has_middleware {
        out.judge_truthy_switch(cx, &RULE, setting, app | middleware, id);
    }
}
