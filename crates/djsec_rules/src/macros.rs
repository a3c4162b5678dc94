//! The declaration of a rule: the compiler refuses one without documentation, CWE or version.

/// Declares the `RULE` of a rule file. The doc comment is the rule's page.
macro_rules! declare_rule {
    (
        $(#[doc = $docs:literal])+
        RULE {
            id: $id:literal,
            group: $group:literal,
            summary: $summary:literal,
            severity: $severity:ident,
            cwe: [$($cwe:literal),+ $(,)?],
            $(owasp: [$($owasp:literal),* $(,)?],)?
            $(asvs: [$($asvs:literal),* $(,)?],)?
            $(checklist: [$($item:literal),* $(,)?],)?
            $(django: [$($django:literal),* $(,)?],)?
            since: $since:literal,
            checks: [$($check:expr),+ $(,)?],
        }
    ) => {
        $(#[doc = $docs])+
        pub(super) static RULE: $crate::Rule = $crate::Rule {
            meta: djsec_base::RuleMeta {
                id: $id,
                group: $group,
                summary: $summary,
                docs: concat!($($docs, "\n"),+),
                severity: djsec_base::Severity::$severity,
                cwe: &[$($cwe),+],
                owasp: &[$($($owasp),*)?],
                asvs: &[$($($asvs),*)?],
                checklist: &[$($($item),*)?],
                django: &[$($($django),*)?],
                since: $since,
                source: file!(),
            },
            checks: &[$($check),+],
        };
    };
}

pub(crate) use declare_rule;
