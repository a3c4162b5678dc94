use djsec_django::settings::SettingRef;
use djsec_python::value::{Data, Seq};

use crate::{Check, Cx, Findings, declare_rule};

const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
/// Packages of before Django 1.8 that did the same.
const ANCESTOR: &str = "djangosecure.middleware.SecurityMiddleware";

declare_rule! {
    /// ## What it does
    /// Finds a `MIDDLEWARE` without `SecurityMiddleware`, or a class derived from it.
    ///
    /// ## Why it matters
    /// The middleware is what reads `SECURE_SSL_REDIRECT`, `SECURE_HSTS_SECONDS`,
    /// `SECURE_CONTENT_TYPE_NOSNIFF`, `SECURE_REFERRER_POLICY` and
    /// `SECURE_CROSS_ORIGIN_OPENER_POLICY`. Without it all of them are ignored, silently.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = [  # finding
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.common.CommonMiddleware",
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.middleware.common.CommonMiddleware",
    /// ]
    /// ```
    /// ```python settings.py
    /// MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    /// MIDDLEWARE.insert(0, "django.middleware.security.SecurityMiddleware")
    /// ```
    /// A class of the project's own that is derived from it counts:
    /// ```python settings.py
    /// MIDDLEWARE = ["shop.middleware.Security", "django.middleware.common.CommonMiddleware"]
    /// ```
    /// ```python middleware.py
    /// from django.middleware.security import SecurityMiddleware
    ///
    /// class Security(SecurityMiddleware):
    ///     pass
    /// ```
    ///
    /// ## How to fix
    /// Put `"django.middleware.security.SecurityMiddleware"` first in `MIDDLEWARE`.
    ///
    /// ## Limits
    /// Django's own check (`security.W001`) does not know derived classes; this rule does.
    ///
    /// ## References
    /// - [Django: security middleware](https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security)
    RULE {
        id: "security-middleware-missing",
        group: "settings",
        summary: "the security middleware is not active",
        severity: High,
        cwe: [693],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.1", "5.0:3.4.4"],
        checklist: ["security-middleware-order", "https-enforced", "nosniff"],
        django: ["security.W001"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let missing = !(cx.has_middleware(SECURITY) | cx.has_middleware(ANCESTOR));
    // `MIDDLEWARE` of a base module is most often a list; a tuple has no `insert`.
    let list =
        matches!(setting.value().single().map(|alt| &alt.data), Some(Data::List(Seq { .. })));
    let name = cx.middleware_setting();
    let insert = format!("{name}.insert(0, \"{SECURITY}\")");
    let fix = (list && setting.explicit)
        .then(|| cx.add_line("Insert the security middleware", &insert))
        .flatten();
    out.judge(
        cx,
        &RULE,
        setting,
        missing,
        "`SecurityMiddleware` is not active, so the `SECURE_…` settings have no effect",
    )
    .help(format!("put `\"{SECURITY}\"` first in `{name}`"))
    .django_check("security.W001")
    .at(setting.last_change())
    .fix(fix)
    .done();
}
