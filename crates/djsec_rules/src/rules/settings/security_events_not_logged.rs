use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use super::logging_tree::{self, Named};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds logging that throws Django's security events away: loggers for `django`, `django.security`
    /// or `django.request` that are disabled, end in a `NullHandler`, or only let errors through.
    ///
    /// ## Why it matters
    /// Forged hosts, refused CSRF tokens and tampered sessions are logged there. Without the lines, nobody
    /// sees an attack while it goes on, and nobody can tell afterwards what was taken.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {"null": {"class": "logging.NullHandler"}},
    ///     "loggers": {
    ///         "django.security": {"handlers": ["null"], "propagate": False},  # finding
    ///     },
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// Django's own logging:
    /// ```python settings.py
    /// TIME_ZONE = "UTC"
    /// ```
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "disable_existing_loggers": False,
    ///     "handlers": {"console": {"class": "logging.StreamHandler"}},
    ///     "root": {"handlers": ["console"], "level": "WARNING"},
    /// }
    /// ```
    /// Forged hosts alone are noise on many sites, and Django's documentation shows how to drop them:
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {"null": {"class": "logging.NullHandler"}},
    ///     "loggers": {
    ///         "django.security.DisallowedHost": {"handlers": ["null"], "propagate": False},
    ///     },
    /// }
    /// ```
    /// What does not reach its own handler may reach the root's:
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {
    ///         "null": {"class": "logging.NullHandler"},
    ///         "console": {"class": "logging.StreamHandler"},
    ///     },
    ///     "root": {"handlers": ["console"]},
    ///     "loggers": {"django.security": {"handlers": ["null"]}},
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Give `django.security` a handler that keeps what it gets, at the level `WARNING` or lower.
    ///
    /// ## Limits
    /// Looks at settings only: whether failed logins are recorded is a question to the code.
    ///
    /// ## References
    /// - [Django: django.security](https://docs.djangoproject.com/en/stable/ref/logging/#django-security)
    RULE {
        id: "security-events-not-logged",
        group: "settings",
        summary: "security events are thrown away",
        severity: Medium,
        cwe: [778, 223],
        owasp: ["2025:A09"],
        asvs: ["5.0:16.3.3"],
        checklist: ["security-events-logged"],
        since: "next",
        checks: [Check::Setting(&["LOGGING"], check)],
    }
}

const SECURITY: [&str; 4] = ["django", "django.request", "django.security", "django.security.csrf"];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !setting.explicit {
        return;
    }
    let null: Vec<String> = logging_tree::handlers(setting)
        .into_iter()
        .filter(|handler| is_null(handler))
        .map(|handler| handler.name)
        .collect();
    for logger in logging_tree::loggers(setting) {
        if !SECURITY.contains(&&*logger.name) {
            continue;
        }
        let name = &logger.name;
        let stops = logger.config.entry("propagate").is(|data| Some(*data == Data::Bool(false)));
        let dropped = stops & only_null(&logger.config, &null);
        out.judge(
            cx,
            &RULE,
            &logger.config,
            dropped,
            format!("what Django logs to `{name}` is thrown away: refused tokens and tampered sessions leave no trace"),
        )
        .help("give the logger a handler that keeps what it gets")
        .done();
        let quiet = logger.config.entry("level").is(|data| {
            Some(matches!(data.as_str(), Some("CRITICAL" | "FATAL")) || data.as_int() == Some(50))
        });
        out.judge(
            cx,
            &RULE,
            &logger.config.entry("level"),
            quiet & !dropped,
            format!("`{name}` lets only critical events through, and Django logs none as critical"),
        )
        .at_most(Severity::Medium)
        .help("use the level `WARNING`")
        .done();
    }
}

fn is_null(handler: &Named<'_>) -> bool {
    handler.config.entry("class").equals("logging.NullHandler").is_always()
}

/// In which worlds a logger has handlers, and all of them throw away.
fn only_null<'a>(logger: &SettingRef<'a>, null: &[String]) -> Cond<'a> {
    logger.entry("handlers").is(|data| {
        let seq = data.as_seq()?;
        let all = seq.items.iter().all(|item| {
            item.value.alts.iter().all(|alt| {
                alt.data.as_str().is_some_and(|name| null.iter().any(|known| known == name))
            })
        });
        Some(all && !seq.items.is_empty() && !seq.open)
    })
}
