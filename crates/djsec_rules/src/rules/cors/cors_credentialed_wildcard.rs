use djsec_base::Severity;

use super::pattern::{Gap, stranger};
use super::policy;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds settings of django-cors-headers that let every site act as the visitor who is logged in:
    /// `CORS_ALLOW_CREDENTIALS` together with every origin.
    ///
    /// ## Why it matters
    /// Browsers refuse `*` together with cookies, so django-cors-headers answers with the origin that
    /// asked. Any page that a logged-in user opens can then read their data with their session, and
    /// the CSRF token with it. Only the cookie's `SameSite` stands in the way, and it does not hold
    /// against other hosts of the same domain.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOW_ALL_ORIGINS = True
    /// CORS_ALLOW_CREDENTIALS = True  # finding
    /// ```
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://.*"]
    /// CORS_ALLOW_CREDENTIALS = True  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    /// CORS_ALLOW_CREDENTIALS = True
    /// ```
    /// ```python settings.py
    /// # The middleware that would send the headers is not there.
    /// CORS_ALLOW_ALL_ORIGINS = True
    /// CORS_ALLOW_CREDENTIALS = True
    /// ```
    ///
    /// ## How to fix
    /// List the sites that may in `CORS_ALLOWED_ORIGINS`. If nobody needs cookies across sites, turn
    /// `CORS_ALLOW_CREDENTIALS` off.
    ///
    /// ## Limits
    /// Critical when cookies go to other sites (`SESSION_COOKIE_SAMESITE` is `"None"` or off), high
    /// with `Lax` or `Strict`, medium when no session middleware is active.
    ///
    /// ## References
    /// - [django-cors-headers: CORS_ALLOW_CREDENTIALS](https://github.com/adamchainz/django-cors-headers#cors_allow_credentials-bool)
    /// - [PortSwigger: cross-origin resource sharing](https://portswigger.net/web-security/cors)
    RULE {
        id: "cors-credentialed-wildcard",
        group: "cors",
        summary: "every site may act as the visitor who is logged in",
        severity: Critical,
        cwe: [942, 346],
        owasp: ["2025:A02", "2025:A01"],
        asvs: ["5.0:3.4.2"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Setting(&["CORS_ALLOW_CREDENTIALS"], check)],
    }
}

const SESSIONS: &str = "django.contrib.sessions.middleware.SessionMiddleware";

fn check(cx: &Cx<'_>, setting: &djsec_django::settings::SettingRef<'_>, out: &mut Findings) {
    let all = policy::allow_all(cx);
    let patterns = policy::patterns(cx);
    let open = patterns.any(|data| {
        let gap = policy::pattern(data).map(|text| stranger(text).map(|found| found.gap));
        gap.map(|gap| gap == Some(Gap::Everything))
    });
    let every = all.truthy() | open.surely();
    let when = setting.truthy() & every & policy::active(cx);
    let same_site = cx.setting("SESSION_COOKIE_SAMESITE");
    let sent = !(same_site.equals("Lax") | same_site.equals("Strict"));
    let (severity, message) = if cx.has_middleware(SESSIONS).is_never() {
        (
            Severity::Medium,
            "every site may send the browser's cookies and logins along, and read the answers",
        )
    } else if (sent & when).is_never() {
        (
            Severity::High,
            "every site may act as the visitor who is logged in, with only the cookie's `SameSite` in the way",
        )
    } else {
        (
            Severity::Critical,
            "every site may act as the visitor who is logged in, and read the answers",
        )
    };
    let cause = if all.truthy().is_never() { &patterns } else { &all };
    out.judge(cx, &RULE, setting, when, message)
        .rated(severity)
        .related(cause.touched().last().copied(), "every origin is allowed here")
        .help("list the sites that may in `CORS_ALLOWED_ORIGINS`")
        .fix(cx.set(setting, "Send no cookies across sites", "False"))
        .done();
}
