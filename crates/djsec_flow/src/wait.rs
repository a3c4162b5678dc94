//! Calls of which only the callers of a function can tell what they do: how a program is started that a
//! parameter decides about, a method of a parameter.

use std::sync::Arc;

use djsec_base::Span;

use crate::args::Args;
use crate::catalog::Sink;
use crate::summary::Under;

/// A call that waits until it is known what the parameters are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wait {
    pub(crate) callee: Callee,
    /// What it is given, in terms of the parameters.
    pub(crate) args: Args,
    /// The argument that matters, or the call.
    pub(crate) place: Span,
    /// Under which conditions it is run.
    pub(crate) under: Vec<Under>,
    /// Whether it is a call in a function that is called, and not one of this function.
    pub(crate) handed_on: bool,
}

/// What is called there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Callee {
    /// Something that is known to do harm under a condition, and how it is called.
    Sink(Arc<Sink>, Arc<str>),
    /// What is put under an attribute of this name, of something that the caller knows.
    Attribute(Arc<str>),
    /// A method of this name, of something that the caller knows.
    Method(Arc<str>),
}

impl Wait {
    /// Whether both are about one call. What a callee leaves is there for each call of it, with what it is given.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.place == other.place
            && self.callee == other.callee
            && self.handed_on == other.handed_on
            && (!self.handed_on || self.args.is_same_data(&other.args))
    }
}
