use djsec_django::middleware::SECURITY;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECURE_CONTENT_TYPE_NOSNIFF` that was turned off. Django's default is on.
    ///
    /// ## Why it matters
    /// Without `X-Content-Type-Options: nosniff`, browsers guess what a file is when they doubt its
    /// content type. An uploaded "text file" that holds a script is then loaded as one.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_CONTENT_TYPE_NOSNIFF = False  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_CONTENT_TYPE_NOSNIFF = True
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting.
    ///
    /// ## Limits
    /// The setting covers what Django answers. Files that the web server answers by itself, uploads
    /// for instance, need the header there. A value that is true without being `True` is for
    /// information.
    ///
    /// ## References
    /// - [Django: SECURE_CONTENT_TYPE_NOSNIFF](https://docs.djangoproject.com/en/stable/ref/settings/#secure-content-type-nosniff)
    RULE {
        id: "nosniff-disabled",
        group: "headers",
        summary: "browsers may guess the type of what they load",
        severity: Low,
        cwe: [693],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.4"],
        checklist: ["nosniff"],
        django: ["security.W006"],
        since: "next",
        checks: [Check::Setting(&["SECURE_CONTENT_TYPE_NOSNIFF"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.proxy_sends("X-Content-Type-Options") {
        return;
    }
    let active = cx.project.security_middleware();
    let django = !cx.has_middleware(SECURITY).is_never();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.falsy() & active,
        "browsers may guess a file's type, so an upload can be loaded as a script",
    )
    .help("remove the setting: Django's default is `True`")
    .django_check_if(django, "security.W006")
    .fix(cx.set(setting, "Send nosniff", "True"))
    .done();
    if django {
        out.judge_truthy_switch(cx, &RULE, setting, active, "security.W006");
    }
}
