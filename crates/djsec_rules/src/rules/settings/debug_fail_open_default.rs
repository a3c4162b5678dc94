use djsec_base::Severity;
use djsec_django::settings::SettingRef;

use super::debug_switch::{self, Fault};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `DEBUG` that is on unless somebody sets a variable.
    ///
    /// ## Why it matters
    /// A variable gets lost easily: a new server, a renamed unit file, a typing error. The site then
    /// works as before, and shows source, settings and local variables to whoever causes an error.
    /// A default must be the safe value.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG", "True") == "True"  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// if os.environ.get("DJANGO_ENV") == "production":
    ///     DEBUG = False
    /// else:
    ///     DEBUG = True  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG", "False") == "True"
    /// ```
    /// The program does not start without the variable:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ["DEBUG"] == "1"
    /// ```
    /// What production runs sets the variable:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG", "1") == "1"
    /// ```
    /// ```dockerfile Dockerfile
    /// FROM python:3.12
    /// COPY . /app
    /// ENV DEBUG=0
    /// CMD ["gunicorn", "shop.wsgi"]
    /// ```
    ///
    /// ## How to fix
    /// Make `False` the default, and let developers turn debug mode on in their own environment.
    ///
    /// ## References
    /// - [Django: DEBUG](https://docs.djangoproject.com/en/stable/ref/settings/#debug)
    RULE {
        id: "debug-fail-open-default",
        group: "settings",
        summary: "debug mode is on unless a variable turns it off",
        severity: High,
        cwe: [636, 489],
        owasp: ["2025:A02", "2025:A10"],
        asvs: ["5.0:13.4.2"],
        checklist: ["debug-off"],
        django: [],
        since: "next",
        checks: [Check::Setting(&["DEBUG"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !matches!(debug_switch::debug(cx, setting), Fault::OnByDefault) {
        return;
    }
    out.judge(cx, &RULE, setting, setting.truthy(), "debug mode turns itself on")
        .severity(Severity::High)
        .help("make the default `False`: production must not depend on somebody setting a variable")
        .at(debug_switch::span_on(setting))
        .done();
}
