//! What is wrong with a config file, and where.

use std::{fmt, ops::Range};

use djsec_base::{LineIndex, Utf8Path, Utf8PathBuf};

/// Something wrong at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) at: Range<usize>,
    pub(super) message: String,
}

impl Flaw {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// One thing that is wrong with a config file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct ConfigError {
    /// The file, as the user knows it.
    pub path: Utf8PathBuf,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, without a full stop.
    pub message: String,
}

/// Everything that is wrong with a config file, in order of its place; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl ConfigErrors {
    pub(super) fn new(path: &Utf8Path, text: &str, mut flaws: Vec<Flaw>) -> Self {
        flaws.sort_by_key(|flaw| flaw.at.start);
        let lines = LineIndex::new(text);
        let place = |flaw: Flaw| {
            let at = lines.line_col(u32::try_from(flaw.at.start).unwrap_or(u32::MAX).into(), text);
            ConfigError {
                path: path.to_owned(),
                line: at.line,
                column: at.column,
                message: flaw.message,
            }
        };
        Self(flaws.into_iter().map(place).collect())
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            write!(out, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
