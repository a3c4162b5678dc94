use djsec_django::settings::{Cond, SettingRef};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds dj-rest-auth with `OLD_PASSWORD_FIELD_ENABLED` off, which is its default.
    ///
    /// ## Why it matters
    /// Whoever holds a session or a token for a minute (an unlocked phone, a stolen token, a script on
    /// the page) sets a new password without knowing the old one, and owns the account from then on.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "dj_rest_auth"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "dj_rest_auth"]
    /// REST_AUTH = {"OLD_PASSWORD_FIELD_ENABLED": True}
    /// ```
    ///
    /// ## How to fix
    /// Set `OLD_PASSWORD_FIELD_ENABLED` to `True` in `REST_AUTH`; before dj-rest-auth 3, it is a
    /// setting of its own.
    ///
    /// ## References
    /// - [dj-rest-auth: configuration](https://dj-rest-auth.readthedocs.io/en/latest/configuration.html)
    RULE {
        id: "password-change-without-old-password",
        group: "auth",
        summary: "passwords are changed without the old one",
        severity: Medium,
        cwe: [620],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.2.3"],
        checklist: ["password-reset-safe"],
        since: "next",
        checks: [Check::Setting(&["REST_AUTH"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let field = setting.entry("OLD_PASSWORD_FIELD_ENABLED");
    let older = cx.setting("OLD_PASSWORD_FIELD_ENABLED");
    // Only one of the two is read, depending on the version; where both are set they agree.
    let off: Cond<'_> = field.falsy() & older.falsy() & cx.uses_app("dj_rest_auth");
    let message = "dj-rest-auth changes passwords without asking for the old one";
    out.judge(cx, &RULE, &field, off, message)
        .at(if setting.explicit { None } else { cx.app_place("dj_rest_auth") })
        .help("set `OLD_PASSWORD_FIELD_ENABLED` to `True` in `REST_AUTH`")
        .fix(if field.is_absent().is_always() {
            cx.add_entry(setting, "Ask for the old password", "OLD_PASSWORD_FIELD_ENABLED", "True")
        } else {
            None
        })
        .done();
}
