use djsec_django::settings::SettingRef;

use super::debug_switch::{self, Fault};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `DEBUG` that is on in the settings that production loads, whatever the environment
    /// says. Other modules (development, tests) may turn it on as they like.
    ///
    /// ## Why it matters
    /// With debug mode on, every error shows a page with the source, local variables, settings and
    /// SQL queries to whoever caused it. `ALLOWED_HOSTS` is not enforced for local names, and every
    /// query is kept in memory until the process runs out of it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// DEBUG = True  # finding
    /// ```
    /// Any truthy value counts, and a text is truthy:
    /// ```python settings.py
    /// DEBUG = "False"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DJANGO_DEBUG", "0") == "1"
    /// ```
    /// ```python settings.py
    /// DEBUG = False
    /// ```
    /// A later assignment counts:
    /// ```python settings.py
    /// DEBUG = True
    /// DEBUG = False
    /// ```
    ///
    /// ## How to fix
    /// Set `DEBUG = False` in the production settings, or read it from the environment with a parser
    /// and `False` as the default.
    ///
    /// ## Limits
    /// One cause gives one finding: a default that turns debug mode on is `debug-fail-open-default`,
    /// and a text taken for a truth value is `debug-env-string-truthy`.
    ///
    /// ## References
    /// - [Django: DEBUG](https://docs.djangoproject.com/en/stable/ref/settings/#debug)
    /// - [Django: deployment checklist](https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#debug)
    RULE {
        id: "debug-enabled",
        group: "settings",
        summary: "debug mode is on",
        severity: Critical,
        cwe: [489, 215],
        owasp: ["2025:A02", "2025:A10"],
        asvs: ["5.0:13.4.2"],
        checklist: ["debug-off"],
        django: ["security.W018"],
        since: "next",
        checks: [Check::Setting(&["DEBUG"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !matches!(debug_switch::debug(cx, setting), Fault::On) {
        return;
    }
    let on = debug_switch::span_on(setting);
    let literal = on.filter(|span| cx.files.slice(*span) == "True");
    let report = out
        .judge(
            cx,
            &RULE,
            setting,
            setting.truthy(),
            "debug mode is on: error pages show source, settings and local variables to anyone",
        )
        .help("set `DEBUG = False` in the production settings")
        .django_check("security.W018")
        .at(on);
    match literal {
        Some(_) => report.replace("Turn debug mode off", "False").done(),
        None => report.done(),
    }
}
