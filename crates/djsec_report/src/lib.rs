//! Writes an outcome in each format, and owns every serialised shape.
//!
//! Nothing here analyses: a report is a function of the [`Outcome`], the files and the options.
//! Two promises hold in every format: text that comes from the audited tree cannot steer the
//! terminal ([`neutralize`]), and no secret is written whole ([`redact()`]).

pub mod csp;
mod excerpt;
pub mod explain;
mod html;
mod json;
mod markdown;
mod neutral;
mod page;
mod place;
mod redact;
pub mod routes;
pub mod rules_list;
#[cfg(test)]
mod sample;
mod sarif;
#[cfg(test)]
mod schema;
pub mod settings;
mod text;

use std::io;

use djsec_base::{Files, Outcome, RuleMeta, Severity, Utf8Path};

pub use neutral::neutralize;
pub use redact::redact;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people, in a terminal or a log.
    Text,
    /// djsec's own JSON, versioned; `docs/schema/djsec-1.schema.json` describes it.
    Json,
    /// SARIF 2.1.0, for code scanning services and editors.
    Sarif,
    /// One page for people, to sort, search, print and hand on.
    Html,
}

impl Format {
    /// All formats, in the order in which help texts list them.
    pub const fn all() -> &'static [Self] {
        &[Self::Text, Self::Json, Self::Sarif, Self::Html]
    }

    /// The lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Html => "html",
        }
    }

    /// Parses a lower-case name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().iter().copied().find(|format| format.name() == name)
    }
}

/// How the report looks and what it is held against.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Write ANSI colors.
    pub color: bool,
    /// Write OSC 8 hyperlinks to files; needs [`Self::root`].
    pub hyperlinks: bool,
    /// Columns to render within; anything under 40 is treated as 40.
    pub width: usize,
    /// Also list what is otherwise only counted.
    pub verbose: bool,
    /// The mildest severity that fails the run.
    pub fail_on: Severity,
    /// The version of djsec, as `0.1.0`.
    pub tool_version: &'a str,
    /// The audited folder as an absolute path, the base of hyperlinks.
    pub root: Option<&'a Utf8Path>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            color: false,
            hyperlinks: false,
            width: 100,
            verbose: false,
            fail_on: Severity::Medium,
            tool_version: env!("CARGO_PKG_VERSION"),
            root: None,
        }
    }
}

/// What a report is written from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The result of the run.
    pub outcome: &'a Outcome,
    /// The audited tree.
    pub files: &'a Files,
    /// The rules that ran, in any order.
    pub rules: &'a [&'static RuleMeta],
    /// How it looks and what it is held against.
    pub options: Options<'a>,
}

impl Report<'_> {
    /// How many findings are at or above the threshold.
    pub fn failing(&self) -> usize {
        let threshold = self.options.fail_on;
        self.outcome.findings.iter().filter(|finding| finding.severity >= threshold).count()
    }

    /// The exit status that the outcome calls for: 3 when incomplete, 1 when a finding is at or
    /// above the threshold, 0 otherwise. Status 2 (djsec could not do its job) has no outcome.
    pub fn exit_status(&self) -> u8 {
        if self.outcome.incomplete() { 3 } else { u8::from(self.failing() > 0) }
    }
}

/// Writes the report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn io::Write, format: Format, report: &Report<'_>) -> io::Result<()> {
    match format {
        Format::Text => text::write(out, report),
        Format::Json => json::write(out, report),
        Format::Sarif => sarif::write(out, report),
        Format::Html => html::write(out, report),
    }
}
