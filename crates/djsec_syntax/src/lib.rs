//! Turns text into trees with spans, one module per language. Nothing here knows Django or the
//! project, nothing fails: what cannot be read becomes a [`SyntaxError`] beside the tree.

#![warn(missing_docs)]

pub mod python;

use djsec_base::TextRange;

/// A tree, and what could not be read on the way to it.
#[derive(Debug, Clone)]
pub struct Parsed<T> {
    /// The tree; always there, possibly with gaps where the errors are.
    pub tree: T,
    /// What is wrong with the text, in order of appearance.
    pub errors: Vec<SyntaxError>,
}

/// A place that breaks the rules of its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where, in bytes of the text that was parsed.
    pub range: TextRange,
}
