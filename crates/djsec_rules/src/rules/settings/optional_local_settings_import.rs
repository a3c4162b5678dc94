use djsec_base::{Finding, Location, Severity};
use djsec_python::eval::Fact;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds production settings that take in another module "if it is there":
    /// `try: from .local_settings import *`.
    ///
    /// ## Why it matters
    /// What production runs then depends on a file that may or may not be there, that no review
    /// sees, and that may turn on debug mode or bring another key. Where the file is in the
    /// repository after all, production runs with the settings of somebody's laptop.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// try:
    ///     from .local_settings import *  # finding
    /// except ImportError:
    ///     pass
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// try:
    ///     import sentry_sdk
    /// except ImportError:
    ///     sentry_sdk = None
    /// ```
    /// ```python settings.py
    /// try:
    ///     from .version import VERSION
    /// except ImportError:
    ///     VERSION = "unknown"
    /// ```
    /// Nothing optional:
    /// ```python settings.py
    /// from .base_settings import *
    /// ```
    ///
    /// ## How to fix
    /// Let production load a module of its own that imports the base, and give developers another one.
    /// What differs between machines belongs in the environment.
    ///
    /// ## Limits
    /// The pattern is common and often deliberate: it is information while the file is not in the
    /// repository, and a finding when it is.
    ///
    /// ## References
    /// - [Django: designating the settings](https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings)
    RULE {
        id: "optional-local-settings-import",
        group: "settings",
        summary: "production's settings depend on a file that may be there",
        severity: Medium,
        cwe: [15],
        owasp: ["2025:A02"],
        checklist: ["production-settings-known"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for fact in &cx.settings().facts {
        let Fact::LocalOverride { name, present, span } = fact else { continue };
        let star = cx.files.slice(*span).contains('*');
        // An import that is not optional fails; the report's header says so.
        let fails = cx.settings().failures.iter().any(|failure| failure.span == *span);
        if !star || fails {
            continue;
        }
        let (message, severity) = if *present {
            (
                format!(
                    "production takes in `{name}`, which is in the repository: its values win over the ones above"
                ),
                Severity::Medium,
            )
        } else {
            (
                format!(
                    "production takes in `{name}` if it is there: its values would win, and nobody reviews them"
                ),
                Severity::Info,
            )
        };
        let finding = Finding::new(&RULE.meta, Location::Span(*span), name.as_str(), message)
            .severity(severity);
        out.report(finding)
            .help("give production a module of its own, and keep what differs in the environment")
            .done();
    }
}
