//! Forms of a page.

use djsec_base::Span;

use super::element::{Element, Part};

/// A form: from its start tag to its end tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Its start tag.
    pub tag: Element,
    /// Where the token against forged requests is put in.
    pub token: Option<Span>,
    /// Whether something is written into it of which nothing is known, so that the token may be in it.
    pub opaque: bool,
    /// Whether its end tag was seen.
    pub closed: bool,
    /// Whether it stands in `{% cache %}`.
    pub cached: bool,
    /// Its controls: inputs, buttons, selections.
    pub controls: Vec<Element>,
    /// The tags in it that send something by themselves, by attributes of htmx.
    pub senders: Vec<Span>,
}

impl Form {
    pub(super) fn new(tag: Element, cached: bool) -> Self {
        Self {
            tag,
            token: None,
            opaque: false,
            closed: false,
            cached,
            controls: Vec::new(),
            senders: Vec::new(),
        }
    }

    /// Its method in lower case; `get` where none is given, none where it is computed.
    pub fn method(&self) -> Option<String> {
        match self.tag.attribute("method") {
            None if self.tag.open => None,
            None => Some("get".to_owned()),
            Some(attribute) => attribute.text().map(|text| text.trim().to_ascii_lowercase()),
        }
    }

    /// Where it is sent to; none: to the address of the page.
    pub fn action(&self) -> Option<&[Part]> {
        self.tag.attribute("action")?.value.as_deref()
    }

    /// The address of another site that it is sent to, as it is written.
    pub fn elsewhere(&self) -> Option<&str> {
        self.tag.attribute("action")?.elsewhere()
    }
}
