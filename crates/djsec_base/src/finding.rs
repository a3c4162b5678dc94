//! A finding about the user's project, with its places, its path and its fix.

use crate::{Audience, Confidence, FileId, RuleMeta, Severity, Span};

/// One thing that is wrong in the audited project. Owned, so that editors and baselines can keep it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static RuleMeta,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure we are here.
    pub confidence: Confidence,
    /// Whom it is for.
    pub audience: Audience,
    /// What is wrong and what follows from it, as a sentence without a full stop.
    pub message: String,
    /// Where.
    pub primary: Location,
    /// Other places that belong to it, each with a word on why.
    pub related: Vec<Note>,
    /// The way the data or the value took, in order.
    pub trace: Vec<Step>,
    /// How to fix it, in words.
    pub help: Option<String>,
    /// A mechanical fix.
    pub fix: Option<Fix>,
    /// What it is about (`SESSION_COOKIE_SECURE`, a view's dotted path): part of the fingerprint.
    pub subject: String,
    /// The Django system check that says the same (`security.W012`), if there is one.
    pub django_check: Option<&'static str>,
    /// Survives line moves; set by the engine.
    pub fingerprint: String,
    /// Index of the Django project (in [`crate::Outcome::projects`]) it belongs to, if any.
    pub project: Option<usize>,
}

impl Finding {
    /// A finding of `rule` at `primary` with the rule's severity and high confidence.
    pub fn new(
        rule: &'static RuleMeta,
        primary: Location,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: Confidence::High,
            audience: Audience::Everyone,
            message: message.into(),
            primary,
            related: Vec::new(),
            trace: Vec::new(),
            help: None,
            fix: None,
            subject: subject.into(),
            django_check: None,
            fingerprint: String::new(),
            project: None,
        }
    }

    /// Sets the severity.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets the confidence.
    #[must_use]
    pub const fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, location: Location, text: impl Into<String>) -> Self {
        self.related.push(Note { location, text: text.into() });
        self
    }

    /// Adds a step of the trace.
    #[must_use]
    pub fn step(mut self, location: Location, text: impl Into<String>) -> Self {
        self.trace.push(Step { location, text: text.into() });
        self
    }

    /// Says how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Attaches a mechanical fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Names the Django system check that says the same.
    #[must_use]
    pub const fn django_check(mut self, id: &'static str) -> Self {
        self.django_check = Some(id);
        self
    }
}

/// Where something is. Live evidence gets its own variants when the probe comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// A range in a file.
    Span(Span),
    /// A whole file: something is missing in it.
    File(FileId),
    /// The project as a whole.
    Project,
}

impl From<Span> for Location {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

/// A place with a word on why it matters.
#[derive(Debug, Clone)]
pub struct Note {
    /// Where.
    pub location: Location,
    /// Why.
    pub text: String,
}

/// One step of a path.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where.
    pub location: Location,
    /// What happens there.
    pub text: String,
}

/// How safely a fix may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// Shown, never applied.
    DisplayOnly,
    /// Right in most projects; applied on request.
    Unsafe,
    /// Keeps the meaning of everything but the defect.
    Safe,
}

/// A mechanical fix. There is no constructor without a word on its safety.
#[derive(Debug, Clone)]
pub struct Fix {
    /// What applying it does, as an imperative.
    pub title: String,
    /// How safely it may be applied.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps the meaning of everything but the defect.
    pub fn safe_replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self::replace(title, Applicability::Safe, span, text)
    }

    /// A fix that is right in most projects.
    pub fn unsafe_replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self::replace(title, Applicability::Unsafe, span, text)
    }

    /// A suggestion that is only shown.
    pub fn display_replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self::replace(title, Applicability::DisplayOnly, span, text)
    }

    fn replace(
        title: impl Into<String>,
        applicability: Applicability,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        Self { title: title.into(), applicability, edits: vec![Edit { span, text: text.into() }] }
    }
}

/// Replaces a range by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty range inserts.
    pub span: Span,
    /// By what.
    pub text: String,
}
