//! What a browser makes of a page while it is written out.
//!
//! A [`State`] is where the HTML Standard's tokenizer stands between two bytes of a page, as a value:
//! it can be cloned at a branch of a template, fed with what each branch writes, and compared after it.
//! It is fed with literal text and with insertions, of whose text nothing is known: they are read as if
//! a letter stood there that no name, keyword or reference goes on with. What it answers is a [`Place`],
//! and a [`Sink`] is told which elements there are.
//!
//! Which text holds tags is decided by the names of start tags, as a browser's tree builder does in a
//! body, with scripts allowed; where SVG and `MathML` begin and end is followed without a tree. Nothing
//! here fails; what is kept of names, values and attributes is bounded, and says so where it is cut.
//!
//! Source of facts: the HTML Standard, "Tokenization" and "Tree construction"; ECMAScript and CSS Syntax
//! for what stands in scripts and styles.

mod comment;
mod css;
mod element;
mod foreign;
mod fork;
mod held;
mod input;
mod js;
mod place;
mod raw;
mod reference;
mod role;
mod scheme;
mod tag;
#[cfg(test)]
pub(crate) mod tests;
mod value;

use std::ops::Range;

use comment::{Comment, Declaration, Markup};
pub use element::{Attribute, EndTag, Name, Piece, Run, Sink, StartTag, Value};
use foreign::Foreign;
pub use fork::{Fork, Loop, States};
use input::Input;
pub(crate) use js::tokens::tokens;
pub use js::tokens::{Piece as ProgramPiece, Token, TokenKind};
pub use place::{
    AttributeNamePlace, AttributePlace, Client, CssPlace, JsPlace, Place, Quote, RawElement, Role,
    ScriptKind,
};
use raw::Raw;
pub use role::is_event_handler;
use tag::Tag;

/// What an insertion is read as: a letter that is in no name, keyword, reference or number that this
/// module looks for.
const LETTER: &str = "z";

/// Where a browser stands in a page.
///
/// States are equal if whatever follows is read alike and told alike. While a tag is being written its
/// attributes are part of the state, so that branches inside a tag stay apart until it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    mode: Mode,
    foreign: Foreign,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Mode {
    /// Text between tags.
    Data,
    /// `<`, which stands here.
    TagOpen(u32),
    /// `</`, which stands here.
    EndTagOpen(u32),
    Tag(Box<Tag>),
    Raw(Box<Raw>),
    Markup(Markup),
    Comment(Comment),
    Doctype,
}

impl Default for State {
    fn default() -> Self {
        Self::start()
    }
}

impl State {
    /// At the beginning of a page, or of what is put into a page as text and tags.
    pub fn start() -> Self {
        Self { mode: Mode::Data, foreign: Foreign::default() }
    }

    /// Reads literal text whose first byte stands at `offset`.
    pub fn text(&mut self, text: &str, offset: u32, out: &mut impl Sink) {
        let mut input = Input::new(text, offset);
        while input.peek().is_some() {
            if let Some(mode) = self.step(&mut input, out) {
                self.mode = mode;
            }
        }
    }

    /// Reads the insertion of number `id`; where it stands.
    pub fn insertion(&mut self, id: u32, out: &mut impl Sink) -> Place {
        let mode = std::mem::replace(&mut self.mode, Mode::Data);
        let (mode, place) = match mode {
            Mode::Data => (Mode::Data, self.foreign.place()),
            Mode::TagOpen(start) => insert_name(Tag::new(tag::Kind::Start, start), id),
            Mode::EndTagOpen(start) => insert_name(Tag::new(tag::Kind::End, start), id),
            Mode::Tag(mut tag) => {
                let place = tag.insertion(id);
                (Mode::Tag(tag), place)
            }
            Mode::Raw(mut raw) => {
                let place = raw.insertion(out);
                (Mode::Raw(raw), place)
            }
            Mode::Markup(_) => (Mode::Comment(Comment::bogus()), Place::Comment),
            Mode::Comment(mut comment) => {
                comment.insertion(out);
                let cdata = comment.is_cdata();
                let place = if cdata { self.foreign.place() } else { Place::Comment };
                (Mode::Comment(comment), place)
            }
            Mode::Doctype => (Mode::Doctype, Place::Doctype),
        };
        self.mode = mode;
        place
    }

    /// The other state in which an insertion can stand here, if what is inserted may well begin with
    /// white space: `<script{{ attributes }}>` is a script, though a letter there makes it another element.
    fn with_raw_name_ended(&self) -> Option<Self> {
        let Mode::Tag(tag) = &self.mode else { return None };
        let mode = Mode::Tag(Box::new(tag.with_raw_name_ended()?));
        Some(Self { mode, foreign: self.foreign.clone() })
    }

    /// Whether both are in the same tag, and differ only in its attributes so far.
    fn differs_in_attributes_only(&self, other: &Self) -> bool {
        match (&self.mode, &other.mode) {
            (Mode::Tag(one), Mode::Tag(two)) => {
                self.foreign == other.foreign && one.differs_in_attributes_only(two)
            }
            _ => false,
        }
    }

    /// Where an insertion would stand now.
    pub fn place(&self) -> Place {
        self.clone().insertion(0, &mut ())
    }

    /// Reads on in one mode, to its end or to that of the input; the mode after it. Every step reads
    /// something or changes to a mode that does.
    fn step(&mut self, input: &mut Input<'_>, out: &mut impl Sink) -> Option<Mode> {
        match &mut self.mode {
            Mode::Data => {
                let less = memchr::memchr(b'<', input.rest());
                input.skip(less);
                less?;
                let start = input.position();
                input.bump();
                Some(if input.peek().is_some() {
                    tag_open(start, input)
                } else {
                    Mode::TagOpen(start)
                })
            }
            Mode::TagOpen(start) => Some(tag_open(*start, input)),
            Mode::EndTagOpen(start) => Some(end_tag_open(*start, input)),
            Mode::Tag(tag) => {
                let span = tag.text(input)?;
                Some(close(tag, span, &mut self.foreign, out))
            }
            Mode::Raw(raw) => raw.text(input, out).map(|tag| Mode::Tag(Box::new(tag))),
            Mode::Markup(markup) => Some(match markup.text(input, self.foreign.has_cdata())? {
                Declaration::Comment => Mode::Comment(Comment::new()),
                Declaration::Bogus => Mode::Comment(Comment::bogus()),
                Declaration::Cdata => Mode::Comment(Comment::cdata()),
                Declaration::Doctype => Mode::Doctype,
            }),
            Mode::Comment(comment) => comment.text(input, out).then_some(Mode::Data),
            Mode::Doctype => {
                // Quotes do not hide it.
                let end = memchr::memchr(b'>', input.rest());
                input.skip(end.map(|end| end + 1));
                end.map(|_| Mode::Data)
            }
        }
    }
}

/// A tag has ended; what follows it.
fn close(tag: &mut Tag, span: Range<u32>, foreign: &mut Foreign, out: &mut impl Sink) -> Mode {
    if tag.is_end() {
        if let Some(name) = tag.name.whole()
            && tag.kind != tag::Kind::EndOfText
        {
            foreign.end(name);
        }
        out.end_tag(EndTag { name: std::mem::take(&mut tag.name), span });
        return Mode::Data;
    }
    let in_foreign = foreign.start(tag);
    let raw = if in_foreign { None } else { Raw::after(tag) };
    out.start_tag(StartTag {
        name: std::mem::take(&mut tag.name),
        attributes: std::mem::take(&mut tag.attributes),
        self_closing: tag.self_closing,
        foreign: in_foreign,
        truncated: tag.truncated,
        span,
    });
    raw.map_or(Mode::Data, |raw| Mode::Raw(Box::new(raw)))
}

fn tag_open(start: u32, input: &mut Input<'_>) -> Mode {
    match input.peek() {
        Some(b'!') => {
            input.bump();
            Mode::Markup(Markup::new())
        }
        Some(b'/') => {
            input.bump();
            Mode::EndTagOpen(start)
        }
        Some(b'?') => Mode::Comment(Comment::bogus()),
        Some(byte) if byte.is_ascii_alphabetic() => {
            Mode::Tag(Box::new(Tag::new(tag::Kind::Start, start)))
        }
        _ => Mode::Data,
    }
}

fn end_tag_open(start: u32, input: &mut Input<'_>) -> Mode {
    match input.peek() {
        Some(b'>') => {
            input.bump();
            Mode::Data
        }
        Some(byte) if byte.is_ascii_alphabetic() => {
            Mode::Tag(Box::new(Tag::new(tag::Kind::End, start)))
        }
        _ => Mode::Comment(Comment::bogus()),
    }
}

/// An insertion that begins the name of a tag.
fn insert_name(mut tag: Tag, id: u32) -> (Mode, Place) {
    let place = tag.insertion(id);
    (Mode::Tag(Box::new(tag)), place)
}
