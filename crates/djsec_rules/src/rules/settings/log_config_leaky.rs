use djsec_base::Severity;
use djsec_django::settings::SettingRef;

use super::logging_tree;
use super::paths::{self, Relation};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds log files in folders that the web server hands out, and error mails with the whole debug page
    /// (`include_html`).
    ///
    /// ## Why it matters
    /// Logs hold addresses, user names, paths with tokens in them, and tracebacks. In `MEDIA_ROOT` or
    /// `STATIC_ROOT` anybody fetches them by name. The debug page in a mail holds local variables, settings
    /// and cookies, and stays in mailboxes for years.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/shop/media"
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {
    ///         "file": {"class": "logging.FileHandler", "filename": "/srv/shop/media/shop.log"},  # finding
    ///     },
    ///     "root": {"handlers": ["file"]},
    /// }
    /// ```
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {
    ///         "mail": {
    ///             "class": "django.utils.log.AdminEmailHandler",
    ///             "include_html": True,  # finding
    ///         },
    ///     },
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/shop/media"
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {
    ///         "file": {"class": "logging.FileHandler", "filename": "/var/log/shop/shop.log"},
    ///         "mail": {"class": "django.utils.log.AdminEmailHandler"},
    ///     },
    /// }
    /// ```
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {"console": {"class": "logging.StreamHandler"}},
    ///     "root": {"handlers": ["console"], "level": "INFO"},
    /// }
    /// ```
    /// With `DEBUG` off, Django logs no queries, whatever the level:
    /// ```python settings.py
    /// LOGGING = {
    ///     "version": 1,
    ///     "handlers": {"console": {"class": "logging.StreamHandler"}},
    ///     "loggers": {"django.db.backends": {"handlers": ["console"], "level": "DEBUG"}},
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write logs to a folder of their own or to the standard output, and leave `include_html` off.
    ///
    /// ## References
    /// - [Django: AdminEmailHandler](https://docs.djangoproject.com/en/stable/ref/logging/#django.utils.log.AdminEmailHandler)
    RULE {
        id: "log-config-leaky",
        group: "settings",
        summary: "logs go where others can read them",
        severity: Medium,
        cwe: [532],
        owasp: ["2025:A09"],
        asvs: ["5.0:16.2.5"],
        checklist: ["logs-free-of-secrets"],
        since: "next",
        checks: [Check::Setting(&["LOGGING"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for handler in logging_tree::handlers(setting) {
        let name = &handler.name;
        let mails = handler.config.entry("class").equals("django.utils.log.AdminEmailHandler");
        let html = handler.config.entry("include_html");
        let message = format!(
            "the handler `{name}` mails the whole debug page: local variables, settings and cookies"
        );
        out.judge(cx, &RULE, &html, mails & html.truthy(), message)
            .at_most(Severity::Low)
            .help("leave `include_html` off")
            .done();
        let filename = handler.config.entry("filename");
        for folder in ["MEDIA_ROOT", "STATIC_ROOT"] {
            for (root, theirs) in paths::folders(cx, &cx.setting(folder)) {
                for (file, ours) in paths::folders(cx, &filename) {
                    if paths::relation(&file, &root) != Some(Relation::Inside) {
                        continue;
                    }
                    let message = format!(
                        "the log file of the handler `{name}` lies in `{folder}`, from where anybody can fetch it"
                    );
                    out.judge(cx, &RULE, &filename, ours.when & theirs.when, message)
                        .help("write logs to a folder of their own, or to the standard output")
                        .at(ours.span)
                        .done();
                }
            }
        }
    }
}
