use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use super::backends;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds an `AUTH_PASSWORD_VALIDATORS` that is empty or not set, lets short passwords through, or
    /// never compares with the passwords that everybody tries first.
    ///
    /// ## Why it matters
    /// Django's own default is an empty list: `startproject` writes the validators into new settings,
    /// but nothing else does. Without them `1` is a password, for customers and for superusers.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// AUTH_PASSWORD_VALIDATORS = []  # finding
    /// ```
    /// ```python settings.py
    /// AUTH_PASSWORD_VALIDATORS = [
    ///     {
    ///         "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
    ///         "OPTIONS": {"min_length": 6},  # finding
    ///     },
    ///     {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// AUTH_PASSWORD_VALIDATORS = [
    ///     {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    ///     {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    /// ]
    /// ```
    /// ```python settings.py
    /// # A validator of another package, which may check all of it.
    /// AUTH_PASSWORD_VALIDATORS = [{"NAME": "pwned_passwords_django.validators.PwnedPasswordsValidator"}]
    /// ```
    ///
    /// ## How to fix
    /// List Django's four validators, with a `min_length` of at least 8; 12 or more where no second
    /// factor is asked for.
    ///
    /// ## Limits
    /// For information only when no authentication backend checks passwords that Django stores. Code
    /// that sets passwords without calling the validators is not looked at.
    ///
    /// ## References
    /// - [Django: enabling password validation](https://docs.djangoproject.com/en/stable/topics/auth/passwords/#enabling-password-validation)
    RULE {
        id: "password-validators-missing",
        group: "auth",
        summary: "weak passwords are accepted",
        severity: Medium,
        cwe: [521],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.2.1", "5.0:6.2.4"],
        checklist: ["password-validators"],
        since: "next",
        checks: [Check::Setting(&["AUTH_PASSWORD_VALIDATORS"], check)],
    }
}

const DJANGO: &str = "django.contrib.auth.password_validation.";
const FOUR: &str = "[
    {\"NAME\": \"django.contrib.auth.password_validation.UserAttributeSimilarityValidator\"},
    {\"NAME\": \"django.contrib.auth.password_validation.MinimumLengthValidator\"},
    {\"NAME\": \"django.contrib.auth.password_validation.CommonPasswordValidator\"},
    {\"NAME\": \"django.contrib.auth.password_validation.NumericPasswordValidator\"},
]";
/// ASVS 5.0 6.2.1 and NIST SP 800-63B ask for at least this.
const SHORTEST: i64 = 8;

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let users = cx.uses_app("django.contrib.auth");
    let stored = backends::stored_passwords(cx);
    let none = setting.falsy() & users;
    if !cx.django_at_least(1, 9) {
        out.judge(cx, &RULE, setting, users, "any password is accepted: this Django checks none")
            .at(cx.app_place("django.contrib.auth"))
            .help("update Django; it has `AUTH_PASSWORD_VALIDATORS` from 1.9 on")
            .done();
        return;
    }
    let (severity, message) = if stored.is_never() {
        // Forms of the project's own may check what they take.
        let message = "Django's own forms and `createsuperuser` accept any password, `1` for one";
        (Severity::Info, message)
    } else {
        (Severity::Medium, "any password is accepted, `1` for one")
    };
    out.judge(cx, &RULE, setting, none, message)
        .rated(severity)
        .at(if setting.explicit { None } else { cx.app_place("django.contrib.auth") })
        .help("list Django's four validators in `AUTH_PASSWORD_VALIDATORS`")
        .fix(cx.set(setting, "Add Django's validators", FOUR))
        .done();
    short(cx, setting, out);
    let listed = setting.truthy() & users & stored.possibly();
    let other = setting.any(|data| name(data).map(|name| !name.starts_with(DJANGO))).possibly();
    for (validator, what) in [
        ("MinimumLengthValidator", "passwords may be of any length"),
        (
            "CommonPasswordValidator",
            "passwords are not compared with those that everybody tries first",
        ),
    ] {
        let there =
            setting.any(|data| name(data).map(|name| name.strip_prefix(DJANGO) == Some(validator)));
        out.judge(cx, &RULE, setting, (listed & !there & !other).surely(), what)
            .rated(Severity::Low)
            .help(format!("add `{validator}`"))
            .done();
    }
}

fn short(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.elements() {
        let Data::Dict(map) = &part.data else { continue };
        if name(&part.data)
            != Some("django.contrib.auth.password_validation.MinimumLengthValidator")
        {
            continue;
        }
        let options = map.entry("OPTIONS").and_then(|value| value.single());
        let Some(Data::Dict(options)) = options.map(|alt| &alt.data) else { continue };
        let Some(length) = options.entry("min_length").and_then(|value| value.single()) else {
            continue;
        };
        let Some(number) = length.data.as_int().filter(|number| *number < SHORTEST) else {
            continue;
        };
        let message = format!("passwords of {number} characters are accepted");
        out.judge(cx, &RULE, setting, part.when & cx.uses_app("django.contrib.auth"), message)
            .at(length.span.or(part.span))
            .help("let `min_length` be 8 or more; Django's default is 8")
            .done();
    }
}

/// The class of a validator; `None` where it is not known.
fn name(data: &Data) -> Option<&str> {
    let Data::Dict(map) = data else { return None };
    map.entry("NAME")?.single()?.data.as_str()
}
