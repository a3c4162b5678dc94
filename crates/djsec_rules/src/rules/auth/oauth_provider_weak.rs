use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds settings of django-oauth-toolkit that weaken the logins it gives to other applications:
    /// PKCE off, redirects to plain HTTP or to wildcard hosts, tokens that last very long.
    ///
    /// ## Why it matters
    /// The authorization code travels through the browser to the address that the application
    /// registered. Without PKCE, whoever sees it on the way trades it for a token; over plain HTTP
    /// everybody on the way does, and under a wildcard host whoever gets one name there.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["oauth2_provider"]
    /// OAUTH2_PROVIDER = {
    ///     "PKCE_REQUIRED": False,  # finding
    ///     "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],  # finding
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["oauth2_provider"]
    /// OAUTH2_PROVIDER = {
    ///     "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    ///     "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Leave `PKCE_REQUIRED` at `True`, allow `["https"]` only, name hosts in full, and let access
    /// tokens end within hours.
    ///
    /// ## Limits
    /// The grants and redirects of each application are rows of the database, which djsec does not
    /// see.
    ///
    /// ## References
    /// - [django-oauth-toolkit: settings](https://django-oauth-toolkit.readthedocs.io/en/latest/settings.html)
    /// - [RFC 9700: best current practice for OAuth 2.0 security](https://www.rfc-editor.org/rfc/rfc9700.html)
    RULE {
        id: "oauth-provider-weak",
        group: "auth",
        summary: "codes or tokens for other applications can be stolen, or last very long",
        severity: Medium,
        cwe: [346, 613],
        owasp: ["2025:A07"],
        asvs: ["5.0:10.4.6", "5.0:10.4.1"],
        checklist: ["tokens-sound"],
        since: "next",
        checks: [Check::Setting(&["OAUTH2_PROVIDER"], check)],
    }
}

const DAY: i64 = 24 * 60 * 60;

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.uses_app("oauth2_provider");
    if active.is_never() {
        return;
    }
    let pkce = setting.entry("PKCE_REQUIRED");
    let message = "applications need no PKCE: who sees an authorization code can use it";
    let off = !pkce.is_absent() & pkce.falsy();
    out.judge(cx, &RULE, &pkce, off & active, message)
        .help("remove `PKCE_REQUIRED`: it is on by default")
        .fix(cx.set(&pkce, "Ask for PKCE", "True"))
        .done();
    let version = cx.project.inventory.version_of("django-oauth-toolkit");
    let old = version.and_then(|it| it.version.release().first().copied()).is_some_and(|v| v < 2);
    if old {
        out.judge(cx, &RULE, &pkce, pkce.is_absent() & active, message)
            .rated(Severity::Low)
            .at(if setting.explicit { None } else { cx.app_place("oauth2_provider") })
            .help("set `PKCE_REQUIRED` to `True`: before version 2 it is off by default")
            .fix(cx.add_entry(setting, "Ask for PKCE", "PKCE_REQUIRED", "True"))
            .done();
    }
    let schemes = setting.entry("ALLOWED_REDIRECT_URI_SCHEMES");
    let plain = schemes.contains("http");
    let message =
        "authorization codes may be sent to plain HTTP, where anyone on the way reads them";
    out.judge(cx, &RULE, &schemes, plain & active, message)
        .rated(Severity::Low)
        .help("allow `[\"https\"]` only, and the schemes of your own apps")
        .done();
    let wildcards = setting.entry("ALLOW_URI_WILDCARDS");
    let message = "applications may register wildcard hosts: who gets a name there gets the codes";
    out.judge(cx, &RULE, &wildcards, wildcards.truthy() & active, message)
        .help("name hosts in full")
        .fix(cx.set(&wildcards, "Ask for full host names", "False"))
        .done();
    lifetimes(cx, setting, out);
}

fn lifetimes(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.uses_app("oauth2_provider");
    let access = setting.entry("ACCESS_TOKEN_EXPIRE_SECONDS");
    let long = access.is(|data| Some(data.as_int().is_some_and(|seconds| seconds > DAY)));
    out.judge(cx, &RULE, &access, long & active, "access tokens last longer than a day")
        .help("let them end within hours; refresh tokens are for the rest")
        .done();
    let rotate = setting.entry("ROTATE_REFRESH_TOKEN");
    let expire = setting.entry("REFRESH_TOKEN_EXPIRE_SECONDS");
    let kept = rotate.is(|data| Some(matches!(data, Data::Bool(false))));
    let message = "refresh tokens neither change nor end: a stolen one is good for ever";
    out.judge(cx, &RULE, &rotate, kept & expire.is_none() & active, message)
        .help("remove `ROTATE_REFRESH_TOKEN`, or set `REFRESH_TOKEN_EXPIRE_SECONDS`")
        .done();
}
