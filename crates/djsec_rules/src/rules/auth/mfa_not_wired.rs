use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds second factors of django-otp or django-two-factor-auth that are installed, while
    /// `OTPMiddleware` is missing or comes before the middleware that finds the user.
    ///
    /// ## Why it matters
    /// Users register a device, and nothing asks for it: only `OTPMiddleware` tells the rest of Django
    /// whether a user has shown one. It looks like two factors, and is one.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["django_otp", "django_otp.plugins.otp_totp"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["django_otp", "django_otp.plugins.otp_totp"]
    /// MIDDLEWARE += ["django_otp.middleware.OTPMiddleware"]
    /// ```
    ///
    /// ## How to fix
    /// Add `"django_otp.middleware.OTPMiddleware"` after `AuthenticationMiddleware`, and ask for a
    /// verified user where it matters: `OTPAdminSite`, `otp_required`.
    ///
    /// ## References
    /// - [django-otp: installation](https://django-otp-official.readthedocs.io/en/stable/overview.html#installation)
    RULE {
        id: "mfa-not-wired",
        group: "auth",
        summary: "second factors are installed, but never asked for",
        severity: High,
        cwe: [308, 1390],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.3"],
        checklist: ["mfa-privileged"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

const OTP: &str = "django_otp.middleware.OTPMiddleware";
const USERS: &str = "django.contrib.auth.middleware.AuthenticationMiddleware";

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let apps = ["django_otp", "two_factor"];
    let installed = apps.iter().fold(cx.settings().never(), |cond, app| cond | cx.uses_app(app));
    let place = apps.iter().find_map(|app| cx.app_place(app));
    let missing = installed & !cx.has_middleware(OTP);
    out.judge(
        cx,
        &RULE,
        setting,
        missing,
        "second factors can be registered, but nothing asks for them: `OTPMiddleware` is missing",
    )
    .at(place)
    .help(format!("add `\"{OTP}\"` after `AuthenticationMiddleware`"))
    .done();
    let otp = |data: &Data| cx.project.is_middleware(data, OTP);
    let early = setting.before(otp, |data| cx.project.is_middleware(data, USERS)) & installed;
    out.judge(
        cx,
        &RULE,
        setting,
        early,
        "`OTPMiddleware` comes before `AuthenticationMiddleware`, and sees no user to verify",
    )
    .at(setting.element_span(early, |data| otp(data) == Some(true)))
    .help("move it after `AuthenticationMiddleware`")
    .done();
}
