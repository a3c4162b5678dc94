//! Elements of a page, with what templates put into their attributes.

use std::sync::Arc;

use djsec_base::Span;

use super::access::Access;
use super::source::Sources;
use crate::html::{self, Piece, Quote, ScriptKind, StartTag};

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
    /// What it is to a browser, if it is a script.
    pub script: Option<ScriptKind>,
    /// Whether more than white space stands in it; only told of scripts and styles.
    pub filled: bool,
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
    /// `{% static … %}`: a file of this project. None where its path is computed.
    Static(Option<Arc<str>>),
    /// The nonce of the page's content security policy, as a tag of Django or django-csp writes it.
    Nonce,
    /// Any other value.
    Value(Vec<Access>),
}

impl Element {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// Whether both are the same tag, written in the same way.
    pub(super) fn is_same_tag(&self, other: &Self) -> bool {
        self.span == other.span
            && self.name == other.name
            && self.open == other.open
            && self.attributes == other.attributes
    }

    /// The text of an attribute, if it has no other parts: empty where there is no value.
    pub fn text(&self, name: &str) -> Option<String> {
        self.attribute(name)?.text()
    }
}

impl Attribute {
    /// The nonce that a tag writes.
    pub(super) fn nonce(span: Span) -> Self {
        let value = Some(vec![Part::Nonce]);
        Self { name: Arc::from("nonce"), value, quote: Some(Quote::Double), span }
    }

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

    /// The address of another site that its value begins with, as it is written.
    pub fn elsewhere(&self) -> Option<&str> {
        let address = self.prefix().trim_start();
        let lower = address.to_ascii_lowercase();
        let mut starts = ["http://", "https://", "//"].iter();
        starts.any(|start| lower.starts_with(start)).then_some(address)
    }
}

/// An element of what the tokenizer tells; `part` says what an insertion is.
pub(super) fn element(
    tag: &StartTag,
    sources: &Sources,
    part: &impl Fn(u32) -> Part,
) -> Option<Element> {
    let named = |attribute: &&html::Attribute| !attribute.duplicate;
    let is_nonce = |attribute: &html::Attribute| {
        attribute.name.text.is_empty()
            && attribute.name.insertion.is_some_and(|id| part(id) == Part::Nonce)
    };
    let is_open = |attribute: &html::Attribute| {
        (attribute.name.insertion.is_some() && !is_nonce(attribute)) || attribute.name.truncated
    };
    let attributes = tag.attributes.iter().filter(named).filter_map(|attribute| {
        let span = sources.span(&attribute.span)?;
        if is_nonce(attribute) {
            return Some(Attribute::nonce(span));
        }
        let name = attribute.name.whole()?;
        let value = attribute.value.as_ref();
        Some(Attribute {
            name: Arc::from(name),
            value: value.map(|value| value.pieces.iter().map(|piece| of(piece, part)).collect()),
            quote: value.map(|value| value.quote),
            span,
        })
    });
    Some(Element {
        name: Arc::from(tag.name.text.as_str()),
        attributes: attributes.collect(),
        span: sources.span(&tag.span)?,
        open: tag.truncated || tag.name.whole().is_none() || tag.attributes.iter().any(is_open),
        script: tag.script_kind(),
        filled: false,
    })
}

fn of(piece: &Piece, part: &impl Fn(u32) -> Part) -> Part {
    match piece {
        Piece::Text { text, .. } => Part::Text(Arc::from(text.as_str())),
        Piece::Insertion(id) => part(*id),
    }
}
