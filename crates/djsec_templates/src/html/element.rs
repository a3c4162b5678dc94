//! Finished tags, and who is told of them.

use std::ops::Range;

use super::place::{Quote, RawElement, ScriptKind};
use super::role::Deciding;

/// Bytes kept of a name; no name that means anything is as long.
const NAME_BYTES: usize = 128;
/// Bytes of text kept of a value.
const VALUE_BYTES: usize = 1024;
/// Pieces kept of a value.
const VALUE_PIECES: usize = 64;

/// Is told what a page is made of, in the order in which it ends.
///
/// All positions are those that [`super::State::text`] is given; who reads several files gives each
/// its own range of them. A tag may begin in one and end in another.
pub trait Sink {
    /// A start tag has ended.
    fn start_tag(&mut self, _tag: StartTag) {}
    /// An end tag has ended.
    fn end_tag(&mut self, _tag: EndTag) {}
    /// A stretch of text of an element without tags, or of a comment. A text that is fed in parts or
    /// that insertions interrupt comes in as many stretches.
    fn run(&mut self, _of: Run, _span: Range<u32>) {}
}

/// Listens to nothing.
impl Sink for () {}

/// What a stretch of text is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Run {
    /// The text of this element.
    Raw(RawElement),
    /// A comment, without its signs.
    Comment,
}

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StartTag {
    /// The element's name.
    pub name: Name,
    /// Its attributes in order, those that browsers drop among them.
    pub attributes: Vec<Attribute>,
    /// Written as `<… />`, which means nothing outside SVG and `MathML`.
    pub self_closing: bool,
    /// In SVG or `MathML`.
    pub foreign: bool,
    /// There are more attributes than are kept.
    pub truncated: bool,
    /// From `<` to behind `>`.
    pub span: Range<u32>,
}

impl StartTag {
    /// The attribute that counts under this lower-case name; none if its name is not all known.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.is(name))
    }

    /// What it is to a browser, if it is a script.
    pub fn script_kind(&self) -> Option<ScriptKind> {
        if !self.name.is("script") {
            return None;
        }
        let mut deciding = Deciding::default();
        for attribute in self.attributes.iter().filter(|attribute| !attribute.duplicate) {
            deciding.note(&self.name, attribute);
        }
        Some(deciding.script_kind())
    }
}

/// An end tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndTag {
    /// The element's name.
    pub name: Name,
    /// From `<` to behind `>`.
    pub span: Range<u32>,
}

/// A name in a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name {
    /// In lower case, as far as it stands before the first insertion in it.
    pub text: String,
    /// The first insertion in it.
    pub insertion: Option<u32>,
    /// It is longer than what is kept.
    pub truncated: bool,
}

impl Name {
    /// A name that is wholly known.
    pub(super) fn literal(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Whether it is wholly known and is this, in lower case.
    pub fn is(&self, name: &str) -> bool {
        self.whole() == Some(name)
    }

    /// The name, if it is wholly known.
    pub fn whole(&self) -> Option<&str> {
        (self.insertion.is_none() && !self.truncated).then_some(self.text.as_str())
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.insertion.is_some() || self.truncated {
            return;
        }
        if self.text.len() + text.len() <= NAME_BYTES && !text.contains('\0') {
            let from = self.text.len();
            self.text.push_str(text);
            if let Some(added) = self.text.get_mut(from..) {
                added.make_ascii_lowercase();
            }
            return;
        }
        self.push_slowly(text);
    }

    fn push_slowly(&mut self, text: &str) {
        for character in text.chars() {
            // As HTML replaces it in names.
            let character = if character == '\0' { '\u{FFFD}' } else { character };
            if self.text.len() + character.len_utf8() > NAME_BYTES {
                self.truncated = true;
                return;
            }
            self.text.push(character.to_ascii_lowercase());
        }
    }

    pub(super) fn insert(&mut self, id: u32) {
        self.insertion = self.insertion.or(Some(id));
    }
}

/// An attribute of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its value; none if there is no `=`.
    pub value: Option<Value>,
    /// One of its name stands before it, and a browser drops this one.
    pub duplicate: bool,
    /// The name. Where an insertion begins it, from the end of the text before.
    pub name_span: Range<u32>,
    /// From the name to behind the value and its quote.
    pub span: Range<u32>,
}

/// A value, or what stands of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// How it is quoted.
    pub quote: Quote,
    /// What it is made of, in order. Texts follow each other where it does not stand in one piece.
    pub pieces: Vec<Piece>,
    /// There is more text, or there are more pieces, than are kept.
    pub truncated: bool,
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Literal text.
    Text {
        /// The text, with numeric character references taken out and those by name that mean something to
        /// addresses, programs and styles; of a long one the beginning.
        text: String,
        /// Where it stands.
        span: Range<u32>,
    },
    /// The insertion of this number.
    Insertion(u32),
}

impl Value {
    pub(super) const fn new(quote: Quote) -> Self {
        Self { quote, pieces: Vec::new(), truncated: false }
    }

    /// The value, if it is all literal text.
    pub fn literal(&self) -> Option<String> {
        let whole = !self.truncated && self.insertions().next().is_none();
        whole.then(|| texts(self.pieces.iter()))
    }

    /// The literal text before the first insertion.
    pub fn prefix(&self) -> String {
        texts(self.pieces.iter().take_while(|piece| matches!(piece, Piece::Text { .. })))
    }

    /// The literal text after the last insertion; all of it if there is none.
    pub fn tail(&self) -> String {
        let last = self.pieces.iter().rposition(|piece| matches!(piece, Piece::Insertion(_)));
        texts(self.pieces.iter().skip(last.map_or(0, |last| last + 1)))
    }

    /// Whether nothing at all stands in it.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && !self.truncated
    }

    /// The insertions in it, in order.
    pub fn insertions(&self) -> impl Iterator<Item = u32> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Insertion(id) => Some(*id),
            Piece::Text { .. } => None,
        })
    }

    /// Adds that text stands at `span`, which goes on where the last piece ends if it can. Whether it
    /// fits is seen by whether text can be added to it.
    pub(super) fn extend(&mut self, over: Range<u32>) {
        if let Some(Piece::Text { span, .. }) = self.pieces.last_mut()
            && span.end == over.start
        {
            span.end = over.end;
        } else {
            self.piece(Piece::Text { text: String::new(), span: over });
        }
    }

    pub(super) fn insert(&mut self, id: u32) {
        self.piece(Piece::Insertion(id));
    }

    fn piece(&mut self, piece: Piece) {
        if self.pieces.len() < VALUE_PIECES {
            self.pieces.push(piece);
        } else {
            self.truncated = true;
        }
    }

    /// Adds text to the last piece, as far as it fits.
    pub(super) fn push(&mut self, added: &str) {
        if self.truncated {
            return;
        }
        let Some(Piece::Text { text, .. }) = self.pieces.last_mut() else { return };
        if text.len() + added.len() <= VALUE_BYTES && !added.contains('\0') {
            text.push_str(added);
            return;
        }
        for character in added.chars() {
            // As HTML replaces it.
            let character = if character == '\0' { '\u{FFFD}' } else { character };
            if text.len() + character.len_utf8() > VALUE_BYTES {
                self.truncated = true;
                return;
            }
            text.push(character);
        }
    }
}

fn texts<'a>(pieces: impl Iterator<Item = &'a Piece>) -> String {
    let mut all = String::new();
    for piece in pieces {
        if let Piece::Text { text, .. } = piece {
            all.push_str(text);
        }
    }
    all
}
