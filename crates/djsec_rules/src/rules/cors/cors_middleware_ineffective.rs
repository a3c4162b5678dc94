use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use super::policy::{self, MIDDLEWARE};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds CORS settings without the middleware that follows them, and a `CorsMiddleware` that comes
    /// after middleware that answer by themselves.
    ///
    /// ## Why it matters
    /// Without the middleware, none of the `CORS_…` settings means anything. Behind `CommonMiddleware`
    /// or that of `whitenoise` it never sees the redirects and files that those answer with, nor the preflight
    /// requests that they redirect: calls of the listed sites fail now and then, and such failures tend
    /// to be "fixed" by allowing every origin.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["corsheaders"]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com"]  # finding
    /// ```
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// INSTALLED_APPS += ["corsheaders"]
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.middleware.common.CommonMiddleware",
    ///     "corsheaders.middleware.CorsMiddleware",  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// INSTALLED_APPS += ["corsheaders"]
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "corsheaders.middleware.CorsMiddleware",
    ///     "django.middleware.common.CommonMiddleware",
    /// ]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    /// ```
    ///
    /// ## How to fix
    /// Put `"corsheaders.middleware.CorsMiddleware"` as high in `MIDDLEWARE` as possible, before
    /// `CommonMiddleware` and `WhiteNoiseMiddleware`.
    ///
    /// ## Limits
    /// WhiteNoise lets every site read its files by a header of its own, so that its place only matters where
    /// `WHITENOISE_ALLOW_ALL_ORIGINS` is off.
    ///
    /// ## References
    /// - [django-cors-headers: setup](https://github.com/adamchainz/django-cors-headers#setup)
    RULE {
        id: "cors-middleware-ineffective",
        group: "cors",
        summary: "CORS settings that their middleware does not apply",
        severity: Low,
        cwe: [696],
        owasp: ["2025:A02"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Settings(missing), Check::Setting(&["MIDDLEWARE"], late)],
    }
}

fn missing(cx: &Cx<'_>, out: &mut Findings) {
    let none = cx.has_app("corsheaders") & !cx.has_middleware(MIDDLEWARE);
    let allowing = [policy::allow_all(cx), policy::origins(cx), policy::patterns(cx)];
    // One finding, at the first setting that allows something.
    let Some(setting) = allowing.iter().find(|setting| !setting.truthy().surely().is_never())
    else {
        return;
    };
    let message =
        format!("`{}` has no effect: `CorsMiddleware` is not in `MIDDLEWARE`", setting.path);
    out.judge(cx, &RULE, setting, setting.truthy().surely() & none, message)
        .help(format!("add `\"{MIDDLEWARE}\"` before `CommonMiddleware`"))
        .done();
}

fn late(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    const ANSWERING: [(&str, &str); 2] = [
        ("django.middleware.common.CommonMiddleware", "CommonMiddleware"),
        ("whitenoise.middleware.WhiteNoiseMiddleware", "WhiteNoiseMiddleware"),
    ];
    let cors = |data: &Data| cx.project.is_middleware(data, MIDDLEWARE);
    let mut names = Vec::new();
    let mut when: Cond<'_> = cx.settings().never();
    for (path, name) in ANSWERING {
        let mut before = setting.before(|data| cx.project.is_middleware(data, path), cors);
        if name == "WhiteNoiseMiddleware" {
            before = before & !white_noise_allows(cx);
        }
        if !before.is_never() {
            names.push(format!("`{name}`"));
            when = when | before;
        }
    }
    if names.is_empty() {
        return;
    }
    let message = format!("answers of {} get no CORS headers", names.join(" and "));
    out.judge(cx, &RULE, setting, when, message)
        .at(setting.element_span(when, |data| cors(data) == Some(true)))
        .help("move `CorsMiddleware` before it")
        .done();
}

/// In which worlds WhiteNoise lets every site read its files by a header of its own: unless it is told not to.
fn white_noise_allows<'a>(cx: &Cx<'a>) -> Cond<'a> {
    let setting = cx.setting("WHITENOISE_ALLOW_ALL_ORIGINS");
    setting.is_absent() | setting.truthy()
}
