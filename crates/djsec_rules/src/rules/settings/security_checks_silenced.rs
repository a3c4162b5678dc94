use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

/// Checks of HSTS and the redirect to HTTPS, which a proxy in front often sees to.
const OFTEN_AT_THE_PROXY: [&str; 4] =
    ["security.W004", "security.W005", "security.W008", "security.W021"];

/// The system checks that look at security.
const PREFIXES: [&str; 7] =
    ["security.", "auth.C", "auth.E013", "axes.", "caches.W002", "csp.", "corsheaders."];

declare_rule! {
    /// ## What it does
    /// Finds system checks about security in the `SILENCED_SYSTEM_CHECKS` of production: `security.*`
    /// and the checks of django-axes, django-csp and django-cors-headers.
    ///
    /// ## Why it matters
    /// Silencing turns the alarm off for good. When the reason goes away, or the next person breaks
    /// what the check is about, `manage.py check --deploy` says that all is well.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SILENCED_SYSTEM_CHECKS = ["security.W019", "urls.W002"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SILENCED_SYSTEM_CHECKS = ["urls.W002", "models.W042", "fields.W342"]
    /// ```
    /// ```python settings.py
    /// SILENCED_SYSTEM_CHECKS = []
    /// ```
    /// Development is not production:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// if DEBUG:
    ///     SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W018"]
    /// ```
    ///
    /// ## How to fix
    /// Repair what the check is about and remove its id. djsec reads settings and servers together, and
    /// has exceptions with a reason and an end.
    ///
    /// ## Limits
    /// `security.W004`, `W005`, `W008` and `W021` are about HSTS and the redirect to HTTPS. Where a proxy
    /// does that, silencing them is usual: they are reported as information.
    ///
    /// ## References
    /// - [Django: SILENCED_SYSTEM_CHECKS](https://docs.djangoproject.com/en/stable/ref/settings/#silenced-system-checks)
    /// - [Django: security checks](https://docs.djangoproject.com/en/stable/ref/checks/#security)
    RULE {
        id: "security-checks-silenced",
        group: "settings",
        summary: "checks about security are silenced",
        severity: Medium,
        cwe: [1053],
        owasp: ["2025:A02"],
        checklist: ["exceptions-are-decisions", "checks-in-ci"],
        since: "next",
        checks: [Check::Setting(&["SILENCED_SYSTEM_CHECKS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for proxy in [false, true] {
        let wanted = |data: &Data| {
            data.as_str().is_some_and(|id| {
                is_about_security(id) && OFTEN_AT_THE_PROXY.contains(&id) == proxy
            })
        };
        let mut when = cx.settings().never();
        let mut ids: Vec<String> = Vec::new();
        let mut first = None;
        for part in setting.elements() {
            if let Data::Str(id) = &part.data
                && wanted(&part.data)
                && !part.when.is_never()
            {
                when = when | part.when;
                ids.push(format!("`{id}`"));
                first = first.or(part.span);
            }
        }
        if ids.is_empty() {
            continue;
        }
        let (noun, verb) = if ids.len() == 1 { ("check", "is") } else { ("checks", "are") };
        let effect = if proxy {
            "silenced: make sure that the server in front redirects to HTTPS and sends HSTS"
        } else {
            "silenced: the deployment check will not say when that protection is missing"
        };
        let message = format!("the {noun} {} {verb} {effect}", ids.join(", "));
        let report = out
            .judge(cx, &RULE, setting, when, message)
            .help("repair what the check is about, and remove its id")
            .at(first);
        if proxy { report.at_most(Severity::Info).done() } else { report.done() }
    }
}

fn is_about_security(id: &str) -> bool {
    PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}
