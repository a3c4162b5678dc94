use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::classes::dotted;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds API tokens that never end: those of `rest_framework.authtoken` among the default
    /// authentication classes, and those of django-rest-knox with `TOKEN_TTL` set to `None`.
    ///
    /// ## Why it matters
    /// A token in a log, a script or a lost laptop is a password that nobody changes. Those of
    /// `rest_framework.authtoken` also lie in the database as they are, so that a backup gives away
    /// all of them, and there is one for each user, good for everything.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "rest_framework.authtoken"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": [
    ///         "rest_framework.authentication.TokenAuthentication",  # finding
    ///     ],
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "knox"]
    /// REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"]}
    /// ```
    ///
    /// ## How to fix
    /// Use tokens that are stored as hashes and end, such as those of django-rest-knox; or derive a
    /// class from `TokenAuthentication` that refuses old tokens.
    ///
    /// ## Limits
    /// Classes derived from `TokenAuthentication` are taken to bring an end of their own.
    ///
    /// ## References
    /// - [DRF: TokenAuthentication](https://www.django-rest-framework.org/api-guide/authentication/#tokenauthentication)
    /// - [django-rest-knox: settings](https://jazzband.github.io/django-rest-knox/settings/)
    RULE {
        id: "api-token-never-expires",
        group: "auth",
        summary: "API tokens never end",
        severity: Low,
        cwe: [613, 256],
        owasp: ["2025:A07"],
        asvs: ["5.0:7.3.2"],
        checklist: ["tokens-sound"],
        since: "next",
        checks: [
            Check::Setting(&["REST_FRAMEWORK"], authtoken),
            Check::Setting(&["REST_KNOX"], knox),
        ],
    }
}

const TOKEN: &str = "rest_framework.authentication.TokenAuthentication";

fn authtoken(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_AUTHENTICATION_CLASSES");
    let listed = classes.any(|data| match data {
        Data::Sym(_) => None,
        other => Some(dotted(other) == Some(TOKEN)),
    });
    let when = listed & cx.uses_app("rest_framework.authtoken");
    let message = "API tokens never end, and are stored as they are";
    out.judge(cx, &RULE, &classes, when, message)
        .at(classes.element_span(when, |data| dotted(data) == Some(TOKEN)))
        .help("use tokens that end and are stored as hashes, such as django-rest-knox's")
        .done();
}

fn knox(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let ttl = setting.entry("TOKEN_TTL");
    let never = ttl.is(|data| Some(matches!(data, Data::None))) & cx.uses_app("knox");
    out.judge(cx, &RULE, &ttl, never, "API tokens never end")
        .help("set `TOKEN_TTL` to a `timedelta`; the default is ten hours")
        .done();
}
