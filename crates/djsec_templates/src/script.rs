//! Programs in pages and beside them, as far as it takes to see which functions they call with what: words,
//! signs, strings, brackets. No expression is evaluated.

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use crate::html::{ProgramPiece as Piece, Token, TokenKind};

/// The tokens of a program, with the brackets that belong together.
#[derive(Debug)]
pub struct Program {
    tokens: Vec<Token>,
    /// For each token that is a bracket, the other one.
    pairs: Vec<Option<usize>>,
}

/// An entry of an object that is written out: `key: value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key; none where it is computed, or is no key: `...rest`, `[name]: …`, `get x() {…}`.
    pub key: Option<String>,
    /// The tokens of its value. Of `{name}` the name.
    pub value: Range<usize>,
}

impl Program {
    /// Reads a program.
    pub fn new(pieces: &[Piece<'_>]) -> Self {
        let tokens = crate::html::tokens(pieces);
        let mut pairs = vec![None; tokens.len()];
        let mut open: Vec<(usize, &str)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.kind != TokenKind::Sign {
                continue;
            }
            let opens = match token.text.as_str() {
                "(" | "[" | "{" => {
                    open.push((at, &token.text));
                    continue;
                }
                ")" => "(",
                "]" => "[",
                "}" => "{",
                _ => continue,
            };
            // What does not match is an error, and belongs to nothing.
            if let Some((start, _)) = open.pop_if(|(_, sign)| *sign == opens) {
                for (one, other) in [(start, at), (at, start)] {
                    if let Some(pair) = pairs.get_mut(one) {
                        *pair = Some(other);
                    }
                }
            }
        }
        Self { tokens, pairs }
    }

    /// All tokens, in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens of a range.
    pub fn part(&self, range: &Range<usize>) -> &[Token] {
        self.tokens.get(range.clone()).unwrap_or_default()
    }

    /// Whether the token at this place is this sign.
    pub fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_sign(sign))
    }

    /// The bracket that belongs to the one at this place.
    pub fn pair(&self, at: usize) -> Option<usize> {
        self.pairs.get(at).copied().flatten()
    }

    /// The names before a parenthesis: `a`, `b` of `a.b(`, and where they begin; none where something else
    /// stands there, or before them, such as `x().a(`.
    pub fn callee(&self, parenthesis: usize) -> Option<(Vec<&str>, usize)> {
        let mut names = Vec::new();
        let mut at = parenthesis;
        loop {
            at = at.checked_sub(1)?;
            let token = self.tokens.get(at)?;
            if token.kind != TokenKind::Word || token.value.is_some() {
                return None;
            }
            names.push(token.text.as_str());
            let Some(before) = at.checked_sub(1) else { break };
            if !self.is_sign(before, ".") {
                break;
            }
            at = before;
            // `a?.b`
            if at.checked_sub(1).is_some_and(|before| self.is_sign(before, "?")) {
                at -= 1;
            }
        }
        names.reverse();
        Some((names, at))
    }

    /// What stands between a bracket and the other one, cut at commas.
    pub fn list(&self, bracket: usize) -> Option<Vec<Range<usize>>> {
        let end = self.pair(bracket).filter(|end| *end > bracket)?;
        let mut parts = Vec::new();
        let mut start = bracket + 1;
        let mut at = start;
        while at < end {
            if self.is_sign(at, ",") {
                parts.push(start..at);
                start = at + 1;
            }
            at = self.pair(at).filter(|pair| *pair > at).unwrap_or(at) + 1;
        }
        if start < end {
            parts.push(start..end);
        }
        Some(parts)
    }

    /// The entries of an object, if that is what a range is, and nothing else.
    pub fn object(&self, range: &Range<usize>) -> Option<Vec<Entry>> {
        if !self.is_sign(range.start, "{") || self.pair(range.start)? + 1 != range.end {
            return None;
        }
        let parts = self.list(range.start)?;
        Some(
            parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(|part| self.entry(part))
                .collect(),
        )
    }

    fn entry(&self, part: Range<usize>) -> Entry {
        let key = self.tokens.get(part.start).filter(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Text) && token.value.is_none()
        });
        let key = key.map(|token| token.text.clone());
        if self.is_sign(part.start + 1, ":") {
            return Entry { key, value: part.start + 2..part.end };
        }
        let short = key.filter(|_| part.len() == 1);
        Entry { key: short, value: part }
    }

    /// The text of a range that is one string, wholly known.
    pub fn text(&self, range: &Range<usize>) -> Option<&str> {
        let token = self.one(range)?;
        let is_text = matches!(token.kind, TokenKind::Text | TokenKind::Template);
        (is_text && token.value.is_none()).then_some(token.text.as_str())
    }

    /// The token of a range that is one.
    pub fn one(&self, range: &Range<usize>) -> Option<&Token> {
        match self.part(range) {
            [token] => Some(token),
            _ => None,
        }
    }
}

impl Token {
    /// Whether it is this sign.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }

    /// Whether it is this word.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word && self.value.is_none()
    }
}
