//! Addresses: whether they begin with `javascript:`, and what stands behind it.

use super::js::{Dialect, Js};
use super::place::JsPlace;

const SCHEME: &[u8] = b"javascript:";

/// How far an address is read, after the URL Standard: blanks before it do not count, tabs and line
/// feeds nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Address {
    /// So many bytes of `javascript:` have been read.
    Scheme(u8),
    /// It has another scheme, none, or one that is not known.
    Other,
    Javascript(Js, Percent),
}

/// A byte written as `%41`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Percent {
    No,
    Sign,
    First(u8),
}

impl Default for Address {
    fn default() -> Self {
        Self::Scheme(0)
    }
}

impl Address {
    pub(super) fn text(&mut self, text: &str) {
        if matches!(self, Self::Other) {
            return;
        }
        for byte in text.bytes().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')) {
            self.byte(byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        match self {
            Self::Other => {}
            Self::Javascript(js, percent) => percent.byte(byte, js),
            Self::Scheme(0) if byte <= b' ' => {}
            Self::Scheme(read) => {
                let next = SCHEME.get(usize::from(*read)).copied();
                if next != Some(byte.to_ascii_lowercase()) {
                    *self = Self::Other;
                } else if usize::from(*read) + 1 == SCHEME.len() {
                    *self = Self::Javascript(Js::new(Dialect::Script), Percent::No);
                } else {
                    *read += 1;
                }
            }
        }
    }

    /// The place in the program, if it is one.
    pub(super) fn javascript(&self) -> Option<JsPlace> {
        match self {
            Self::Javascript(js, _) => Some(js.place()),
            Self::Scheme(_) | Self::Other => None,
        }
    }
}

impl Percent {
    fn byte(&mut self, byte: u8, js: &mut Js) {
        let digit = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (*self, digit) {
            (Self::No, _) if byte == b'%' => *self = Self::Sign,
            (Self::No, _) => js.text(&[byte]),
            (Self::Sign, Some(_)) => *self = Self::First(byte),
            (Self::First(first), Some(second)) => {
                *self = Self::No;
                let first =
                    char::from(first).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                js.text(&[first.unwrap_or(0) * 16 + second]);
            }
            (Self::Sign, None) => self.give_up(b"%", byte, js),
            (Self::First(first), None) => self.give_up(&[b'%', first], byte, js),
        }
    }

    /// The sign stood for itself.
    fn give_up(&mut self, written: &[u8], next: u8, js: &mut Js) {
        *self = Self::No;
        js.text(written);
        self.byte(next, js);
    }
}
