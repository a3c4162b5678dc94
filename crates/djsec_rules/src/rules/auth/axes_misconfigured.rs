use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use super::backends::PASSWORD;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds an installed django-axes that locks nobody out: its backend missing or behind one that
    /// checks passwords, its switch off, its middleware missing, settings that it no longer reads or
    /// functions that do not exist.
    ///
    /// ## Why it matters
    /// django-axes counts failed logins and refuses further ones. It does so in its backend, before
    /// the others are asked: a backend that comes earlier accepts the right password all the same, so
    /// that guessing goes on.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["axes"]
    /// MIDDLEWARE += ["axes.middleware.AxesMiddleware"]
    /// AUTHENTICATION_BACKENDS = [
    ///     "django.contrib.auth.backends.ModelBackend",  # finding
    ///     "axes.backends.AxesStandaloneBackend",
    /// ]
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["axes"]  # finding
    /// MIDDLEWARE += ["axes.middleware.AxesMiddleware"]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["axes"]
    /// MIDDLEWARE += ["axes.middleware.AxesMiddleware"]
    /// AUTHENTICATION_BACKENDS = [
    ///     "axes.backends.AxesStandaloneBackend",
    ///     "django.contrib.auth.backends.ModelBackend",
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Put `"axes.backends.AxesStandaloneBackend"` first in `AUTHENTICATION_BACKENDS` and
    /// `"axes.middleware.AxesMiddleware"` last in `MIDDLEWARE`.
    ///
    /// ## Limits
    /// Backends of packages that djsec does not know count as possibly derived from the backend of
    /// django-axes.
    ///
    /// ## References
    /// - [django-axes: installation](https://django-axes.readthedocs.io/en/latest/2_installation.html)
    RULE {
        id: "axes-misconfigured",
        group: "auth",
        summary: "django-axes is installed, but locks nobody out",
        severity: High,
        cwe: [307],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1"],
        checklist: ["login-throttled"],
        django: ["axes.W002", "axes.W003", "axes.W004", "axes.W005"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const MIDDLEWARE: &str = "axes.middleware.AxesMiddleware";
const BACKENDS: &[&str] = &[
    "axes.backends.AxesStandaloneBackend",
    "axes.backends.AxesBackend",
    "axes.backends.AxesModelBackend",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let installed = cx.uses_app("axes");
    if installed.is_never() {
        return;
    }
    switches(cx, installed, out);
    backend(cx, installed, out);
    let setting = cx.setting("MIDDLEWARE");
    let missing = installed & !cx.has_middleware(MIDDLEWARE);
    out.judge(
        cx,
        &RULE,
        &setting,
        missing,
        "`AxesMiddleware` is missing: who is locked out is not told so",
    )
    .rated(Severity::Low)
    .at(cx.app_place("axes"))
    .django_check("axes.W002")
    .help(format!("add `\"{MIDDLEWARE}\"` as the last middleware"))
    .done();
    deprecated(cx, installed, out);
    functions(cx, installed, out);
}

fn switches(cx: &Cx<'_>, installed: Cond<'_>, out: &mut Findings) {
    for (name, message) in [
        ("AXES_ENABLED", "django-axes is switched off: failed logins are not counted"),
        ("AXES_LOCK_OUT_AT_FAILURE", "django-axes counts failed logins, but never locks out"),
    ] {
        let setting = cx.setting(name);
        let off = !setting.is_absent() & setting.falsy() & installed;
        out.judge(cx, &RULE, &setting, off, message)
            .help(format!("remove `{name}`: it is on by default"))
            .fix(cx.set(&setting, "Switch it on", "True"))
            .done();
    }
}

fn backend(cx: &Cx<'_>, installed: Cond<'_>, out: &mut Findings) {
    let setting = cx.setting("AUTHENTICATION_BACKENDS");
    let is_axes = |data: &Data| cx.is_class(data, BACKENDS);
    let there = setting.any(is_axes);
    let message = "the backend of django-axes is missing: nobody is ever locked out";
    out.judge(cx, &RULE, &setting, installed & !there, message)
        .at(if setting.explicit { None } else { cx.app_place("axes") })
        .django_check("axes.W003")
        .help("put `\"axes.backends.AxesStandaloneBackend\"` first in `AUTHENTICATION_BACKENDS`")
        .done();
    let checks_passwords = |data: &Data| cx.does_as(data, "authenticate", PASSWORD);
    let late = setting.before(checks_passwords, is_axes) & installed;
    let message = "the right password still works for who is locked out: this backend comes before \
                   that of django-axes";
    out.judge(cx, &RULE, &setting, late, message)
        .at(setting.element_span(late, |data| checks_passwords(data) == Some(true)))
        .help("put `\"axes.backends.AxesStandaloneBackend\"` first")
        .done();
}

/// Settings that django-axes 6 and newer no longer read, or read under another name.
const DEPRECATED: &[(&str, &str)] = &[
    ("AXES_DISABLE_SUCCESS_ACCESS_LOG", "it no longer exists"),
    ("AXES_LOGGER", "it no longer exists"),
    ("AXES_PROXY_ORDER", "it is `AXES_IPWARE_PROXY_ORDER` now"),
    ("AXES_PROXY_COUNT", "it is `AXES_IPWARE_PROXY_COUNT` now"),
    ("AXES_PROXY_TRUSTED_IPS", "it is `AXES_IPWARE_PROXY_TRUSTED_IPS` now"),
    ("AXES_META_PRECEDENCE_ORDER", "it is `AXES_IPWARE_META_PRECEDENCE_ORDER` now"),
    ("AXES_ONLY_USER_FAILURES", "use `AXES_LOCKOUT_PARAMETERS`"),
    ("AXES_LOCK_OUT_BY_USER_OR_IP", "use `AXES_LOCKOUT_PARAMETERS`"),
    ("AXES_LOCK_OUT_BY_COMBINATION_USER_AND_IP", "use `AXES_LOCKOUT_PARAMETERS`"),
    ("AXES_USE_USER_AGENT", "use `AXES_LOCKOUT_PARAMETERS`"),
];

fn deprecated(cx: &Cx<'_>, installed: Cond<'_>, out: &mut Findings) {
    let version = cx.project.inventory.version_of("django-axes");
    let old = version.and_then(|it| it.version.release().first().copied()).is_some_and(|v| v < 6);
    if old {
        return;
    }
    for (name, instead) in DEPRECATED {
        let setting = cx.setting(name);
        let set = (!setting.is_absent()).surely() & installed;
        out.judge(cx, &RULE, &setting, set, format!("`{name}` is deprecated: {instead}"))
            .rated(Severity::Info)
            .django_check("axes.W004")
            .done();
    }
}

fn functions(cx: &Cx<'_>, installed: Cond<'_>, out: &mut Findings) {
    for name in [
        "AXES_CLIENT_IP_CALLABLE",
        "AXES_CLIENT_STR_CALLABLE",
        "AXES_LOCKOUT_CALLABLE",
        "AXES_USERNAME_CALLABLE",
        "AXES_WHITELIST_CALLABLE",
        "AXES_COOLOFF_TIME",
        "AXES_LOCKOUT_PARAMETERS",
    ] {
        let setting: SettingRef<'_> = cx.setting(name);
        let missing = setting.is(|data| match data {
            Data::Str(path) => Some(is_missing(cx, path)),
            _ => Some(false),
        });
        let message = format!("`{name}` names a function that does not exist");
        out.judge(cx, &RULE, &setting, missing & installed, message)
            .rated(Severity::Medium)
            .django_check("axes.W005")
            .done();
    }
}

/// Whether a dotted path surely leads nowhere: no path at all, or into the project, but to no name.
fn is_missing(cx: &Cx<'_>, path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once('.') else { return true };
    let root = &cx.project.root;
    if let Some(id) = cx.program.find(module, root) {
        return cx.program.module(id).is_some_and(|module| {
            let summary = &module.summary;
            !summary.unread
                && summary.named(name).next().is_none()
                && summary.star_imports().next().is_none()
        });
    }
    let package = module.split('.').next().unwrap_or_default();
    package != module && cx.program.find(package, root).is_some()
}
