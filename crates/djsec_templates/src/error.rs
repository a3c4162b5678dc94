//! What Django refuses in a template, and what is not read.

use std::fmt;

use djsec_base::TextRange;

/// One error. The first of a template is what Django says when it loads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// Django's words (the list of libraries after "Must be one of" is left out).
    pub message: String,
    /// The token that Django's debug page would mark.
    pub span: TextRange,
    /// Its line, counted from 1.
    pub line: u32,
    /// Whether no library that is not known was loaded before: one may give any tag another meaning.
    pub certain: bool,
}

/// Kinds of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// `{{ }}`.
    EmptyVariable,
    /// `{% %}`.
    EmptyTag,
    /// A tag that no loaded library has, or one that cannot stand here.
    InvalidTag,
    /// A block that does not end.
    UnclosedTag,
    /// An `else` or `endif` with words behind it.
    MalformedTag,
    /// `{% extends %}` after another tag.
    NotFirst,
    /// A block, partial, option or `{% extends %}` that was there before.
    Repeated,
    /// An expression with text that belongs to nothing.
    Expression,
    /// A name that begins with an underscore, or with `+` or `-` in it.
    Name,
    /// A filter that no loaded library has.
    InvalidFilter,
    /// A filter with too many or too few arguments.
    FilterArguments,
    /// The condition of `{% if %}`.
    Condition,
    /// The words of a tag.
    Arguments,
    /// A tag inside of `{% blocktranslate %}`.
    Nesting,
    /// A library that is not installed.
    UnknownLibrary,
    /// `{% load x from library %}`, which has none of that name.
    UnknownName,
    /// `{% cycle name %}` and `{% resetcycle %}` without such a cycle.
    UnknownCycle,
    /// A relative path that leads nowhere.
    Path,
    /// Python raises this, nobody having thought of the case.
    Crash(&'static str),
    /// More than is read: blocks in each other, words in a tag, tokens in a template.
    Limit,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// An error whose place is that of the tag being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn arguments(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Arguments, message)
    }

    /// A name that is not known to the libraries: the rest of the tag can be understood.
    pub(crate) fn is_soft(&self) -> bool {
        matches!(self.code, ErrorCode::InvalidFilter | ErrorCode::FilterArguments)
    }
}
