use djsec_django::settings::SettingRef;

use super::policy;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `CORS_ALLOW_PRIVATE_NETWORK` switched on.
    ///
    /// ## Why it matters
    /// Browsers ask before a page from the internet may call a server in a private network, such as an
    /// intranet or a router. With the switch on, this site answers yes, and gives up a protection
    /// that it has for nothing. A site on the internet has no use for it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    /// CORS_ALLOW_PRIVATE_NETWORK = True  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    /// CORS_ALLOW_PRIVATE_NETWORK = False
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting, unless pages on the internet really must call this site in a private
    /// network.
    ///
    /// ## References
    /// - [django-cors-headers: CORS_ALLOW_PRIVATE_NETWORK](https://github.com/adamchainz/django-cors-headers#cors_allow_private_network-bool)
    RULE {
        id: "cors-private-network-allowed",
        group: "cors",
        summary: "pages from the internet may call this site in a private network",
        severity: Low,
        cwe: [942],
        owasp: ["2025:A02"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Setting(&["CORS_ALLOW_PRIVATE_NETWORK"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let message = "pages from the internet may call this site inside a private network";
    out.judge(cx, &RULE, setting, setting.truthy() & policy::active(cx), message)
        .help("remove it, unless such pages must")
        .fix(cx.set(setting, "Do not answer pages from the internet", "False"))
        .done();
}
