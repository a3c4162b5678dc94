use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds …
    ///
    /// ## Why it matters
    /// What an attacker gains, in a sentence or two.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SETTING = "dangerous"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SETTING = "safe"
    /// ```
    ///
    /// ## How to fix
    /// What to write instead.
    RULE {
        id: "object-permission-layer-unused",
        group: "access",
        summary: "object permission layer unused",
        severity: Medium,
        cwe: [1188],
        owasp: ["2025:A02"],
        checklist: [],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(_cx: &Cx<'_>, _out: &mut Findings) {}
