use djsec_django::middleware::SECURITY;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECURE_CROSS_ORIGIN_OPENER_POLICY` that is turned off or that browsers do not know.
    /// Django sends `same-origin` by default since 4.0.
    ///
    /// ## Why it matters
    /// Without the policy, a page that opens yours in a new window keeps a handle on it: it can
    /// send it to another address behind the user's back and count its frames, and shares a process with it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_CROSS_ORIGIN_OPENER_POLICY = "Same-Origin"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # Sign-in windows of other sites need it.
    /// SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting. If a sign-in or payment window stops working, use
    /// `"same-origin-allow-popups"`.
    ///
    /// ## References
    /// - [Django: SECURE_CROSS_ORIGIN_OPENER_POLICY](https://docs.djangoproject.com/en/stable/ref/settings/#secure-cross-origin-opener-policy)
    RULE {
        id: "coop-disabled-or-invalid",
        group: "headers",
        summary: "other sites keep a handle on windows they open",
        severity: Low,
        cwe: [346],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.8"],
        checklist: ["cross-origin-opener"],
        django: ["security.E024"],
        since: "next",
        checks: [Check::Setting(&["SECURE_CROSS_ORIGIN_OPENER_POLICY"], check)],
    }
}

const KNOWN: [&str; 3] = ["same-origin", "same-origin-allow-popups", "unsafe-none"];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !cx.django_at_least(4, 0) {
        return;
    }
    if cx.proxy_sends("Cross-Origin-Opener-Policy") {
        return;
    }
    let active = cx.project.security_middleware();
    let off = setting.is(|data| {
        Some(match data {
            Data::None | Data::Bool(false) => true,
            other => other.as_str() == Some("unsafe-none"),
        })
    });
    out.judge(
        cx,
        &RULE,
        setting,
        off & active,
        "a page that opens this site in a window keeps a handle on it and can send it elsewhere",
    )
    .help("remove the setting: Django's default is `\"same-origin\"`")
    .fix(cx.set(setting, "Send Django's default policy", "\"same-origin\""))
    .done();
    let invalid = setting.is(|data| {
        Some(match data {
            Data::None | Data::Bool(_) | Data::Absent => false,
            Data::Str(text) => !KNOWN.contains(&&**text),
            _ => return None,
        })
    });
    out.judge(
        cx,
        &RULE,
        setting,
        invalid & active,
        "browsers do not know this opener policy and ignore it",
    )
    .help(format!("use one of {}, in lower case", KNOWN.join(", ")))
    .django_check_if(!cx.has_middleware(SECURITY).is_never(), "security.E024")
    .fix(cx.set(setting, "Send Django's default policy", "\"same-origin\""))
    .done();
}
