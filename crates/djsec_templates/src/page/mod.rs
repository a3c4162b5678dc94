//! One page: a template with what it extends and includes, in the order in which it is written out, and
//! what a browser makes of that.

mod access;
mod asked;
mod element;
mod escape;
mod followed;
mod form;
mod frame;
mod macros;
mod scope;
mod source;
mod tags;
#[cfg(test)]
mod tests;
mod told;
mod walk;

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::Span;

pub use access::{Access, Call, Of, Step};
pub use asked::Asked;
pub use element::{Attribute, Element, Part};
pub use form::Form;
pub use source::{Source, Sources};
pub use walk::{Called, Tags};

use crate::html::Place;

/// What a page writes out, as far as it matters for what may go wrong there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Values in places where escaping does not suffice, or is not done, and those escaped for scripts.
    pub insertions: Vec<Insertion>,
    /// Calls of the project's tags, each after those that it is given something of.
    pub calls: Vec<Call>,
    /// Values that go through filters of the project, wherever they are written: what these do with them.
    pub filtered: BTreeSet<(Span, Access)>,
    /// What it writes of its context, wherever and however, each time that it does.
    pub printed: BTreeSet<(Span, Access)>,
    /// Where a value says which template is included or extended.
    pub chosen: Vec<Chosen>,
    /// Elements that load, run or send something, in order.
    pub elements: Vec<Element>,
    /// Its forms, in order.
    pub forms: Vec<Form>,
    /// The texts of its comments, in order; what is put into one stands between two of them.
    pub comments: Vec<Span>,
    /// Values that are put into comments, in order, whether escaped or not.
    pub commented: Vec<(Span, Vec<Access>)>,
    /// Addresses of the site that it only shows to some, in order.
    pub links: Vec<Link>,
    /// The programs that stand in it, in order.
    pub scripts: Vec<Script>,
    /// Values at the beginning of addresses that its programs have the browser follow, in order.
    pub followed: BTreeSet<Followed>,
    /// Whether it is a whole document: what is put into one by a script begins with no `html` or `body`.
    pub whole: bool,
    /// Whether it has any tag: what has none may be text, or a part of a script.
    pub markup: bool,
    /// Where markup may be written of which nothing is known: values that are not escaped, tags that
    /// nobody knows.
    pub opaque: Vec<Span>,
    /// What is not known of it, in order.
    pub gaps: Vec<Gap>,
    /// The templates that it is made of, itself first.
    pub parts: Vec<Arc<str>>,
}

/// A value that is put in where that may do harm.
#[derive(Debug, Clone, PartialEq)]
pub struct Insertion {
    /// The tag that puts it in, with its braces.
    pub span: Span,
    /// Where it arrives.
    pub place: Place,
    /// Whether it is escaped as text of HTML is.
    pub escaped: bool,
    /// The tag that turned escaping off around it, if it is not escaped.
    pub off: Option<Span>,
    /// What it may be; nothing for what the template itself says, and for what is not known.
    pub accesses: Vec<Access>,
}

/// A template that a value chooses.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// `{% include value %}`, `{% extends value %}`.
    pub span: Span,
    /// What its name may be; never nothing.
    pub accesses: Vec<Access>,
}

/// An address of the site that a page shows to some only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The name of the route, with its namespaces.
    pub name: Arc<str>,
    /// `{% url … %}`.
    pub span: Span,
    /// What they must be.
    pub asked: Asked,
    /// The condition.
    pub condition: Span,
}

/// A program that stands in a page, with what the template puts into it. Of branches all are in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Its start tag.
    pub tag: Span,
    /// What it is made of, in order: text that stands there, or what is put in there.
    pub pieces: Vec<(Span, Option<Part>)>,
}

/// A value at the beginning of an address that a program has the browser follow: `window.open("{{ url }}")`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Followed {
    /// The tag that puts it in.
    pub span: Span,
    /// What it may be; never nothing.
    pub accesses: Vec<Access>,
    /// Whether it is opened in a window that keeps a handle on this one.
    pub keeps_opener: bool,
}

/// Something that is not known of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Where.
    pub span: Span,
    /// Why.
    pub reason: GapReason,
}

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapReason {
    /// The template that is included or extended is computed.
    Computed,
    /// The template that is included or extended is not in the tree.
    Missing,
    /// Templates include or extend each other in a circle.
    Cycle,
    /// There are more ways through the branches of a tag than are kept apart.
    Ways,
    /// The page is larger than is read.
    Limit,
}
