//! `djsec csp`: the content security policy that a project's templates need.
//!
//! The caller hands in a plain view; what it says is the analysis' business, how it is written is ours.

mod json;
mod snippet;
#[cfg(test)]
mod tests;
mod text;

use djsec_base::{Location, Span};

pub use json::write_json;
pub use text::write_text;

/// Who is to send the policy, and so how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// `SECURE_CSP` of Django 6.0 and newer.
    Django,
    /// `CONTENT_SECURITY_POLICY` of django-csp 4.
    DjangoCsp,
    /// `CSP_…` of django-csp 3.
    DjangoCsp3,
    /// `add_header` of nginx.
    Nginx,
}

impl Style {
    /// The name in JSON; the command line knows one for both versions of django-csp.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Django => "django",
            Self::DjangoCsp => "django-csp",
            Self::DjangoCsp3 => "django-csp-3",
            Self::Nginx => "nginx",
        }
    }
}

/// The policy for one project.
#[derive(Debug)]
pub struct CspView {
    /// The folder of the Django project, empty for the root.
    pub project: String,
    /// The settings module that production loads.
    pub module: String,
    /// The Django version, if known.
    pub django: Option<String>,
    /// How many pages were read.
    pub pages: usize,
    /// Policies that the settings have already.
    pub present: Vec<PresentView>,
    /// How the policy is written.
    pub style: Style,
    /// What else the settings need, in words: `MIDDLEWARE: "…"`.
    pub wiring: Vec<String>,
    /// Its directives, in order.
    pub directives: Vec<DirectiveView>,
    /// What it would block until it is changed. While there is something, it is written as one that is
    /// only reported.
    pub tasks: Vec<NoteView>,
    /// What makes it looser than it could be.
    pub looser: Vec<NoteView>,
    /// What keeps `'strict-dynamic'` from it.
    pub strict: Vec<NoteView>,
    /// What is not known.
    pub unknown: Vec<NoteView>,
    /// What the pages do that a policy has a say in, in order.
    pub uses: Vec<UseView>,
}

impl CspView {
    /// Whether the policy can be enforced as it is, as far as is known.
    pub fn can_be_enforced(&self) -> bool {
        self.tasks.is_empty() && self.pages > 0
    }
}

/// A policy that the settings have.
#[derive(Debug, Clone)]
pub struct PresentView {
    /// The setting.
    pub setting: String,
    /// Whether browsers enforce it.
    pub enforced: bool,
    /// Where it is set.
    pub place: Option<Location>,
}

/// One directive.
#[derive(Debug, Clone)]
pub struct DirectiveView {
    /// Its name.
    pub name: String,
    /// What it lists, as it is sent; the nonce as `'nonce-…'`.
    pub sources: Vec<String>,
}

/// What stands for the nonce among the sources of a directive.
pub const NONCE: &str = "'nonce-…'";

/// Something to say, with its places.
#[derive(Debug, Clone)]
pub struct NoteView {
    /// What it is about: `inline-script`.
    pub id: &'static str,
    /// What there is.
    pub text: String,
    /// What to do.
    pub help: Option<String>,
    /// Where.
    pub places: Vec<Span>,
}

/// One thing that a page does.
#[derive(Debug, Clone)]
pub struct UseView {
    /// `inline-script`, `event-handler`, `load` and the like.
    pub kind: &'static str,
    /// The directive that policies usually have for it.
    pub directive: Option<&'static str>,
    /// `self`, `data:`, `blob:`, `computed`, a host, or the setting that decides on it.
    pub source: Option<String>,
    /// `present`, `absent` or `unknown`; none for what cannot carry one.
    pub nonce: Option<&'static str>,
    /// Where.
    pub place: Span,
}
