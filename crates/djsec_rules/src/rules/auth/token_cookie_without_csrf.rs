use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds an API that logs users in by a cookie with a JSON web token, as dj-rest-auth sets it,
    /// without a check against forged requests.
    ///
    /// ## Why it matters
    /// Browsers send cookies by themselves, also with requests that another page makes. Django's own
    /// check does not apply to token logins, and that of dj-rest-auth
    /// (`JWT_AUTH_COOKIE_USE_CSRF`) is off by default: only the cookie's `SameSite` stands in the way,
    /// which does not hold against other hosts of the same domain.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "dj_rest_auth"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": ["dj_rest_auth.jwt_auth.JWTCookieAuthentication"],
    /// }
    /// REST_AUTH = {
    ///     "USE_JWT": True,
    ///     "JWT_AUTH_COOKIE": "access",  # finding
    ///     "JWT_AUTH_SAMESITE": "None",
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "dj_rest_auth"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": ["dj_rest_auth.jwt_auth.JWTCookieAuthentication"],
    /// }
    /// REST_AUTH = {
    ///     "USE_JWT": True,
    ///     "JWT_AUTH_COOKIE": "access",
    ///     "JWT_AUTH_COOKIE_USE_CSRF": True,
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Set `JWT_AUTH_COOKIE_USE_CSRF` to `True`, and send the token in the header `X-CSRFToken` as
    /// with sessions.
    ///
    /// ## Limits
    /// High when the cookie goes to other sites, medium with `SameSite=Lax` (the default), low with
    /// `Strict`. Only the default authentication classes are looked at.
    ///
    /// ## References
    /// - [dj-rest-auth: configuration](https://dj-rest-auth.readthedocs.io/en/latest/configuration.html)
    RULE {
        id: "token-cookie-without-csrf",
        group: "auth",
        summary: "other sites can use the login that is in a cookie",
        severity: High,
        cwe: [352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-exemptions-justified"],
        since: "next",
        checks: [
            Check::Setting(&["REST_AUTH"], rest_auth),
            Check::Setting(&["JWT_AUTH_COOKIE"], before_3),
        ],
    }
}

const CLASS: &[&str] = &["dj_rest_auth.jwt_auth.JWTCookieAuthentication"];

fn rest_auth(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let cookie = setting.entry("JWT_AUTH_COOKIE");
    let unchecked = setting.entry("USE_JWT").truthy()
        & setting.entry("JWT_AUTH_COOKIE_USE_CSRF").falsy()
        & setting.entry("JWT_AUTH_COOKIE_ENFORCE_CSRF_ON_UNAUTHENTICATED").falsy();
    report(cx, &cookie, unchecked, &setting.entry("JWT_AUTH_SAMESITE"), out);
}

/// dj-rest-auth 2 and older: a setting each.
fn before_3(cx: &Cx<'_>, cookie: &SettingRef<'_>, out: &mut Findings) {
    let unchecked = cx.setting("REST_USE_JWT").truthy()
        & cx.setting("JWT_AUTH_COOKIE_USE_CSRF").falsy()
        & cx.setting("JWT_AUTH_COOKIE_ENFORCE_CSRF_ON_UNAUTHENTICATED").falsy();
    report(cx, cookie, unchecked, &cx.setting("JWT_AUTH_SAMESITE"), out);
}

fn report(
    cx: &Cx<'_>,
    cookie: &SettingRef<'_>,
    unchecked: Cond<'_>,
    same_site: &SettingRef<'_>,
    out: &mut Findings,
) {
    let classes = cx.setting("REST_FRAMEWORK").entry("DEFAULT_AUTHENTICATION_CLASSES");
    let used = classes.any(|data| match data {
        Data::Sym(_) => None,
        other => Some(cx.is_class(other, CLASS) == Some(true)),
    });
    let when = cookie.truthy() & unchecked & used;
    let own = |text: &str| !(same_site.equals(text) & when).surely().is_never();
    let (severity, message) = if own("Strict") {
        (Severity::Low, "other hosts of this domain can use the login in this cookie")
    } else if own("Lax") || !(same_site.is_absent() & when).is_never() {
        (
            Severity::Medium,
            "nothing but the cookie's `SameSite` keeps other sites from using the login in it",
        )
    } else {
        (Severity::High, "every other site can use the login in this cookie")
    };
    out.judge(cx, &RULE, cookie, when, message)
        .rated(severity)
        .help("set `JWT_AUTH_COOKIE_USE_CSRF` to `True`")
        .done();
}
