//! What a run hands to the reports.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::{FileId, Finding, Location, Span};

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What is wrong, sorted by path, range and rule.
    pub findings: Vec<Finding>,
    /// Findings that an exception or the baseline keeps out of the verdict.
    pub suppressed: Vec<Suppressed>,
    /// What djsec could not decide, and why.
    pub undecided: Vec<Undecided>,
    /// What happened to the run itself.
    pub notices: Vec<Notice>,
    /// What was read.
    pub coverage: Coverage,
    /// The Django projects found, in order of their paths.
    pub projects: Vec<ProjectSummary>,
}

impl Outcome {
    /// Whether something was skipped, crashed or ran out of budget.
    pub fn incomplete(&self) -> bool {
        self.notices.iter().any(|notice| notice.kind == NoticeKind::Incomplete)
    }
}

/// A finding that does not count, with what keeps it out.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// What keeps it out.
    pub by: SuppressedBy,
}

/// What keeps a finding out of the verdict.
#[derive(Debug, Clone)]
pub enum SuppressedBy {
    /// A comment in the code, with its reason.
    Comment {
        /// Where the comment is.
        span: Span,
        /// The reason given.
        reason: String,
    },
    /// An entry of the config, with its reason.
    Config {
        /// The reason given.
        reason: String,
        /// Who accepted it.
        owner: Option<String>,
        /// Last day it holds, as `YYYY-MM-DD`.
        until: Option<String>,
    },
    /// The baseline file.
    Baseline,
}

/// A question that a rule asked and djsec could not answer.
#[derive(Debug, Clone)]
pub struct Undecided {
    /// The rule that asked.
    pub rule: &'static str,
    /// What it asked about.
    pub subject: String,
    /// Why there is no answer.
    pub reason: String,
    /// Where the unknown value comes from.
    pub location: Location,
    /// The Django project, as in [`Finding::project`].
    pub project: Option<usize>,
}

/// What a notice means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// Something was not looked at: the run is incomplete (exit status 3).
    Incomplete,
    /// The user's config, suppressions or baseline need attention.
    Config,
    /// Worth knowing; nothing is missing.
    Info,
}

/// Something about our run, not about the user's project.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What it means for the run.
    pub kind: NoticeKind,
    /// A stable kebab-case name, such as `file-too-large`.
    pub id: &'static str,
    /// A sentence without a full stop.
    pub message: String,
    /// Where, if it has a place in the tree.
    pub location: Option<Location>,
}

impl Notice {
    /// Something was not looked at.
    pub fn incomplete(id: &'static str, message: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Incomplete, id, message: message.into(), location: None }
    }

    /// The user's config needs attention.
    pub fn config(id: &'static str, message: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Config, id, message: message.into(), location: None }
    }

    /// Worth knowing.
    pub fn info(id: &'static str, message: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Info, id, message: message.into(), location: None }
    }

    /// Gives the notice a place.
    #[must_use]
    pub fn at(mut self, location: impl Into<Location>) -> Self {
        self.location = Some(location.into());
        self
    }
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Files seen by the walk.
    pub files: usize,
    /// Python files parsed.
    pub python_files: usize,
    /// Lines of Python parsed.
    pub python_lines: usize,
    /// Python files with syntax errors (read as far as they can be).
    pub syntax_errors: usize,
    /// Rules that ran.
    pub rules: usize,
}

/// One Django project of the tree.
#[derive(Debug, Clone)]
pub struct ProjectSummary {
    /// Its folder, relative to the audited root; empty for the root itself.
    pub root: Utf8PathBuf,
    /// The Django version in use, if known, as `5.2.3` or `5.2`.
    pub django: Option<String>,
    /// Where the version was read, such as `poetry.lock:812`.
    pub django_source: Option<Location>,
    /// The settings that production loads.
    pub profile: Option<ProfileSummary>,
}

/// How well the production profile is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The user said so.
    Stated,
    /// What the shipped artefact starts.
    Deployed,
    /// The fallback of `wsgi.py`/`asgi.py`.
    Fallback,
    /// By name, or the only one there is.
    Guessed,
}

/// The settings that production loads, and how we know.
#[derive(Debug, Clone)]
pub struct ProfileSummary {
    /// Dotted name of the settings module, with `:Class` for class-based settings.
    pub module: String,
    /// Its file.
    pub file: Option<FileId>,
    /// How well it is known.
    pub certainty: Certainty,
    /// Whether they are settings for development, audited because the tree holds none for production.
    pub for_development: bool,
    /// What says so, strongest first.
    pub evidence: Vec<EvidenceLine>,
    /// Environment variables that the profile fixes, with where they come from. Secret values are redacted.
    pub environment: Vec<EvidenceLine>,
    /// How many settings are of each kind (`known`, `env`, `file`, `union`, `partial`, `opaque`).
    pub kinds: BTreeMap<&'static str, usize>,
    /// Conditions under which importing the settings fails.
    pub fails_when: Vec<String>,
}

/// A line of evidence.
#[derive(Debug, Clone)]
pub struct EvidenceLine {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub location: Option<Location>,
}
