use djsec_base::Severity;

use super::policy;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds settings of django-cors-headers that let every site read the answers.
    ///
    /// ## Why it matters
    /// Any page that a visitor opens can then call this site from the visitor's browser and read what
    /// comes back. Cookies stay behind, but the requests come from the visitor's network: whatever a
    /// firewall, a VPN or an address list protects lies open, and scripts of strangers can use the API
    /// as if it were theirs.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOW_ALL_ORIGINS = True  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    /// ```
    /// A public API that can only be read, on its own URLs:
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOW_ALL_ORIGINS = True
    /// CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
    /// CORS_URLS_REGEX = r"^/api/public/"
    /// ```
    ///
    /// ## How to fix
    /// List the sites that may call this one in `CORS_ALLOWED_ORIGINS`. If the API is meant for
    /// everybody, limit the headers to it with `CORS_URLS_REGEX`, and to reading with
    /// `CORS_ALLOW_METHODS`.
    ///
    /// ## Limits
    /// With one of those two limits the finding is milder; with both there is none. With
    /// `CORS_ALLOW_CREDENTIALS`, it is `cors-credentialed-wildcard`.
    ///
    /// ## References
    /// - [django-cors-headers: configuration](https://github.com/adamchainz/django-cors-headers#configuration)
    RULE {
        id: "cors-allow-all",
        group: "cors",
        summary: "every site may read the answers",
        severity: Medium,
        cwe: [942],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.2"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let setting = policy::allow_all(cx);
    let all = setting.truthy() & policy::active(cx) & !policy::credentials(cx).surely();
    let severity = match (policy::some_urls_only(cx), policy::read_only(cx)) {
        (true, true) => return,
        (false, false) => Severity::Medium,
        _ => Severity::Low,
    };
    out.judge(
        cx,
        &RULE,
        &setting,
        all,
        "every site may call this one from a visitor's browser and read the answers",
    )
    .rated(severity)
    .help("list the sites that may in `CORS_ALLOWED_ORIGINS`")
    .done();
}
