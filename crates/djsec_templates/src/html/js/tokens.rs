//! Words, signs and strings of a program, read with the same states that tell where an insertion stands.

use super::{Dialect, Js, Level, Mode, words};

/// Tokens of one program that are kept.
const MOST: usize = 200_000;
/// Bytes of a string that are kept.
const LONGEST: usize = 512;

/// A part of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text that stands there.
    Text(&'t str),
    /// Something that is put in.
    Value,
}

/// A word, a sign or a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Which of them.
    pub kind: TokenKind,
    /// What it says: of a string what stands between its quotes, before the first thing that is put in; of
    /// a long one the beginning.
    pub text: String,
    /// The first piece that is put into it.
    pub value: Option<usize>,
    /// The piece in which it begins.
    pub piece: usize,
    /// The byte of that piece at which it begins, with its quote.
    pub at: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A name, a keyword or a number.
    Word,
    /// One sign: `=>` is two. What stands in `${…}` is between `(` and `)`.
    Sign,
    /// A string in quotes.
    Text,
    /// Text between backticks, up to `${` or from `}` on.
    Template,
    /// A regular expression.
    RegExp,
}

/// The tokens of a program, without its comments. What is nested too deep is left out.
pub(crate) fn tokens(pieces: &[Piece<'_>]) -> Vec<Token> {
    let mut reader = Reader { js: Js::new(Dialect::Script), done: Vec::new(), open: None };
    for (number, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                for (at, byte) in text.bytes().enumerate() {
                    if reader.is_full() {
                        break;
                    }
                    reader.byte(byte, (number, at));
                }
            }
            Piece::Value => reader.value(number),
        }
        if reader.is_full() {
            break;
        }
    }
    reader.end();
    reader.done
}

struct Reader {
    js: Js,
    done: Vec<Token>,
    open: Option<Open>,
}

/// A token that is being read.
struct Open {
    kind: TokenKind,
    bytes: Vec<u8>,
    value: Option<usize>,
    place: (usize, usize),
}

impl Reader {
    const fn is_full(&self) -> bool {
        self.js.lost || self.done.len() >= MOST
    }

    fn byte(&mut self, byte: u8, place: (usize, usize)) {
        let before = self.js.mode;
        // Only braces begin and end them.
        let brace = matches!(byte, b'{' | b'}');
        let count = |js: &Js| if brace { interpolations(js) } else { 0 };
        let open = count(&self.js);
        self.js.byte(byte);
        let (after, now_open) = (self.js.mode, count(&self.js));
        match before {
            Mode::Slash => match after {
                Mode::LineComment(_) | Mode::BlockComment { .. } => {}
                Mode::RegExp { .. } => {
                    self.begin(TokenKind::RegExp, place);
                    self.push(byte);
                }
                _ => {
                    self.sign(b'/', place);
                    self.bare(byte, place, after);
                }
            },
            Mode::Bare if open > now_open => {
                self.end();
                self.sign(b')', place);
                self.begin(TokenKind::Template, place);
            }
            Mode::Bare => self.bare(byte, place, after),
            Mode::Template { .. } if now_open > open => {
                if let Some(open) = &mut self.open {
                    open.bytes.pop();
                }
                self.end();
                self.sign(b'(', place);
            }
            Mode::Text { .. } | Mode::Template { .. } | Mode::RegExp { .. } => {
                if after == Mode::Bare {
                    self.end();
                } else {
                    self.push(byte);
                }
            }
            Mode::LineComment(_) | Mode::BlockComment { .. } => {}
        }
    }

    /// A byte of code.
    fn bare(&mut self, byte: u8, place: (usize, usize), after: Mode) {
        match after {
            Mode::Text { .. } => self.begin(TokenKind::Text, place),
            Mode::Template { .. } => self.begin(TokenKind::Template, place),
            Mode::Bare if words::is_word(byte) => {
                if self.open.is_none() {
                    self.begin(TokenKind::Word, place);
                }
                self.push(byte);
            }
            Mode::Bare if !byte.is_ascii_whitespace() && byte != 0x0B => self.sign(byte, place),
            _ => self.end(),
        }
    }

    fn value(&mut self, piece: usize) {
        self.byte(b'z', (piece, 0));
        if let Some(open) = &mut self.open {
            if open.value.is_none() {
                open.bytes.pop();
            }
            open.value.get_or_insert(piece);
        }
    }

    fn begin(&mut self, kind: TokenKind, place: (usize, usize)) {
        self.end();
        self.open = Some(Open { kind, bytes: Vec::new(), value: None, place });
    }

    fn push(&mut self, byte: u8) {
        if let Some(open) = &mut self.open
            && open.value.is_none()
            && open.bytes.len() < LONGEST
        {
            open.bytes.push(byte);
        }
    }

    fn sign(&mut self, byte: u8, (piece, at): (usize, usize)) {
        self.end();
        let text = char::from(byte).to_string();
        self.done.push(Token { kind: TokenKind::Sign, text, value: None, piece, at });
    }

    fn end(&mut self) {
        if let Some(Open { kind, bytes, value, place: (piece, at) }) = self.open.take() {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.done.push(Token { kind, text, value, piece, at });
        }
    }
}

/// How many `${` are open.
fn interpolations(js: &Js) -> usize {
    js.levels.iter().filter(|level| **level == Level::Interpolation).count()
}
