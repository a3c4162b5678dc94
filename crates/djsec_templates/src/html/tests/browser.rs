//! The reference: html5ever's tokenizer with html5ever's tree builder behind it, which switches the
//! tokenizer as the HTML Standard says. It is asked where markers in a finished page come out.

#![expect(clippy::string_slice, reason = "values are cut where the marker begins")]

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElementFlags, ExpandedName, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, QualName};

/// Letters of which no page has any other use, none of them a hexadecimal digit.
pub(crate) const MARKER: &str = "zqkzqkz";
/// Digits of the number that a marker may have, which are no hexadecimal ones either.
const DIGITS: &[u8; 10] = b"ghijlmnopr";
/// Ends the number.
const END: u8 = b'y';

/// A marker with a number.
pub(crate) fn marker(number: usize) -> String {
    let digit = |digit: u8| char::from(DIGITS[usize::from(digit - b'0')]);
    let digits: String = number.to_string().bytes().map(digit).collect();
    format!("{MARKER}{digits}{}", char::from(END))
}

/// The markers of a text: what they are numbered, and where they begin.
fn markers(text: &str) -> Vec<(Option<usize>, usize)> {
    let number = |rest: &str| {
        let end = rest.bytes().position(|byte| byte == END)?;
        let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
        rest[..end].bytes().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
    };
    text.match_indices(MARKER).map(|(at, _)| (number(&text[at + MARKER.len()..]), at)).collect()
}

/// Where a marker comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Text between tags.
    Text,
    /// Text of an element that holds no tags.
    Raw(String),
    TagName,
    AttributeName,
    /// The value of an attribute: of which element, which attribute, and the value before the marker.
    Value {
        element: String,
        name: String,
        before: String,
    },
    Comment,
    Doctype,
    /// Nowhere: the browser throws it away.
    Nowhere,
}

/// Where the marker comes out.
pub(super) fn find(page: &str) -> Found {
    let mut found = find_all(page);
    found.pop().map_or(Found::Nowhere, |(_, found)| found)
}

/// Where markers come out, with their numbers, in order; those that are thrown away are not told.
pub(crate) fn find_all(page: &str) -> Vec<(Option<usize>, Found)> {
    let tree = TreeBuilder::new(Elements::default(), TreeBuilderOpts::default());
    let listener = Listener {
        tree,
        raw: RefCell::default(),
        text: RefCell::default(),
        found: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(listener, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(page));
    // It stops after each script.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.found.take()
}

struct Listener {
    tree: TreeBuilder<usize, Elements>,
    /// The element whose text is raw now.
    raw: RefCell<Option<String>>,
    /// The end of the text since the last tag or comment, which comes in parts.
    text: RefCell<String>,
    found: RefCell<Vec<(Option<usize>, Found)>>,
}

impl TokenSink for Listener {
    type Handle = usize;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<usize> {
        let name = match &token {
            Token::TagToken(tag) => Some((tag.kind, tag.name.to_string())),
            _ => None,
        };
        let found = self.look(&token);
        self.found.borrow_mut().extend(found);
        if matches!(&name, Some((TagKind::EndTag, _))) {
            self.raw.take();
        }
        let result = self.tree.process_token(token, line);
        if matches!(result, TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext) {
            *self.raw.borrow_mut() = name.map(|(_, name)| name);
        }
        result
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Listener {
    fn look(&self, token: &Token) -> Vec<(Option<usize>, Found)> {
        let named = |found: Found, text: &str| -> Vec<_> {
            markers(text).into_iter().map(|(number, _)| (number, found.clone())).collect()
        };
        match token {
            Token::CharacterTokens(part) => {
                self.text.borrow_mut().push_str(part);
                Vec::new()
            }
            Token::TagToken(tag) => {
                let mut found = self.text();
                found.extend(look_in(tag));
                found
            }
            Token::CommentToken(text) => {
                let mut found = self.text();
                found.extend(named(Found::Comment, text));
                found
            }
            Token::DoctypeToken(doctype) => {
                let parts = [&doctype.name, &doctype.public_id, &doctype.system_id];
                let parts = parts.into_iter().flatten();
                parts.flat_map(|part| named(Found::Doctype, part)).collect()
            }
            Token::EOFToken => self.text(),
            _ => Vec::new(),
        }
    }

    /// The markers in the text that has ended.
    fn text(&self) -> Vec<(Option<usize>, Found)> {
        let text = self.text.take();
        let found = self.raw.borrow().clone().map_or(Found::Text, Found::Raw);
        markers(&text).into_iter().map(|(number, _)| (number, found.clone())).collect()
    }
}

fn look_in(tag: &Tag) -> Vec<(Option<usize>, Found)> {
    let numbers = |text: &str| markers(text).into_iter().map(|(number, _)| number);
    let mut found: Vec<_> = numbers(&tag.name).map(|number| (number, Found::TagName)).collect();
    for attribute in &tag.attrs {
        found.extend(numbers(&attribute.name.local).map(|number| (number, Found::AttributeName)));
        for (number, at) in markers(&attribute.value) {
            let value = Found::Value {
                element: tag.name.to_string(),
                name: attribute.name.local.to_string(),
                before: attribute.value[..at].to_owned(),
            };
            found.push((number, value));
        }
    }
    found
}

/// The elements of a tree of which nothing but the names is kept.
#[derive(Default)]
struct Elements {
    last: Cell<usize>,
    elements: RefCell<Vec<(usize, &'static QualName, bool)>>,
}

impl Elements {
    fn add(&self) -> usize {
        // Every other number, so that a template's content has one.
        self.last.set(self.last.get() + 2);
        self.last.get()
    }

    fn get(&self, handle: usize) -> (&'static QualName, bool) {
        let elements = self.elements.borrow();
        let at = elements.binary_search_by_key(&handle, |(known, ..)| *known).expect("an element");
        (elements[at].1, elements[at].2)
    }
}

impl TreeSink for Elements {
    type Handle = usize;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> usize {
        0
    }
    fn elem_name<'a>(&'a self, target: &'a usize) -> ExpandedName<'a> {
        self.get(*target).0.expanded()
    }
    fn create_element(&self, name: QualName, _: Vec<Attribute>, flags: ElementFlags) -> usize {
        let handle = self.add();
        // Leaked: the interface wants a name that lives as long as this borrow, and the pages are small.
        let name: &'static QualName = Box::leak(Box::new(name));
        let html = flags.mathml_annotation_xml_integration_point;
        self.elements.borrow_mut().push((handle, name, html));
        handle
    }
    fn create_comment(&self, _: StrTendril) -> usize {
        self.add()
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.add()
    }
    fn append(&self, _: &usize, _: NodeOrText<usize>) {}
    fn append_based_on_parent_node(&self, _: &usize, _: &usize, _: NodeOrText<usize>) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, target: &usize) -> usize {
        target + 1
    }
    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, _: &usize, _: NodeOrText<usize>) {}
    fn add_attrs_if_missing(&self, _: &usize, _: Vec<Attribute>) {}
    fn remove_from_parent(&self, _: &usize) {}
    fn reparent_children(&self, _: &usize, _: &usize) {}
    fn is_mathml_annotation_xml_integration_point(&self, handle: &usize) -> bool {
        self.get(*handle).1
    }
}
