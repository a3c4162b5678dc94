use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds packages that let one user act as another (django-hijack, django-impersonate), open to
    /// more people than superusers, or to plain links.
    ///
    /// ## Why it matters
    /// Whoever may act as another user has that user's rights and data, and what they do stands under
    /// that user's name. Staff who may act as a superuser are superusers. An impersonation that a GET
    /// request starts can be started by any page that an administrator opens.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["impersonate"]
    /// MIDDLEWARE += ["impersonate.middleware.ImpersonateMiddleware"]
    /// IMPERSONATE = {"ALLOW_SUPERUSER": True}  # finding
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["hijack"]
    /// HIJACK_PERMISSION_CHECK = "hijack.permissions.superusers_and_staff"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["hijack", "impersonate"]
    /// MIDDLEWARE += ["impersonate.middleware.ImpersonateMiddleware"]
    /// HIJACK_PERMISSION_CHECK = "hijack.permissions.superusers_only"
    /// IMPERSONATE = {"REQUIRE_SUPERUSER": True}
    /// ```
    ///
    /// ## How to fix
    /// Leave django-hijack at its default, superusers only; set `REQUIRE_SUPERUSER` for
    /// django-impersonate; log who acted as whom.
    ///
    /// ## Limits
    /// Functions of the project that decide who may are not looked at, nor is django-loginas, which
    /// has only such.
    ///
    /// ## References
    /// - [django-hijack: customization](https://django-hijack.readthedocs.io/en/stable/customization/)
    /// - [django-impersonate](https://code.netlandish.com/~petersanchez/django-impersonate)
    RULE {
        id: "impersonation-unrestricted",
        group: "auth",
        summary: "too many may act as other users",
        severity: High,
        cwe: [269, 352],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["least-privilege-roles"],
        since: "next",
        checks: [Check::Settings(hijack), Check::Setting(&["IMPERSONATE"], impersonate)],
    }
}

fn hijack(cx: &Cx<'_>, out: &mut Findings) {
    let app = cx.uses_app("hijack");
    let check = cx.setting("HIJACK_PERMISSION_CHECK");
    let staff = check.equals("hijack.permissions.superusers_and_staff").surely();
    let message = "every member of staff may act as any customer";
    report(cx, &check, staff & app, Severity::Low, message, out);
    // django-hijack 2 and older.
    for (name, severity, message) in [
        ("HIJACK_AUTHORIZE_STAFF", Severity::Low, message),
        (
            "HIJACK_AUTHORIZE_STAFF_TO_HIJACK_STAFF",
            Severity::High,
            "every member of staff may act as any other",
        ),
        (
            "HIJACK_ALLOW_GET_REQUESTS",
            Severity::Medium,
            "any page that an administrator opens can make them act as another user",
        ),
    ] {
        let setting = cx.setting(name);
        let on = setting.truthy() & app & before_3(cx);
        report(cx, &setting, on, severity, message, out);
    }
}

/// The older settings count before django-hijack 3, and where its version is not known.
fn before_3<'a>(cx: &Cx<'a>) -> Cond<'a> {
    let version = cx.project.inventory.version_of("django-hijack");
    match version.and_then(|it| it.version.release().first().copied()) {
        Some(3..) => cx.settings().never(),
        _ => cx.settings().always(),
    }
}

fn impersonate(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.uses_middleware("impersonate.middleware.ImpersonateMiddleware");
    let staff = setting.entry("REQUIRE_SUPERUSER").falsy() & setting.entry("CUSTOM_ALLOW").falsy();
    let all = setting.entry("ALLOW_SUPERUSER");
    let message = "every member of staff may act as a superuser";
    report(cx, &all, all.truthy() & staff & active, Severity::High, message, out);
}

fn report(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    when: Cond<'_>,
    severity: Severity,
    message: &str,
    out: &mut Findings,
) {
    out.judge(cx, &RULE, setting, when, message)
        .rated(severity)
        .help("leave it to superusers, over POST")
        .done();
}
