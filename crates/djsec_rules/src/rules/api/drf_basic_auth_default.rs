use djsec_django::settings::SettingRef;

use super::views::{self, Own, VIEWS, survey};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds API views that accept user name and password with every request, because
    /// `DEFAULT_AUTHENTICATION_CLASSES` has `BasicAuthentication`, or is left at DRF's default, which
    /// has it.
    ///
    /// ## Why it matters
    /// Every address of the API becomes a place to try passwords, past the login form and its limits,
    /// past the second factor, and without a session that could be ended.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]  # finding
    /// ```
    /// ```python views.py
    /// from rest_framework.views import APIView
    ///
    ///
    /// class Stock(APIView):
    ///     def get(self, request): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": [
    ///         "rest_framework.authentication.SessionAuthentication",
    ///     ],
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Set `DEFAULT_AUTHENTICATION_CLASSES` to what the clients really use: sessions, or tokens that
    /// expire and can be withdrawn.
    ///
    /// ## Limits
    /// Nothing is said when all API views of the project name their own `authentication_classes`.
    ///
    /// ## References
    /// - [DRF: BasicAuthentication](https://www.django-rest-framework.org/api-guide/authentication/#basicauthentication)
    RULE {
        id: "drf-basic-auth-default",
        group: "api",
        summary: "the API accepts passwords with every request",
        severity: Low,
        cwe: [307, 308],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1"],
        checklist: ["login-throttled", "tokens-sound"],
        since: "next",
        checks: [Check::Setting(&["REST_FRAMEWORK"], check)],
    }
}

const BASIC: &str = "rest_framework.authentication.BasicAuthentication";
const AUTHENTICATION: Own = Own {
    attributes: &["authentication_classes", "get_authenticators", "perform_authentication"],
    decorator: "authentication_classes",
    bases: VIEWS,
};

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_AUTHENTICATION_CLASSES");
    let listed = classes.any(|data| cx.is_class(data, &[BASIC]));
    let default = classes.is_absent();
    let when = (listed | default) & cx.uses_app("rest_framework");
    if when.is_never() {
        return;
    }
    let Some(words) = survey(cx, &AUTHENTICATION).words() else { return };
    let message = if listed.is_never() {
        format!("DRF's default lets clients try a password with every request: {words}")
    } else {
        format!("clients may try a password with every request: {words}")
    };
    let place = classes
        .element_span(when, |data| cx.is_class(data, &[BASIC]) == Some(true))
        .or_else(|| views::default_place(cx, setting));
    out.judge(cx, &RULE, &classes, when, message)
        .at(place)
        .help("name other classes in `DEFAULT_AUTHENTICATION_CLASSES`")
        .done();
}
