use djsec_django::middleware::SECURITY;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds sites that never send `Strict-Transport-Security`: `SECURE_HSTS_SECONDS` is 0 or not set,
    /// and no server configuration in the repository sends the header.
    ///
    /// ## Why it matters
    /// The redirect to HTTPS is itself a plain HTTP answer, and whoever is on the way can replace it.
    /// With HSTS, browsers that were on the site once ask for HTTPS by themselves and refuse
    /// bad certificates.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_HSTS_SECONDS = 0  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "0"))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_HSTS_SECONDS = 31536000
    /// ```
    ///
    /// ## How to fix
    /// Begin with an hour (`SECURE_HSTS_SECONDS = 3600`), see that the whole site works over HTTPS, and
    /// raise it to a year. Browsers remember the header: it cannot be taken back at once.
    ///
    /// ## Fix safety
    /// The fix is unsafe: hosts that cannot speak HTTPS become unreachable for the time given.
    ///
    /// ## Limits
    /// Without `SecurityMiddleware` the setting does nothing; that is another finding. A load balancer
    /// whose configuration is not in the repository cannot be seen.
    ///
    /// ## References
    /// - [Django: HTTP Strict Transport Security](https://docs.djangoproject.com/en/stable/ref/middleware/#http-strict-transport-security)
    RULE {
        id: "hsts-missing",
        group: "transport",
        summary: "browsers are not told to use HTTPS only",
        severity: Medium,
        cwe: [319, 523],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.1"],
        checklist: ["hsts-enabled"],
        django: ["security.W004"],
        since: "next",
        checks: [Check::Setting(&["SECURE_HSTS_SECONDS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.edges().filter_map(|edge| edge.hsts.as_ref()).any(|hsts| hsts.max_age != Some(0)) {
        return;
    }
    let active = cx.project.security_middleware();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.falsy() & active,
        "no `Strict-Transport-Security` is sent, so whoever is on the way can keep visitors on plain HTTP",
    )
    .help("begin with `SECURE_HSTS_SECONDS = 3600`, and raise it to a year once all works over HTTPS")
    .django_check_if(!cx.has_middleware(SECURITY).is_never(), "security.W004")
    .fix(cx.set(setting, "Send HSTS for an hour to begin with", "3600"))
    .done();
}
