//! The findings that a project had when it began to use djsec.

use std::collections::BTreeMap;

use djsec_base::{Files, Finding, Location};
use serde::{Deserialize, Serialize};

const FORMAT: &str = "djsec-baseline-1";

/// Old findings, by fingerprint. Only the fingerprints decide; the rest is for readers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<String, BaselineEntry>,
}

/// One old finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BaselineEntry {
    /// Where it was, relative to the root; empty for the project as a whole.
    #[serde(default)]
    pub path: String,
    /// The rule's id.
    #[serde(default)]
    pub rule: String,
    /// What it said.
    #[serde(default)]
    pub message: String,
    /// What decides.
    pub fingerprint: String,
}

/// Why a baseline cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// Not JSON, or of another shape.
    #[error("{line}:{column}: {message}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// Written by a djsec that is newer than this one, or by something else.
    #[error(
        "this is not a baseline that this djsec understands: its format is '{0}', not '{FORMAT}'"
    )]
    Format(String),
}

/// The file: no line numbers and no dates, so that it changes only when the findings do.
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    format: String,
    #[serde(default)]
    findings: Vec<BaselineEntry>,
}

impl Baseline {
    /// A baseline of these findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>, files: &Files) -> Self {
        let entry = |finding: &Finding| BaselineEntry {
            path: match finding.primary {
                Location::Span(span) => files.path(span.file).to_string(),
                Location::File(file) => files.path(file).to_string(),
                Location::Project => String::new(),
            },
            rule: finding.rule.id.to_owned(),
            message: finding.message.clone(),
            fingerprint: finding.fingerprint.clone(),
        };
        let findings = findings.into_iter();
        Self {
            entries: findings
                .map(|finding| (finding.fingerprint.clone(), entry(finding)))
                .collect(),
        }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// When the text is not one.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document: Document = serde_json::from_str(text).map_err(|error| {
            let whole = error.to_string();
            let message = whole.rsplit_once(" at line").map_or(whole.as_str(), |(head, _)| head);
            BaselineError::Json {
                line: error.line(),
                column: error.column(),
                message: message.to_owned(),
            }
        })?;
        if document.format != FORMAT {
            return Err(BaselineError::Format(document.format));
        }
        let entries = document.findings.into_iter();
        Ok(Self { entries: entries.map(|entry| (entry.fingerprint.clone(), entry)).collect() })
    }

    /// The text of the baseline file, in order of paths and rules.
    pub fn to_json(&self) -> String {
        let mut findings: Vec<BaselineEntry> = self.entries.values().cloned().collect();
        findings.sort();
        let document = Document { format: FORMAT.to_owned(), findings };
        // Strings only: this cannot fail.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Whether the baseline has the finding with this fingerprint.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.entries.contains_key(fingerprint)
    }

    /// The old findings.
    pub fn iter(&self) -> impl Iterator<Item = &BaselineEntry> {
        self.entries.values()
    }

    /// How many old findings there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, BaselineError};
    use crate::{
        Config, Depth, discover,
        fingerprint::set_fingerprints,
        testing::{DEBUG, Tree, finding_at},
    };

    #[test]
    fn what_is_written_is_read_again() {
        let tree = Tree::of(&[("settings.py", "DEBUG = True\n")]);
        let (files, _) = discover(&tree, &Config::default(), Depth::Structure);
        let mut findings = vec![finding_at(&files, &DEBUG, "settings.py", "DEBUG")];
        set_fingerprints(&mut findings, &files);
        let baseline = Baseline::of(&findings, &files);
        let text = baseline.to_json();
        assert!(text.contains("\"path\": \"settings.py\""), "{text}");
        assert_eq!(Baseline::parse(&text), Ok(baseline));
    }

    #[test]
    fn a_broken_file_says_where() {
        let error = Baseline::parse("{\n  \"format\": 1\n}").unwrap_err();
        assert_eq!(error.to_string(), "2:13: invalid type: integer `1`, expected a string");
    }

    #[test]
    fn another_format_is_refused() {
        let error = Baseline::parse(r#"{"format": "djsec-baseline-9"}"#).unwrap_err();
        assert_eq!(error, BaselineError::Format("djsec-baseline-9".to_owned()));
    }
}
