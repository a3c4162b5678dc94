//! Comments, and what begins with `<!` and `<?`.

use std::ops::Range;

use super::element::{Run, Sink};
use super::held::Held;
use super::input::Input;

/// A comment that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Comment {
    step: Step,
    held: Held,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    /// `<!--`
    Start,
    /// `<!---`
    StartDash,
    Text,
    /// `-`
    Dash,
    /// `--` and more dashes
    End,
    /// `--!`
    Bang,
    /// What browsers take for a comment: `>` ends it.
    Bogus,
    /// Text in SVG and `MathML` that looks like one: `]]>` ends it. So many brackets have been read.
    Cdata(u8),
}

impl Comment {
    /// After `<!--`.
    pub(super) fn new() -> Self {
        Self { step: Step::Start, held: Held::default() }
    }

    pub(super) fn bogus() -> Self {
        Self { step: Step::Bogus, held: Held::default() }
    }

    /// After `<![CDATA[` in SVG or `MathML`.
    pub(super) fn cdata() -> Self {
        Self { step: Step::Cdata(0), held: Held::default() }
    }

    pub(super) const fn is_cdata(&self) -> bool {
        matches!(self.step, Step::Cdata(_))
    }

    /// Reads on; whether the comment ends.
    pub(super) fn text(&mut self, input: &mut Input<'_>, out: &mut impl Sink) -> bool {
        let from = input.at();
        // Where the dashes begin that may end it.
        let mut sign = self.in_sign().then_some(from);
        loop {
            self.skip(input);
            let Some(byte) = input.peek() else { break };
            let at = input.at();
            input.bump();
            let step = self.step.next(byte);
            let Some(step) = step else {
                self.emit(input, from..sign.unwrap_or(at), out);
                return true;
            };
            self.step = step;
            if !self.in_sign() {
                self.release(out);
                sign = None;
            } else if sign.is_none() {
                sign = Some(at);
            }
        }
        self.emit(input, from..sign.unwrap_or(input.at()), out);
        if let Some(sign) = sign {
            self.held.hold(input.span(sign..input.at()));
        }
        false
    }

    /// Moves over text that means nothing.
    fn skip(&self, input: &mut Input<'_>) {
        let byte = match self.step {
            Step::Text => b'-',
            Step::Bogus => b'>',
            Step::Cdata(0) => b']',
            _ => return,
        };
        input.skip(memchr::memchr(byte, input.rest()));
    }

    const fn in_sign(&self) -> bool {
        match self.step {
            Step::StartDash | Step::Dash | Step::End | Step::Bang => true,
            Step::Cdata(read) => read > 0,
            Step::Start | Step::Text | Step::Bogus => false,
        }
    }

    fn release(&mut self, out: &mut impl Sink) {
        if self.is_cdata() {
            self.held.forget();
        } else {
            self.held.release(Run::Comment, out);
        }
    }

    fn emit(&self, input: &Input<'_>, text: Range<usize>, out: &mut impl Sink) {
        if !text.is_empty() && !self.is_cdata() {
            out.run(Run::Comment, input.span(text));
        }
    }

    /// Reads an insertion, as if it were a letter.
    pub(super) fn insertion(&mut self, out: &mut impl Sink) {
        self.step = match self.step {
            Step::Bogus => Step::Bogus,
            Step::Cdata(_) => Step::Cdata(0),
            _ => Step::Text,
        };
        self.release(out);
    }
}

impl Step {
    /// After this byte; none if it ends the comment.
    const fn next(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (
                Self::Start
                | Self::StartDash
                | Self::End
                | Self::Bang
                | Self::Bogus
                | Self::Cdata(2),
                b'>',
            ) => return None,
            (Self::Bogus, _) => Self::Bogus,
            (Self::Cdata(0), b']') => Self::Cdata(1),
            (Self::Cdata(_), b']') => Self::Cdata(2),
            (Self::Cdata(_), _) => Self::Cdata(0),
            (Self::Start, b'-') => Self::StartDash,
            (Self::Text | Self::Bang, b'-') => Self::Dash,
            (Self::StartDash | Self::Dash | Self::End, b'-') => Self::End,
            (Self::End, b'!') => Self::Bang,
            _ => Self::Text,
        })
    }
}

/// `<!` and what has been read of what it may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Markup {
    word: &'static str,
    read: u8,
}

/// What `<!` begins.
pub(super) enum Declaration {
    Comment,
    Bogus,
    Cdata,
    Doctype,
}

impl Markup {
    /// After `<!`.
    pub(super) const fn new() -> Self {
        Self { word: "", read: 0 }
    }

    /// Reads on: what it begins, or nothing if more must be read.
    pub(super) fn text(&mut self, input: &mut Input<'_>, foreign: bool) -> Option<Declaration> {
        while let Some(byte) = input.peek() {
            if self.read == 0 {
                self.word = match byte {
                    b'-' => "--",
                    b'd' | b'D' => "doctype",
                    b'[' if foreign => "[CDATA[",
                    _ => return Some(Declaration::Bogus),
                };
            }
            let expected = self.word.as_bytes().get(usize::from(self.read)).copied();
            let byte = if self.word == "doctype" { byte.to_ascii_lowercase() } else { byte };
            if expected != Some(byte) {
                return Some(Declaration::Bogus);
            }
            input.bump();
            self.read += 1;
            if usize::from(self.read) == self.word.len() {
                return Some(match self.word {
                    "--" => Declaration::Comment,
                    "doctype" => Declaration::Doctype,
                    _ => Declaration::Cdata,
                });
            }
        }
        None
    }
}
