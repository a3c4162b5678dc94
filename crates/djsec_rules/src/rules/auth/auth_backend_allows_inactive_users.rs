use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `AllowAllUsersModelBackend` or `AllowAllUsersRemoteUserBackend` in
    /// `AUTHENTICATION_BACKENDS`.
    ///
    /// ## Why it matters
    /// These backends accept users whose `is_active` is off. Django's login form still refuses them,
    /// but sessions that they have go on, and every other way in (tokens, HTTP Basic, code that calls
    /// `authenticate()`) must remember to ask. Deactivating an account no longer ends its access.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// AUTHENTICATION_BACKENDS = [
    ///     "django.contrib.auth.backends.AllowAllUsersModelBackend",  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    /// ```
    ///
    /// ## How to fix
    /// Use `ModelBackend` (or `RemoteUserBackend`), which refuse inactive users everywhere.
    ///
    /// ## References
    /// - [Django: AllowAllUsersModelBackend](https://docs.djangoproject.com/en/stable/ref/contrib/auth/#django.contrib.auth.backends.AllowAllUsersModelBackend)
    RULE {
        id: "auth-backend-allows-inactive-users",
        group: "auth",
        summary: "deactivated users keep their access",
        severity: Medium,
        cwe: [287, 613],
        owasp: ["2025:A07"],
        asvs: ["5.0:7.4.2"],
        checklist: ["auth-backends-sound"],
        since: "next",
        checks: [Check::Setting(&["AUTHENTICATION_BACKENDS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for (class, instead) in [
        ("AllowAllUsersModelBackend", "ModelBackend"),
        ("AllowAllUsersRemoteUserBackend", "RemoteUserBackend"),
    ] {
        let path = format!("django.contrib.auth.backends.{class}");
        let listed = setting.contains(&path).surely();
        let message = format!("`{class}` accepts users who are deactivated");
        out.judge(cx, &RULE, setting, listed, message)
            .at(setting.element_span(listed, |data| data.as_str() == Some(&path)))
            .help(format!("use `{instead}`"))
            .replace(
                format!("Use `{instead}`"),
                format!("\"django.contrib.auth.backends.{instead}\""),
            )
            .done();
    }
}
