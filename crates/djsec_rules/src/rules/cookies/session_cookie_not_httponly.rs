use djsec_django::settings::SettingRef;

use super::session_cookie::{self, Flag};
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
    let flag = Flag {
        rule: &RULE,
        checks: ["security.W013", "security.W014", "security.W015"],
        message: "scripts can read the session cookie, so one cross-site scripting hole gives the \
                  session away",
        help: "remove the setting: Django's default is `True`",
        later: "`SESSION_COOKIE_HTTPONLY` is off: no middleware here sets the cookie, but scripts can \
                read the one that comes later",
        later_help: "remove the setting: Django's default is `True`",
        title: "Hide the session cookie from scripts",
    };
    session_cookie::check(cx, setting, &flag, out);
}
