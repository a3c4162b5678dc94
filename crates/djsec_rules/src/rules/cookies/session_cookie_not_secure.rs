use djsec_django::settings::SettingRef;

use super::session_cookie::{self, Flag};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SESSION_COOKIE_SECURE` that is off while sessions are in use.
    ///
    /// ## Why it matters
    /// Without the flag, browsers send the session cookie over plain HTTP too. Whoever sees one such
    /// request (a public network, one `http://` link) owns the session. The redirect to HTTPS does not
    /// help: the cookie has left the browser before the redirect comes.
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
    /// ## Limits
    /// Where `django.contrib.sessions` is installed without a session middleware, nothing sets the
    /// cookie; Django warns of that as well (`security.W010`), here it is for information. So is a
    /// value that is true without being `True`, such as `1`.
    ///
    /// ## References
    /// - [Django: SESSION_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure)
    /// - [OWASP: session management](https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#secure-attribute)
    RULE {
        id: "session-cookie-not-secure",
        group: "cookies",
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
    let flag = Flag {
        rule: &RULE,
        checks: ["security.W010", "security.W011", "security.W012"],
        message: "the session cookie is also sent over plain HTTP, where anyone on the way can take \
                  the session",
        help: "set `SESSION_COOKIE_SECURE = True` in the production settings",
        later: "`SESSION_COOKIE_SECURE` is off: no middleware here sets the cookie, but one that comes \
                later will send it over plain HTTP too",
        later_help: "set it to `True`, or remove `django.contrib.sessions` if nothing uses sessions",
        title: "Send the session cookie over HTTPS only",
    };
    session_cookie::check(cx, setting, &flag, out);
}
