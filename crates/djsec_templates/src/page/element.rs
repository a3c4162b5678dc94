//! Elements of a page, with what templates put into their attributes.

use std::sync::Arc;

use djsec_base::Span;

use super::access::Access;
use super::source::Sources;
use crate::html::{self, Piece, Quote, StartTag};

/// A start tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The element, in lower case; what stands before an insertion in it.
    pub name: Arc<str>,
    /// Its attributes that count, in order.
    pub attributes: Vec<Attribute>,
    /// The tag.
    pub span: Span,
    /// Whether something may write attributes that are not known.
    pub open: bool,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name, in lower case.
    pub name: Arc<str>,
    /// Its value; none where there is no `=`.
    pub value: Option<Vec<Part>>,
    /// How the value is quoted.
    pub quote: Option<Quote>,
    /// From its name to its end.
    pub span: Span,
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text that stands there.
    Text(Arc<str>),
    /// `{% url "name" … %}`: an address of this site. None where the name is computed.
    Url(Option<Arc<str>>),
    /// `{% static … %}`: a file of this project.
    Static,
    /// Any other value.
    Value(Vec<Access>),
}

impl Element {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The text of an attribute, if it has no other parts: empty where there is no value.
    pub fn text(&self, name: &str) -> Option<String> {
        self.attribute(name)?.text()
    }
}

impl Attribute {
    /// Its text, if it has no other parts.
    pub fn text(&self) -> Option<String> {
        let parts = self.value.as_deref().unwrap_or_default();
        parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(&**text),
                _ => None,
            })
            .collect()
    }

    /// The text that its value begins with.
    pub fn prefix(&self) -> &str {
        match self.value.as_deref() {
            Some([Part::Text(text), ..]) => text,
            _ => "",
        }
    }
}

/// An element of what the tokenizer tells; `part` says what an insertion is.
pub(super) fn element(
    tag: &StartTag,
    sources: &Sources,
    part: &impl Fn(u32) -> Part,
) -> Option<Element> {
    let named = |attribute: &&html::Attribute| !attribute.duplicate;
    let is_open = |attribute: &html::Attribute| {
        attribute.name.insertion.is_some() || attribute.name.truncated
    };
    let attributes = tag.attributes.iter().filter(named).filter_map(|attribute| {
        let name = attribute.name.whole()?;
        let value = attribute.value.as_ref();
        Some(Attribute {
            name: Arc::from(name),
            value: value.map(|value| value.pieces.iter().map(|piece| of(piece, part)).collect()),
            quote: value.map(|value| value.quote),
            span: sources.span(&attribute.span)?,
        })
    });
    Some(Element {
        name: Arc::from(tag.name.text.as_str()),
        attributes: attributes.collect(),
        span: sources.span(&tag.span)?,
        open: tag.truncated || tag.name.whole().is_none() || tag.attributes.iter().any(is_open),
    })
}

fn of(piece: &Piece, part: &impl Fn(u32) -> Part) -> Part {
    match piece {
        Piece::Text { text, .. } => Part::Text(Arc::from(text.as_str())),
        Piece::Insertion(id) => part(*id),
    }
}
