use djsec_base::{Finding, Location, Severity};
use djsec_django::settings::SettingRef;

use super::debug_switch::{self, Fault};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `DEBUG`, or another switch that must stay off, that takes the text of an environment
    /// variable for a truth value.
    ///
    /// ## Why it matters
    /// Environment variables are text, and every text that is not empty is true in Python. With
    /// `DEBUG=False` or `DEBUG=0` in the environment, debug mode is **on**: who wanted to be safe is
    /// the one who is exposed.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG", False)  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = bool(os.getenv("DJANGO_DEBUG"))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "True"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = bool(int(os.environ.get("DEBUG", "0")))
    /// ```
    /// Here any text keeps debug mode off:
    /// ```python settings.py
    /// import os
    ///
    /// os.environ["PRODUCTION"]
    /// DEBUG = not os.environ.get("PRODUCTION")
    /// ```
    ///
    /// ## How to fix
    /// Compare with the texts that mean "on": `os.environ.get("DEBUG", "") == "1"`, or use a reader
    /// that parses truth values, such as django-environ's `env.bool("DEBUG", default=False)`.
    ///
    /// ## Limits
    /// Where this rule speaks, `debug-enabled` and `debug-fail-open-default` stay silent about the same
    /// setting: it is one cause.
    ///
    /// ## References
    /// - [Django: DEBUG](https://docs.djangoproject.com/en/stable/ref/settings/#debug)
    /// - [Python: truth value testing](https://docs.python.org/3/library/stdtypes.html#truth-value-testing)
    RULE {
        id: "debug-env-string-truthy",
        group: "settings",
        summary: "any text in the environment turns a dangerous switch on, `False` included",
        severity: Critical,
        cwe: [704, 489],
        owasp: ["2025:A02", "2025:A10"],
        asvs: ["5.0:13.4.2"],
        checklist: ["debug-off"],
        django: [],
        since: "next",
        checks: [
            Check::Setting(&["DEBUG"], check_debug),
            Check::Setting(
                &[
                    "CORS_ALLOW_ALL_ORIGINS",
                    "CORS_ORIGIN_ALLOW_ALL",
                    "CORS_ALLOW_CREDENTIALS",
                    "DEBUG_PROPAGATE_EXCEPTIONS",
                    "USE_X_FORWARDED_HOST",
                    "USE_X_FORWARDED_PORT",
                ],
                check_switch
            ),
        ],
    }
}

fn check_debug(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if let Fault::AnyText(text) = debug_switch::debug(cx, setting) {
        report(cx, setting, &text, "turns debug mode on", Severity::Critical, out);
    }
}

fn check_switch(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if let Some(text) = debug_switch::text_as_truth(cx, setting) {
        report(cx, setting, &text, "turns it on", Severity::Medium, out);
    }
}

fn report(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    text: &debug_switch::Text,
    effect: &str,
    severity: Severity,
    out: &mut Findings,
) {
    let (name, variable) = (&setting.path, &text.variable);
    let message = format!(
        "`{name}` takes any text for true: even `{variable}=False` in the environment {effect}"
    );
    let place = text.span.or_else(|| setting.touched().last().copied());
    let place = place.map_or_else(|| cx.settings_file(), Location::Span);
    let finding = Finding::new(&RULE.meta, place, name.to_string(), message).severity(severity);
    out.report(finding)
        .help(format!("compare with the text that means \"on\": `os.environ.get(\"{variable}\", \"\") == \"1\"`"))
        .done();
}
