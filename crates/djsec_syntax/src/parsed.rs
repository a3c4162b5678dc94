//! What every parser of this crate returns.

use djsec_base::{TextRange, TextSize};

/// A tree, and what could not be read of the text.
#[derive(Debug, Clone)]
pub struct Parsed<T> {
    /// What was read; as much as possible, even when there are errors.
    pub tree: T,
    /// What could not be read, in order of the text.
    pub errors: Vec<SyntaxError>,
}

impl<T> Parsed<T> {
    /// A tree without errors.
    pub const fn clean(tree: T) -> Self {
        Self { tree, errors: Vec::new() }
    }

    /// The same errors with another tree.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed { tree: f(self.tree), errors: self.errors }
    }
}

/// A place where the text is not what its language asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where, in bytes of the text.
    pub range: TextRange,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
}

impl SyntaxError {
    /// An error at a range.
    pub fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into() }
    }
}

/// The range between two byte offsets, in whatever order; offsets past 4 GiB are clamped.
pub(crate) fn range(start: usize, end: usize) -> TextRange {
    let clamp = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    TextRange::new(clamp(start.min(end)), clamp(start.max(end)))
}

/// A piece of text with the place it was read from. The text may differ from what stands there
/// (quotes removed, escapes resolved, lines joined).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What was read.
    pub text: String,
    /// Where it stands, in bytes.
    pub range: TextRange,
}

impl Text {
    /// A piece of text read from the bytes `start..end`.
    pub(crate) fn new(text: impl Into<String>, start: usize, end: usize) -> Self {
        Self { text: text.into(), range: range(start, end) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same text found `by` bytes further on: for text that was parsed as part of another.
    #[must_use]
    pub fn shifted(mut self, by: TextSize) -> Self {
        self.range = shift(self.range, by);
        self
    }
}

/// A range moved `by` bytes to the right; it stays where it is when that would pass 4 GiB.
pub(crate) fn shift(range: TextRange, by: TextSize) -> TextRange {
    range.checked_add(by).unwrap_or(range)
}

/// The lines of a text with the byte offset of their start; line ends are not part of them.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

/// The text under a range; empty when the range lies outside.
pub fn under(text: &str, range: TextRange) -> &str {
    text.get(std::ops::Range::<usize>::from(range)).unwrap_or_default()
}
