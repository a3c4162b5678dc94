//! How Python reads characters and words, where Rust reads them in another way.

use std::sync::OnceLock;

use djsec_base::TextRange;
use regex::Regex;

use crate::tree::Word;

/// More words than this are not read in one tag; the rest is reported.
pub(crate) const MAX_WORDS: usize = 10_000;

/// Compiled at the first character that is not of ASCII.
static LETTER: OnceLock<Option<Regex>> = OnceLock::new();
static DECIMAL: OnceLock<Option<Regex>> = OnceLock::new();
static HIDDEN: OnceLock<Option<Regex>> = OnceLock::new();

/// `str.isspace` and `\s`: the white space of Unicode, and four separators of ASCII.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// `\w`: letters and numbers in Python's sense (no combining marks), and the underscore.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    // Rust counts marks that are written with letters as letters.
    let letter = LETTER.get_or_init(|| Regex::new(r"[\p{L}\p{N}]").ok());
    c.is_alphanumeric()
        && letter.as_ref().is_none_or(|letter| letter.is_match(c.encode_utf8(&mut [0; 4])))
}

/// `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// A part of a text; empty where the places are none of its own.
pub(crate) fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// The text from a place on.
pub(crate) fn from(text: &str, start: usize) -> &str {
    text.get(start..).unwrap_or_default()
}

/// A range of bytes; what a `u32` cannot count ends at its last.
pub(crate) fn range(start: usize, end: usize) -> TextRange {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
    TextRange::new(start.into(), end.into())
}

/// How many bytes at the start of the text fulfil the condition.
pub(crate) fn run(text: &str, condition: fn(char) -> bool) -> usize {
    text.find(|c| !condition(c)).unwrap_or(text.len())
}

/// Where the string in quotes that begins here ends, if one does, and ends.
pub(crate) fn string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(start).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// `str.split()`: the words between white space. `base` is where the text begins in the file.
pub(crate) fn split(text: &str, base: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while words.len() < MAX_WORDS {
        at += run(from(text, at), is_space);
        let length = run(from(text, at), |c| !is_space(c));
        if length == 0 {
            break;
        }
        words.push(word(text, at, at + length, base));
        at += length;
    }
    words
}

fn word(text: &str, start: usize, end: usize, base: usize) -> Word {
    Word { text: part(text, start, end).into(), span: range(base + start, base + end) }
}

/// The first word of `str.split()`.
pub(crate) fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(is_space);
    part(text, 0, run(text, |c| !is_space(c)))
}

/// What `Token.split_contents` makes of a tag: words, with strings in quotes and `_("…")` kept whole.
/// `None` where a `_("` never ends (Python's generator is exhausted then).
pub(crate) fn split_contents(text: &str, base: usize) -> Option<Vec<Word>> {
    let mut pieces = SmartSplit { text, at: 0, unclosed: [None, None] };
    let mut words = Vec::new();
    while words.len() < MAX_WORDS {
        let Some((start, end)) = pieces.next() else { break };
        let first = part(text, start, end);
        let sentinel = match first.as_bytes() {
            [b'_', b'(', b'"', ..] => "\")",
            [b'_', b'(', b'\'', ..] => "')",
            _ => {
                words.push(word(text, start, end, base));
                continue;
            }
        };
        let (mut joined, mut last) = (first.to_owned(), end);
        let mut piece = first;
        while !piece.ends_with(sentinel) {
            let (from, to) = pieces.next()?;
            piece = part(text, from, to);
            joined.push(' ');
            joined.push_str(piece);
            last = to;
        }
        words.push(Word { text: joined.into(), span: range(base + start, base + last) });
    }
    Some(words)
}

/// `django.utils.text.smart_split`.
struct SmartSplit<'t> {
    text: &'t str,
    at: usize,
    /// From where on no double and no single quote was found to close.
    unclosed: [Option<usize>; 2],
}

impl SmartSplit<'_> {
    fn quoted(&mut self) -> Option<usize> {
        let mut at = self.at + run(from(self.text, self.at), is_plain);
        let mut end = None;
        while let Some(closed) = self.string(at) {
            at = closed + run(from(self.text, closed), is_plain);
            end = Some(at);
        }
        end
    }

    /// Where the string that begins here ends, if it does. A scan that cannot end is not repeated:
    /// once it stands where an earlier one stood, it knows.
    fn string(&mut self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let quote = *bytes.get(start).filter(|byte| matches!(byte, b'"' | b'\''))?;
        let known = self.unclosed.get_mut(usize::from(quote == b'\''))?;
        let mut at = start + 1;
        while let Some(&byte) = bytes.get(at) {
            let level = bytes.get(at - 1) != Some(&b'\\');
            if level && known.is_some_and(|failed| at > failed) {
                return None;
            }
            match byte {
                b'\\' => at += 2,
                _ if byte == quote => return Some(at + 1),
                _ => at += 1,
            }
        }
        known.get_or_insert(start);
        None
    }
}

/// `[^\s'"]`.
fn is_plain(c: char) -> bool {
    !is_space(c) && c != '"' && c != '\''
}

impl Iterator for SmartSplit<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        self.at += run(from(self.text, self.at), is_space);
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        let bare = |split: &Self| start + run(from(split.text, start), |c| !is_space(c));
        self.at = match self.quoted() {
            Some(end) => end,
            None => bare(self),
        };
        Some((start, self.at))
    }
}

/// `repr` of a string.
pub(crate) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if !is_printable(c) => out.push_str(&escaped(u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn escaped(code: u32) -> String {
    match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x10000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// `str.isprintable`.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    let hidden = HIDDEN.get_or_init(|| Regex::new(r"[\p{C}\p{Z}]").ok());
    !hidden.as_ref().is_some_and(|hidden| hidden.is_match(c.encode_utf8(&mut [0; 4])))
}

/// `repr` of a list of strings.
pub(crate) fn repr_list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", texts.map(repr).collect::<Vec<_>>().join(", "))
}

/// `int(text)` or `float(text)` as `Variable` tries them: whether the text is a number.
pub(crate) fn is_number(text: &str) -> bool {
    if text.contains('.') || text.contains(['e', 'E']) {
        return is_float(text) && !text.ends_with('.');
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Python refuses to convert longer ones.
    is_digits(digits) && digits.chars().filter(|c| *c != '_').count() <= 4300
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_ok = exponent
        .is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    let mantissa_ok = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            let empty_or_digits = |part: &str| part.is_empty() || is_digits(part);
            mantissa.len() > 1 && empty_or_digits(whole) && empty_or_digits(fraction)
        }
        None => is_digits(mantissa),
    };
    exponent_ok && mantissa_ok
}

/// Decimal digits of any script, with single underscores between them.
fn is_digits(text: &str) -> bool {
    let mut before = '_';
    for c in text.chars() {
        let fits = if c == '_' { before != '_' } else { is_decimal(c) };
        if !fits {
            return false;
        }
        before = c;
    }
    before != '_'
}

fn is_decimal(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    let decimal = DECIMAL.get_or_init(|| Regex::new(r"\p{Nd}").ok());
    c.is_numeric()
        && decimal.as_ref().is_some_and(|decimal| decimal.is_match(c.encode_utf8(&mut [0; 4])))
}
