use djsec_base::{Confidence, Finding};

use super::backends::stored_passwords;
use super::second_factor::{is_there, plain_admin};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds projects whose admin is reachable with a password alone: no app for second factors is
    /// installed, and no other service does the logins.
    ///
    /// ## Why it matters
    /// Who gets hold of one password of one member of staff, by a leak elsewhere or a false mail, has
    /// the data of all users.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    /// urlpatterns = [path("admin/", admin.site.urls)]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["django_otp", "django_otp.plugins.otp_totp"]
    /// MIDDLEWARE += ["django_otp.middleware.OTPMiddleware"]
    /// ```
    /// ```python urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    /// from django_otp.admin import OTPAdminSite
    ///
    /// admin.site.__class__ = OTPAdminSite
    /// urlpatterns = [path("admin/", admin.site.urls)]
    /// ```
    ///
    /// ## How to fix
    /// Add a second factor for staff: django-otp with `OTPAdminSite`, django-two-factor-auth, or
    /// `allauth.mfa` with `secure_admin_login`. Or let a single sign-on do the logins that asks for
    /// one.
    ///
    /// ## Limits
    /// A single sign-on in front of the site is not seen. Second factors that are installed but not
    /// asked for are reported as `mfa-not-wired`.
    RULE {
        id: "mfa-absent-for-privileged",
        group: "auth",
        summary: "a password alone opens the admin",
        severity: Medium,
        cwe: [308],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.3"],
        checklist: ["mfa-privileged", "admin-restricted"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if is_there(cx) || stored_passwords(cx).is_never() {
        return;
    }
    let Some(admin) = plain_admin(cx) else { return };
    let message =
        format!("a password alone opens the admin at {}: no second factor", admin.address());
    let finding = Finding::new(&RULE.meta, admin.place(), "admin".to_owned(), message)
        .confidence(Confidence::Medium);
    out.report(finding)
        .help("ask staff for a second factor: django-otp's `OTPAdminSite`, or `allauth.mfa`")
        .done();
}
