use djsec_base::Severity;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `DEBUG_PROPAGATE_EXCEPTIONS` that is on in production, and templates with the option
    /// `debug` on.
    ///
    /// ## Why it matters
    /// With it, Django does not turn an exception into the plain error page: the exception goes up to
    /// the server, which may print the traceback into the answer. Django does not log it to
    /// `django.request` either, so that `ADMINS` get no mail.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// DEBUG_PROPAGATE_EXCEPTIONS = True  # finding
    /// ```
    /// ```python settings.py
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.django.DjangoTemplates",
    ///         "APP_DIRS": True,
    ///         "OPTIONS": {"debug": True},  # finding
    ///     },
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// DEBUG_PROPAGATE_EXCEPTIONS = False
    /// ```
    /// ```python settings.py
    /// import sys
    ///
    /// DEBUG_PROPAGATE_EXCEPTIONS = "test" in sys.argv
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.django.DjangoTemplates",
    ///         "APP_DIRS": True,
    ///         "OPTIONS": {"debug": DEBUG},
    ///     },
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting from the production settings; test settings may keep it.
    ///
    /// ## References
    /// - [Django: DEBUG_PROPAGATE_EXCEPTIONS](https://docs.djangoproject.com/en/stable/ref/settings/#debug-propagate-exceptions)
    RULE {
        id: "debug-propagate-exceptions",
        group: "settings",
        summary: "exceptions leave Django unhandled",
        severity: Medium,
        cwe: [209],
        owasp: ["2025:A02", "2025:A10"],
        asvs: ["5.0:13.4.2", "5.0:16.5.1"],
        checklist: ["debug-off"],
        since: "next",
        checks: [
            Check::Setting(&["DEBUG_PROPAGATE_EXCEPTIONS"], check),
            Check::Setting(&["TEMPLATES"], check_templates),
        ],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let on = setting.truthy();
    let literal = setting.span_when(on).filter(|span| cx.files.slice(*span) == "True");
    let report = out
        .judge(
            cx,
            &RULE,
            setting,
            on,
            "exceptions leave Django unhandled: tracebacks may reach visitors, and are not logged",
        )
        .help("remove the setting from the production settings");
    match literal {
        Some(_) => report.replace("Let Django handle exceptions", "False").done(),
        None => report.done(),
    }
}

fn check_templates(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let engines = setting.elements().len().min(8);
    for at in 0..engines {
        let debug = setting.index(at).entry("OPTIONS").entry("debug");
        // Only what the project says: without the option, it follows `DEBUG`.
        let on = debug.truthy();
        out.judge(
            cx,
            &RULE,
            &debug,
            on.surely(),
            "templates keep debug information: error reports hold the source around each error",
        )
        .severity(Severity::Low)
        .help("remove the option: it follows `DEBUG` by itself")
        .done();
    }
}
