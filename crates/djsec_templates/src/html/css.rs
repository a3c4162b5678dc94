//! Places in CSS, after the CSS Syntax Module.

use super::input::is_space;
use super::place::{CssPlace, Quote};

/// What is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Mode {
    Bare,
    /// `/` has been read.
    Slash,
    Comment,
    /// `*` has been read in a comment.
    CommentStar,
    /// In a string; whether it is an address, and whether `\` has been read.
    Text {
        quote: u8,
        address: bool,
        escaped: bool,
    },
    /// Behind `url(`, before anything else.
    UrlStart,
    Url {
        escaped: bool,
    },
}

/// How much of a name has been read: so many letters of `url`, or something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Word {
    Letters(u8),
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Css {
    mode: Mode,
    word: Word,
}

impl Default for Css {
    fn default() -> Self {
        Self { mode: Mode::Bare, word: Word::Letters(0) }
    }
}

impl Css {
    pub(super) fn text(&mut self, text: &[u8]) {
        for byte in text {
            self.byte(*byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        match self.mode {
            Mode::Bare => self.bare(byte),
            Mode::Slash if byte == b'*' => self.mode = Mode::Comment,
            Mode::Slash => {
                self.mode = Mode::Bare;
                self.bare(byte);
            }
            Mode::Comment | Mode::CommentStar => {
                self.mode = match (self.mode, byte) {
                    (Mode::CommentStar, b'/') => Mode::Bare,
                    (_, b'*') => Mode::CommentStar,
                    _ => Mode::Comment,
                }
            }
            Mode::Text { quote, address, escaped: true } => {
                self.mode = Mode::Text { quote, address, escaped: false };
            }
            Mode::Text { quote, address, escaped: false } => match byte {
                b'\\' => self.mode = Mode::Text { quote, address, escaped: true },
                // A line feed ends a bad string.
                b'\n' | b'\r' | 0x0C => self.leave(),
                _ if byte == quote => self.leave(),
                _ => {}
            },
            Mode::UrlStart => self.url_start(byte),
            Mode::Url { escaped: true } => self.mode = Mode::Url { escaped: false },
            Mode::Url { escaped: false } => match byte {
                b'\\' => self.mode = Mode::Url { escaped: true },
                b')' => self.leave(),
                _ => {}
            },
        }
    }

    fn bare(&mut self, byte: u8) {
        let word = std::mem::replace(&mut self.word, Word::Letters(0));
        match byte {
            b'/' => self.mode = Mode::Slash,
            b'"' | b'\'' => {
                self.mode = Mode::Text { quote: byte, address: false, escaped: false };
            }
            b'(' if word == Word::Letters(3) => self.mode = Mode::UrlStart,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'\\' | 0x80.. => {
                self.word = word.read(byte);
            }
            _ => {}
        }
    }

    fn url_start(&mut self, byte: u8) {
        match byte {
            b'"' | b'\'' => self.mode = Mode::Text { quote: byte, address: true, escaped: false },
            _ if is_space(byte) => {}
            _ => {
                self.mode = Mode::Url { escaped: false };
                self.byte(byte);
            }
        }
    }

    fn leave(&mut self) {
        self.mode = Mode::Bare;
        self.word = Word::Letters(0);
    }

    /// The place after what has been read, the last of which is no `/` or `*` that may begin or end
    /// something.
    pub(super) const fn place(&self) -> CssPlace {
        match self.mode {
            Mode::Bare | Mode::Slash => CssPlace::Bare,
            Mode::Comment | Mode::CommentStar => CssPlace::Comment,
            Mode::Text { quote: b'\'', address: true, .. } => CssPlace::Url(Quote::Single),
            Mode::Text { address: true, .. } => CssPlace::Url(Quote::Double),
            Mode::Text { quote: b'\'', .. } => CssPlace::SingleString,
            Mode::Text { .. } => CssPlace::DoubleString,
            Mode::UrlStart | Mode::Url { .. } => CssPlace::Url(Quote::Unquoted),
        }
    }
}

impl Word {
    fn read(self, byte: u8) -> Self {
        match (self, byte.to_ascii_lowercase()) {
            (Self::Letters(0), b'u') => Self::Letters(1),
            (Self::Letters(1), b'r') => Self::Letters(2),
            (Self::Letters(2), b'l') => Self::Letters(3),
            _ => Self::Other,
        }
    }
}
