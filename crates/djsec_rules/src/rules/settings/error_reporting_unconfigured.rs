use djsec_base::{Finding, Location};
use djsec_django::settings::SettingRef;
use djsec_python::BindingKind;

use crate::{Check, Cx, Findings, declare_rule};

/// Packages that take errors to a monitor, by the name of their import.
const MONITORS: [&str; 13] = [
    "airbrake",
    "bugsnag",
    "datadog",
    "ddtrace",
    "elasticapm",
    "honeybadger",
    "logfire",
    "newrelic",
    "opentelemetry",
    "raven",
    "rollbar",
    "scout_apm",
    "sentry_sdk",
];

declare_rule! {
    /// ## What it does
    /// Finds projects whose errors reach nobody: `ADMINS` is empty, `LOGGING` is Django's own, and no
    /// error monitor is among the packages.
    ///
    /// ## Why it matters
    /// With `DEBUG` off, Django's own logging sends errors to `ADMINS` by mail and nowhere else. With nobody
    /// on the list, tracebacks are gone: an attack that causes errors leaves no trace.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// TIME_ZONE = "UTC"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// ADMINS = [("Ada", "ada@example.com")]
    /// ```
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {"console": {"class": "logging.StreamHandler"}},
    ///     "root": {"handlers": ["console"]},
    /// }
    /// ```
    /// ```python settings.py
    /// TIME_ZONE = "UTC"
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2
    /// sentry-sdk==2.14.0
    /// ```
    ///
    /// ## How to fix
    /// Log to the standard output and collect it, use an error monitor, or at least fill in `ADMINS`.
    ///
    /// ## Limits
    /// A server that captures what the process prints cannot be seen, and does not help here: Django's
    /// own logging prints nothing when `DEBUG` is off.
    ///
    /// ## References
    /// - [Django: default logging configuration](https://docs.djangoproject.com/en/stable/ref/logging/#default-logging-configuration)
    /// - [Django: error reporting](https://docs.djangoproject.com/en/stable/howto/error-reporting/)
    RULE {
        id: "error-reporting-unconfigured",
        group: "settings",
        summary: "errors reach nobody",
        severity: Info,
        cwe: [778],
        owasp: ["2025:A09"],
        checklist: ["error-monitoring"],
        since: "next",
        checks: [Check::Setting(&["ADMINS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let own_logging = !cx.setting("LOGGING").explicit && !cx.setting("LOGGING_CONFIG").explicit;
    let called = !cx.settings().calls.is_empty();
    // Where the packages are not known, a monitor may be among them.
    if !own_logging || called || cx.project.inventory.packages.is_empty() || is_monitored(cx) {
        return;
    }
    // With `DEBUG` on, Django's own logging prints all errors; `debug-enabled` has more to say.
    if cx.setting("DEBUG").truthy().is_always() {
        return;
    }
    if cx.settings().open || !setting.is_empty().is_always() {
        return;
    }
    let place = setting.touched().last().copied();
    let place = place.map_or_else(|| cx.settings_file(), Location::Span);
    let message =
        "errors reach nobody: `ADMINS` is empty, and Django's own logging only mails them";
    out.report(Finding::new(&RULE.meta, place, "ADMINS", message))
        .help("log to the standard output, use an error monitor, or fill in `ADMINS`")
        .done();
}

fn is_monitored(cx: &Cx<'_>) -> bool {
    MONITORS.iter().any(|import| {
        let package = djsec_deps::distribution(import).unwrap_or(import);
        cx.project.inventory.mentions(package).next().is_some() || is_imported(cx, import)
    })
}

/// Whether some module of the tree imports a package.
fn is_imported(cx: &Cx<'_>, package: &str) -> bool {
    let top = |name: &str| {
        name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    cx.program.modules().any(|(_, module)| {
        let summary = &module.summary;
        summary.bindings.iter().chain(&summary.local_imports).any(|binding| match &binding.kind {
            BindingKind::Import(name) => top(name),
            BindingKind::From(target, _) => {
                target.level == 0 && target.module.as_deref().is_some_and(top)
            }
            _ => false,
        })
    })
}
