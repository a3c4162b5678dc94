use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

/// Backends that send nothing to anybody.
const DEVELOPMENT: [&str; 4] = [
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
];

declare_rule! {
    /// ## What it does
    /// Finds production settings whose mail backend sends nothing: it prints, writes to a file, keeps in
    /// memory or throws away. In Django 6.1 `MAILERS` is looked at, also for a missing `"default"`.
    ///
    /// ## Why it matters
    /// Error reports to `ADMINS` and password resets reach nobody. The console backend puts reset links
    /// into the log instead, where everybody who reads logs can use them.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// if DEBUG:
    ///     EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// EMAIL_BACKEND = os.environ["MAIL_BACKEND"]
    /// ```
    ///
    /// ## How to fix
    /// Use SMTP or the backend of a mail service in the production settings.
    ///
    /// ## Limits
    /// Django's own check only reads `MAILERS`, and so only knows Django 6.1; this rule reads
    /// `EMAIL_BACKEND` as well.
    ///
    /// ## References
    /// - [Django: email backends](https://docs.djangoproject.com/en/stable/topics/email/#email-backends)
    RULE {
        id: "email-backend-not-production",
        group: "settings",
        summary: "the mail backend sends nothing",
        severity: Medium,
        cwe: [778],
        owasp: ["2025:A09"],
        checklist: ["error-monitoring", "password-reset-safe"],
        django: ["mail.E001", "mail.W001"],
        since: "next",
        checks: [
            Check::Setting(&["EMAIL_BACKEND"], check_backend),
            Check::Setting(&["MAILERS"], check_mailers),
        ],
    }
}

const HELP: &str = "use SMTP or a mail service's backend in the production settings";

fn sends_nothing<'a>(backend: &SettingRef<'a>) -> Cond<'a> {
    backend.is_raw(|data| Some(data.as_str().is_some_and(|name| DEVELOPMENT.contains(&name))))
}

fn check_backend(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.django_at_least(6, 1) && cx.setting("MAILERS").explicit {
        return;
    }
    out.judge(
        cx,
        &RULE,
        setting,
        sends_nothing(setting),
        "mail is not sent: error reports and password resets reach nobody",
    )
    .help(HELP)
    .done();
}

fn check_mailers(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !cx.django_at_least(6, 1) || !setting.explicit {
        return;
    }
    let missing = setting.is(|data| match data {
        Data::Dict(map) => match map.entry("default") {
            Some(value) => Some(value.alts.iter().all(|alt| alt.data == Data::Absent)),
            None if map.open => None,
            None => Some(true),
        },
        Data::Absent => Some(false),
        _ => None,
    });
    out.judge(
        cx,
        &RULE,
        setting,
        missing,
        "`MAILERS` has no `\"default\"`: sending mail without naming a mailer fails",
    )
    .help("add a `\"default\"` entry")
    .django_check("mail.W001")
    .done();
    let backend = setting.entry("default").entry("BACKEND");
    out.judge(
        cx,
        &RULE,
        &backend,
        sends_nothing(&backend),
        "mail is not sent: error reports and password resets reach nobody",
    )
    .help(HELP)
    .django_check("mail.E001")
    .done();
}
