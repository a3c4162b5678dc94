use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::classes::dotted;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds JSON web tokens of Simple JWT that are signed with `SECRET_KEY`, which is its default.
    ///
    /// ## Why it matters
    /// One key then guards sessions, password reset links and tokens. Where another service has it to
    /// check tokens, that service can forge all the rest; and tokens cannot get a new key without
    /// logging everybody out of everything.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": [
    ///         "rest_framework_simplejwt.authentication.JWTAuthentication",  # finding
    ///     ],
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": [
    ///         "rest_framework_simplejwt.authentication.JWTAuthentication",
    ///     ],
    /// }
    /// SIMPLE_JWT = {"SIGNING_KEY": os.environ["JWT_SIGNING_KEY"]}
    /// ```
    ///
    /// ## How to fix
    /// Give `SIMPLE_JWT` a `SIGNING_KEY` of its own, from the environment.
    ///
    /// ## References
    /// - [Simple JWT: SIGNING_KEY](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html#signing-key)
    RULE {
        id: "secret-key-multipurpose",
        group: "auth",
        summary: "tokens are signed with the key of sessions and reset links",
        severity: Info,
        cwe: [323],
        owasp: ["2025:A04"],
        asvs: ["5.0:11.1.1"],
        checklist: ["secret-key-rotatable", "tokens-sound"],
        since: "next",
        checks: [Check::Setting(&["SIMPLE_JWT"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = cx.setting("REST_FRAMEWORK").entry("DEFAULT_AUTHENTICATION_CLASSES");
    let is_jwt = |data: &Data| {
        dotted(data).is_some_and(|path| path.starts_with("rest_framework_simplejwt."))
    };
    let used = classes.any(|data| Some(is_jwt(data))).surely() | !setting.is_absent();
    let key = setting.entry("SIGNING_KEY");
    let default = key.is_absent() | same(cx, &key);
    let place =
        if setting.explicit { None } else { classes.element_span(cx.settings().always(), is_jwt) };
    let message = "tokens are signed with `SECRET_KEY`, which guards sessions and reset links too";
    out.judge(cx, &RULE, &key, used & default, message)
        .at(place)
        .help("give `SIMPLE_JWT` a `SIGNING_KEY` of its own")
        .done();
}

/// In which worlds a key is the project's `SECRET_KEY`.
fn same<'a>(cx: &Cx<'a>, key: &SettingRef<'a>) -> Cond<'a> {
    let secret = cx.setting("SECRET_KEY").alternatives();
    key.where_part(|part| {
        !matches!(part.data, Data::None | Data::Absent)
            && secret.iter().any(|other| other.data == part.data)
    })
}
