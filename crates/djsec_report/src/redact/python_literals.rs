//! Finds the string literals of a Python file that may be secrets, with one pass over its bytes.
//!
//! This is no parser: it needs to know only where strings begin and end and which names stand
//! before them, and it must say something useful of every input.

use std::ops::Range;

use super::Hint;

/// A string literal that stands under a telling name, or is long enough to be a secret.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    /// What is between the quotes.
    pub(super) range: Range<usize>,
    /// What the names before it say.
    pub(super) hint: Hint,
}

/// Deeper brackets share one name: the depth of hostile input is no reason to keep memory.
const DEEPEST: usize = 200;

/// All literals that [`Hint::hides`] could hide, in order.
pub(super) fn candidates(text: &str) -> Vec<Literal> {
    let mut scan = Scan { text, ..Scan::default() };
    while scan.step() {}
    scan.settle_key(false);
    scan.found
}

#[derive(Default)]
struct Scan<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Literal>,
    /// The target of the statement: `SECRET_KEY` in `SECRET_KEY = …`.
    target: Hint,
    /// For each open bracket the key or keyword that the next value stands under.
    keys: Vec<Hint>,
    /// Brackets open beyond [`DEEPEST`].
    deeper: usize,
    /// The name last read, for `name = value` and `name: type = value`.
    name: Option<Range<usize>>,
    annotated: Option<Range<usize>>,
    /// The literal last read, until the next character says whether it is a dictionary key.
    pending: Option<Pending>,
}

struct Pending {
    literal: Literal,
    place: Place,
}

/// Where a literal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `environ["NAME"]`: a key, never a value.
    Subscript,
    /// `env("NAME")`, `["value"]`: the first in its brackets, perhaps the name of a variable.
    First,
    /// Anywhere else.
    Other,
}

impl Scan<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn step(&mut self) -> bool {
        let Some(byte) = self.byte(0) else { return false };
        match byte {
            b'#' => self.skip_comment(),
            b'\'' | b'"' => self.string(byte),
            b'\n' | b'\r' => self.line_end(),
            b' ' | b'\t' | b'\\' => self.at += 1,
            b'(' | b'[' | b'{' => self.open(),
            b')' | b']' | b'}' => self.close(),
            b',' => self.comma(),
            b':' => self.colon(),
            b'=' => self.equals(),
            _ if byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80 => self.word(),
            _ => {
                self.settle_key(false);
                self.at += 1;
            }
        }
        true
    }

    fn skip_comment(&mut self) {
        while self.byte(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
            self.at += 1;
        }
    }

    fn line_end(&mut self) {
        if self.keys.is_empty() {
            self.settle_key(false);
            self.target = Hint::None;
            self.name = None;
            self.annotated = None;
        }
        self.at += 1;
    }

    fn open(&mut self) {
        self.settle_key(false);
        if self.keys.len() < DEEPEST {
            self.keys.push(Hint::None);
        } else {
            self.deeper += 1;
        }
        self.at += 1;
    }

    fn close(&mut self) {
        // `DATABASES["default"]["PASSWORD"] = …`: the subscript names what is assigned.
        if let Some(pending) = &self.pending
            && self.byte(0) == Some(b']')
        {
            self.name = Some(pending.literal.range.clone());
        }
        self.settle_key(false);
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.keys.pop();
        }
        self.at += 1;
    }

    fn comma(&mut self) {
        self.settle_key(false);
        if self.deeper == 0
            && let Some(key) = self.keys.last_mut()
        {
            *key = Hint::None;
        }
        self.at += 1;
    }

    fn colon(&mut self) {
        if self.keys.is_empty() {
            self.annotated = self.name.clone();
        }
        self.settle_key(true);
        self.at += 1;
    }

    fn equals(&mut self) {
        self.settle_key(false);
        if self.byte(1) == Some(b'=') {
            self.at += 2;
            return;
        }
        let name = self.annotated.take().or_else(|| self.name.take());
        let hint = name.map_or(Hint::None, |name| self.hint(name));
        match self.keys.last_mut() {
            Some(key) => *key = hint,
            None => self.target = self.target.max(hint),
        }
        self.at += 1;
    }

    fn hint(&self, name: Range<usize>) -> Hint {
        // Names are short; a long one is a value.
        let name = self.text.get(name).filter(|name| name.len() <= 200);
        name.map_or(Hint::None, Hint::of)
    }

    fn word(&mut self) {
        self.settle_key(false);
        let start = self.at;
        while self
            .byte(0)
            .is_some_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80)
        {
            self.at += 1;
        }
        let prefix = self.at - start <= 2 && matches!(self.byte(0), Some(b'\'' | b'"'));
        if !prefix {
            self.name = Some(start..self.at);
        }
    }

    /// Reads a string; one with a single quote ends at the line end at the latest.
    fn string(&mut self, quote: u8) {
        let previous = self.pending.take();
        if let Some(previous) = previous {
            self.keep(previous);
        }
        let place = self.place();
        let triple = self.byte(1) == Some(quote) && self.byte(2) == Some(quote);
        self.at += if triple { 3 } else { 1 };
        let start = self.at;
        let mut end = self.text.len();
        while let Some(byte) = self.byte(0) {
            let closes = if triple {
                byte == quote && self.byte(1) == Some(quote) && self.byte(2) == Some(quote)
            } else {
                byte == quote || byte == b'\n' || byte == b'\r'
            };
            if closes {
                end = self.at;
                self.at += match (triple, byte == quote) {
                    (true, _) => 3,
                    (false, true) => 1,
                    (false, false) => 0,
                };
                break;
            }
            self.at += if byte == b'\\' { 2 } else { 1 };
        }
        let hint = self.keys.iter().copied().max().unwrap_or_default().max(self.target);
        self.pending = Some(Pending { literal: Literal { range: start..end, hint }, place });
    }

    /// What the bracket before the literal, if it stands right after one, makes of it.
    fn place(&self) -> Place {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let mut before = before.trim_ascii_end().iter().rev();
        // No blank before a subscript: `else ["value"]` is a list.
        match (before.next(), before.next()) {
            (Some(b'['), Some(b'_' | b')' | b']' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')) => {
                Place::Subscript
            }
            (Some(b'(' | b'['), _) => Place::First,
            _ => Place::Other,
        }
    }

    /// Decides what the last literal was: a key, which names the next value, or a value.
    fn settle_key(&mut self, colon: bool) {
        let Some(pending) = self.pending.take() else { return };
        if colon && !self.keys.is_empty() {
            let hint = self.hint(pending.literal.range);
            if let Some(key) = self.keys.last_mut() {
                *key = hint;
            }
        } else {
            self.keep(pending);
        }
    }

    fn keep(&mut self, pending: Pending) {
        let Pending { literal, place } = pending;
        let Some(value) = self.text.get(literal.range.clone()) else { return };
        let upper_snake =
            value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        // `env("NAME")`, and `getattr(config, "SECRET_KEY")`: names of what holds the value.
        let names = match place {
            Place::Subscript => true,
            Place::First => upper_snake,
            Place::Other => upper_snake && !self.keys.is_empty() && Hint::of(value) != Hint::None,
        };
        if literal.range.is_empty() || names {
            return;
        }
        if literal.hint.hides(value, true) {
            self.found.push(literal);
        }
    }
}
