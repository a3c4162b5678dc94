//! What a rule says about itself.

/// How bad a finding is if it is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A missing layer of defence.
    Low,
    /// Helps an attacker, or removes a protection that others rely on.
    Medium,
    /// Exploitable under common conditions.
    High,
    /// Gives an attacker data or control by itself.
    Critical,
}

impl Severity {
    /// All severities, mildest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Parses a lower-case name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// One step milder; `Info` stays.
    #[must_use]
    pub const fn lower(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium => Self::Low,
            Self::Low | Self::Info => Self::Info,
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A lead for a reviewer.
    Low,
    /// Very likely; something djsec cannot see could make it untrue.
    Medium,
    /// Proven from what the project says.
    High,
}

impl Confidence {
    /// All confidences, least sure first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Parses a lower-case name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.name() == name)
    }

    /// One step less sure; `Low` stays.
    #[must_use]
    pub const fn lower(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

/// Who a finding is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everyone who runs djsec.
    Everyone,
    /// Reviewers who want leads; shown only on request.
    Reviewer,
}

/// The static description of a rule: everything that reports, docs and filters need.
#[derive(Debug)]
pub struct RuleMeta {
    /// Kebab-case name of the defect; never changes meaning once published.
    pub id: &'static str,
    /// The folder of the rule: settings, transport, sessions, ….
    pub group: &'static str,
    /// One line: what is wrong, in lower case, without a full stop.
    pub summary: &'static str,
    /// The documentation page in Markdown.
    pub docs: &'static str,
    /// Severity before context.
    pub severity: Severity,
    /// CWE numbers, the most precise first.
    pub cwe: &'static [u16],
    /// OWASP Top 10 entries, such as `2025:A02`.
    pub owasp: &'static [&'static str],
    /// OWASP ASVS requirements, such as `5.0:3.3.1`.
    pub asvs: &'static [&'static str],
    /// Items of the Django security checklist that a finding violates.
    pub checklist: &'static [&'static str],
    /// Django system checks that this rule covers, such as `security.W012`.
    pub django: &'static [&'static str],
    /// The version that introduced the rule, or `next`.
    pub since: &'static str,
    /// The source file of the rule, for contributors.
    pub source: &'static str,
}

impl RuleMeta {
    /// The page of the rule on the documentation site.
    pub fn title(&self) -> String {
        let mut title = self.summary.to_owned();
        if let Some(first) = title.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        title
    }
}
