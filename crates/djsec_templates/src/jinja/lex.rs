//! Cuts a template of Jinja where its lexer does: text, `{{ … }}`, `{% … %}`, `{# … #}`, and the words inside.

use std::ops::Range;

use djsec_base::TextRange;
use memchr::memmem;

use crate::python::{range, string_end};

/// More words than this are not read in one tag.
const MOST_WORDS: usize = 4_000;

/// After so many tags without an end the rest is text: Jinja refuses the first.
const MOST_OPEN: usize = 20;

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// All of it; of text what white space control leaves.
    pub(super) span: TextRange,
    /// What stands between the braces.
    pub(super) inner: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Variable,
    Block,
    Comment,
}

/// The parts of a template in order. What is opened and never closed is text.
pub(super) fn parts(source: &str) -> Vec<Part> {
    let mut cutter = Cutter { source, found: Vec::new(), at: 0, open: 0, trims: false };
    while cutter.next() {}
    let end = source.len();
    cutter.text(cutter.at..end, false);
    cutter.found
}

struct Cutter<'s> {
    source: &'s str,
    found: Vec<Part>,
    at: usize,
    /// How many tags have no end.
    open: usize,
    /// Whether the last tag takes the white space after it away.
    trims: bool,
}

impl Cutter<'_> {
    /// Cuts up to the end of the next tag; whether there is one.
    fn next(&mut self) -> bool {
        let mut from = self.at;
        while self.open < MOST_OPEN {
            let Some(start) = self.opening(from) else { return false };
            let kind = match self.source.as_bytes().get(start + 1) {
                Some(b'{') => Kind::Variable,
                Some(b'%') => Kind::Block,
                _ => Kind::Comment,
            };
            if let Some(end) = self.tag(start, kind) {
                self.at = end;
                return true;
            }
            self.open += 1;
            from = start + 2;
        }
        false
    }

    fn opening(&self, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let opens = |at: &usize| matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#'));
        memchr::memchr_iter(b'{', bytes.get(from..)?).map(|at| from + at).find(opens)
    }

    /// The tag that begins here: where it ends, if it does.
    fn tag(&mut self, start: usize, kind: Kind) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let sign = |at: usize| matches!(bytes.get(at), Some(b'-' | b'+'));
        let strips = bytes.get(start + 2) == Some(&b'-');
        let inner = start + 2 + usize::from(sign(start + 2));
        let close = match kind {
            Kind::Comment => inner + memmem::find(bytes.get(inner..)?, b"#}")?,
            _ => self.closing(inner, kind)?,
        };
        let end = close + 2;
        let plus = kind != Kind::Variable;
        let signed =
            close > inner && (bytes.get(close - 1) == Some(&b'-') || plus && sign(close - 1));
        let inner_end = close - usize::from(signed);
        let trims = signed && bytes.get(close - 1) == Some(&b'-');
        self.text(self.at..start, strips);
        let words = self.source.get(inner..inner_end);
        if kind == Kind::Block && words.map(str::trim) == Some("raw") {
            return Some(self.raw(end, trims));
        }
        self.found.push(Part { kind, span: range(start, end), inner: range(inner, inner_end) });
        self.trims = trims;
        Some(end)
    }

    /// Where `}}` or `%}` stands, outside of strings and braces.
    fn closing(&self, from: usize, kind: Kind) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let last = if kind == Kind::Block { b'%' } else { b'}' };
        let mut at = from;
        let mut open = 0_usize;
        loop {
            match *bytes.get(at)? {
                byte if byte == last && open == 0 && bytes.get(at + 1) == Some(&b'}') => {
                    return Some(at);
                }
                b'{' | b'(' | b'[' => open += 1,
                b'}' | b')' | b']' => open = open.saturating_sub(1),
                b'"' | b'\'' => {
                    at = string_end(self.source, at)?;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// What stands up to `{% endraw %}` is text; where that ends.
    fn raw(&mut self, from: usize, trims: bool) -> usize {
        let bytes = self.source.as_bytes();
        self.trims = trims;
        let mut at = from;
        while let Some(open) = bytes.get(at..).and_then(|rest| memmem::find(rest, b"{%")) {
            let start = at + open;
            let inner = self.source.get(start + 2..).unwrap_or_default();
            if let Some(close) = memmem::find(inner.as_bytes(), b"%}") {
                let words = inner.get(..close).unwrap_or_default();
                if words.trim_matches(['-', '+']).trim() == "endraw" {
                    self.text(from..start, words.starts_with('-'));
                    self.trims = words.ends_with('-');
                    return start + 2 + close + 2;
                }
            }
            at = start + 2;
        }
        self.text(from..self.source.len(), false);
        self.source.len()
    }

    fn text(&mut self, span: Range<usize>, strips: bool) {
        let text = self.source.get(span.clone()).unwrap_or_default();
        let front = if self.trims { text.len() - text.trim_start().len() } else { 0 };
        let back = if strips { text.len() - text.trim_end().len() } else { 0 };
        let (start, end) = (span.start + front, span.end.saturating_sub(back));
        if start < end {
            let span = range(start, end);
            self.found.push(Part { kind: Kind::Text, span, inner: span });
        }
        self.trims = false;
    }
}

/// A word of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: TextRange,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name(Box<str>),
    Text(Box<str>),
    Number(Box<str>),
    /// A sign: `.`, `==`, `|`.
    Sign(&'static str),
}

/// The signs of Jinja, the longer ones first.
const SIGNS: [&str; 27] = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";", "!",
];

/// The words between two places; `None` where something stands there that Jinja does not know, or too much.
pub(super) fn tokens(source: &str, span: TextRange) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let Range { start: mut at, end } = Range::from(span);
    while at < end {
        let rest = source.get(at..end)?;
        let first = rest.chars().next()?;
        let (kind, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first == '"' || first == '\'' {
            let closed = string_end(source, at).filter(|closed| *closed <= end)?;
            let text = source.get(at + 1..closed - 1)?;
            (TokenKind::Text(unescape(text).into()), closed - at)
        } else if first.is_ascii_digit() {
            // `pair.0.1`: two numbers, each of which is a place.
            let after_dot = source.as_bytes().get(at.wrapping_sub(1)) == Some(&b'.');
            let length = number(rest, !after_dot);
            (TokenKind::Number(rest.get(..length)?.into()), length)
        } else if first.is_alphabetic() || first == '_' {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (TokenKind::Name(rest.get(..length)?.into()), length)
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            (TokenKind::Sign(sign), sign.len())
        };
        if found.len() >= MOST_WORDS {
            return None;
        }
        found.push(Token { kind, span: range(at, at + length) });
        at += length;
    }
    Some(found)
}

/// How long the number is that a text begins with: `1_000`, `2.5`, `1e3`.
fn number(text: &str, fractions: bool) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
    };
    let whole = digits(0);
    let bytes = text.as_bytes();
    let fraction = fractions
        && bytes.get(whole) == Some(&b'.')
        && bytes.get(whole + 1).is_some_and(u8::is_ascii_digit);
    if fraction { whole + 1 + digits(whole + 1) } else { whole }
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(c @ ('\\' | '"' | '\'')) => out.push(c),
                Some(c) => out.extend(['\\', c]),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}
