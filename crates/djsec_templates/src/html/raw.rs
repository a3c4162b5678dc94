//! Text in which there are no tags but the one that ends it: `title`, `style`, `script` and the like.

use super::LETTER;
use super::css::Css;
use super::element::{Run, Sink};
use super::held::Held;
use super::input::{Input, is_space};
use super::js::{Dialect, Js};
use super::place::{JsPlace, Place, RawElement, ScriptKind};
use super::tag::Tag;

/// The text of an element, as far as it has been read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Raw {
    element: RawElement,
    body: Body,
    level: Level,
    /// Dashes just read where `-->` means something; two stand for more.
    dashes: u8,
    step: Step,
    held: Held,
}

/// What the text is written in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Body {
    Text,
    Style(Css),
    Script(ScriptKind, Js),
    /// A script that is not read.
    Data,
}

/// How script data is escaped: in `<!--`, and in a `<script` in that, `</script` means other things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Level {
    Plain,
    Escaped,
    Double,
}

/// Where in a sign that means something. The numbers count letters of a name that agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Text,
    Less,
    EndOpen,
    EndName(u8),
    /// `<!`
    EscapeStart,
    /// `<!-`
    EscapeStartDash,
    DoubleStart(u8),
    DoubleEnd(u8),
}

/// Letters that do not agree.
const NONE: u8 = u8::MAX;

impl Raw {
    /// The text after this start tag, if that changes how it is read.
    pub(super) fn after(tag: &Tag) -> Option<Self> {
        let element = RawElement::of(tag.name.whole()?)?;
        let body = match element {
            RawElement::Style => Body::Style(Css::default()),
            RawElement::Script => match tag.script_kind() {
                ScriptKind::Other => Body::Data,
                kind => Body::Script(kind, Js::new(dialect(kind))),
            },
            _ => Body::Text,
        };
        Some(Self {
            element,
            body,
            level: Level::Plain,
            dashes: 0,
            step: Step::Text,
            held: Held::default(),
        })
    }

    /// Reads on; where the text ends, the end tag as far as its name.
    pub(super) fn text(&mut self, input: &mut Input<'_>, out: &mut impl Sink) -> Option<Tag> {
        let run = Run::Raw(self.element);
        let from = input.at();
        let mut sign = self.in_sign().then_some(from);
        while let Some(byte) = input.peek() {
            if self.step == Step::Text {
                if sign.take().is_some() {
                    self.held.release(run, out);
                }
                self.skip(input);
                let Some(byte) = input.peek() else { break };
                sign = (byte == b'<').then_some(input.at());
                self.in_text(byte);
                input.bump();
                continue;
            }
            if self.ends(byte) {
                return Some(self.leave(input, from, sign, out));
            }
            if self.next(byte) {
                input.bump();
            }
        }
        self.pause(input, from, sign, out);
        None
    }

    /// Whether what has been read last may turn out to be the end tag.
    const fn in_sign(&self) -> bool {
        matches!(self.step, Step::Less | Step::EndOpen | Step::EndName(_))
    }

    /// Moves over text that means nothing.
    fn skip(&mut self, input: &mut Input<'_>) {
        match self.level {
            _ if self.element == RawElement::Plaintext => input.skip(None),
            Level::Plain => input.skip(memchr::memchr(b'<', input.rest())),
            _ if self.dashes > 0 => {}
            _ => input.skip(memchr::memchr2(b'<', b'-', input.rest())),
        }
    }

    fn in_text(&mut self, byte: u8) {
        match byte {
            b'<' => {
                self.step = Step::Less;
                self.dashes = 0;
            }
            b'-' if self.level != Level::Plain => self.dashes = (self.dashes + 1).min(2),
            b'>' if self.dashes == 2 => {
                self.level = Level::Plain;
                self.dashes = 0;
            }
            _ => self.dashes = 0,
        }
    }

    /// One step in a sign; whether the byte belongs to it.
    fn next(&mut self, byte: u8) -> bool {
        let letter = byte.is_ascii_alphabetic();
        let ends_word = is_space(byte) || matches!(byte, b'/' | b'>');
        let script = self.element == RawElement::Script;
        let (step, taken) = match (self.step, byte) {
            (Step::Less, b'/') if self.level == Level::Double => (Step::DoubleEnd(0), true),
            (Step::Less, b'/') => (Step::EndOpen, true),
            (Step::Less, b'!') if script && self.level == Level::Plain => (Step::EscapeStart, true),
            (Step::Less, _) if letter && self.level == Level::Escaped => {
                (Step::DoubleStart(0), false)
            }
            (Step::EndOpen, _) if letter => (Step::EndName(0), false),
            (Step::EndName(read), _) if letter && agrees(self.element.name(), read, byte) => {
                (Step::EndName(read + 1), true)
            }
            (Step::EscapeStart, b'-') => (Step::EscapeStartDash, true),
            (Step::EscapeStartDash, b'-') => {
                self.level = Level::Escaped;
                self.dashes = 2;
                (Step::Text, true)
            }
            (Step::DoubleStart(read), _) if letter => {
                (Step::DoubleStart(step_on(read, byte)), true)
            }
            (Step::DoubleEnd(read), _) if letter => (Step::DoubleEnd(step_on(read, byte)), true),
            (Step::DoubleStart(read), _) if ends_word => {
                if read == 6 {
                    self.level = Level::Double;
                }
                (Step::Text, true)
            }
            (Step::DoubleEnd(read), _) if ends_word => {
                if read == 6 {
                    self.level = Level::Escaped;
                }
                (Step::Text, true)
            }
            _ => (Step::Text, false),
        };
        self.step = step;
        taken
    }

    /// Whether the name of the element has been read after `</`, and this ends it.
    fn ends(&self, byte: u8) -> bool {
        let Step::EndName(read) = self.step else { return false };
        usize::from(read) == self.element.name().len()
            && (is_space(byte) || matches!(byte, b'/' | b'>'))
    }

    /// What has been read last is the name of the end tag.
    fn leave(
        &self,
        input: &Input<'_>,
        from: usize,
        sign: Option<usize>,
        out: &mut impl Sink,
    ) -> Tag {
        let sign = sign.unwrap_or(from);
        if from < sign {
            out.run(Run::Raw(self.element), input.span(from..sign));
        }
        let start = self.held.start().unwrap_or(input.position_of(sign));
        Tag::closing(self.element.name(), start)
    }

    /// The input is at its end.
    fn pause(&mut self, input: &Input<'_>, from: usize, sign: Option<usize>, out: &mut impl Sink) {
        let run = Run::Raw(self.element);
        let sign = if self.in_sign() { sign } else { None };
        if sign.is_none() {
            self.held.release(run, out);
        }
        let text = from..sign.unwrap_or(input.at());
        if !text.is_empty() {
            out.run(run, input.span(text));
        }
        if let Some(sign) = sign {
            self.held.hold(input.span(sign..input.at()));
        }
        match &mut self.body {
            Body::Text | Body::Data => {}
            Body::Style(css) => css.text(input.since(from).as_bytes()),
            Body::Script(_, js) => js.text(input.since(from).as_bytes()),
        }
    }

    /// Reads an insertion, as if it were a letter.
    pub(super) fn insertion(&mut self, out: &mut impl Sink) -> Place {
        let letter = LETTER.bytes().next().unwrap_or(b'z');
        while self.step != Step::Text && !self.next(letter) {}
        if self.step == Step::Text {
            self.dashes = 0;
        }
        self.held.release(Run::Raw(self.element), out);
        match &mut self.body {
            Body::Text if matches!(self.element, RawElement::Title | RawElement::Textarea) => {
                Place::RcData(self.element)
            }
            Body::Text => Place::RawText(self.element),
            Body::Data => Place::Script(ScriptKind::Other, JsPlace::Unknown),
            Body::Style(css) => {
                css.text(LETTER.as_bytes());
                Place::Style(css.place())
            }
            Body::Script(kind, js) => {
                js.insertion();
                Place::Script(*kind, js.place())
            }
        }
    }
}

const fn dialect(kind: ScriptKind) -> Dialect {
    match kind {
        ScriptKind::Module => Dialect::Module,
        ScriptKind::Json => Dialect::Expression,
        ScriptKind::JavaScript | ScriptKind::Unknown | ScriptKind::Other => Dialect::Script,
    }
}

/// Whether the letter number `read` of `name` is this.
fn agrees(name: &str, read: u8, byte: u8) -> bool {
    name.as_bytes().get(usize::from(read)).copied() == Some(byte.to_ascii_lowercase())
}

/// How many letters of `script` have been read after this one.
fn step_on(read: u8, byte: u8) -> u8 {
    if read != NONE && agrees("script", read, byte) { read + 1 } else { NONE }
}
