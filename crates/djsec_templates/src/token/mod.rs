//! Cuts a text where `django.template.base.Lexer` cuts it.

#[cfg(test)]
mod tests;

use djsec_base::TextRange;
use memchr::memchr;
use memchr::memmem::Finder;

use crate::python;

/// More tokens than this are not read: what follows them is one text.
pub const MAX_TOKENS: usize = 1_000_000;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Text, also what looks like a tag inside of `{% verbatim %}`.
    Text,
    /// `{{ … }}`.
    Variable,
    /// `{% … %}`.
    Block,
    /// `{# … #}`.
    Comment,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes, delimiters included.
    pub span: TextRange,
    /// The line on which it begins, counted from 1.
    pub line: u32,
}

impl Token {
    /// The text between the delimiters, stripped, and where it begins; of a text, all of it.
    pub(crate) fn contents<'s>(&self, source: &'s str) -> (&'s str, usize) {
        let (start, end) = (usize::from(self.span.start()), usize::from(self.span.end()));
        if self.kind == TokenKind::Text {
            return (python::part(source, start, end), start);
        }
        let inner = python::part(source, start + 2, end.saturating_sub(2));
        let stripped = inner.trim_start_matches(python::is_space);
        let begin = start + 2 + (inner.len() - stripped.len());
        (stripped.trim_end_matches(python::is_space), begin)
    }
}

/// The tokens of a text, in order and without gaps, and whether [`MAX_TOKENS`] cut them short.
pub fn tokenize(source: &str) -> (Vec<Token>, bool) {
    let mut lexer = Lexer::new(source);
    while let Some((start, end)) = lexer.next_tag() {
        if lexer.tokens.len() >= MAX_TOKENS {
            break;
        }
        lexer.text_until(start);
        lexer.tag(start, end);
    }
    let cut = lexer.tokens.len() >= MAX_TOKENS;
    lexer.text_until(source.len());
    (lexer.tokens, cut)
}

struct Lexer<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    /// Where the token that is being read begins.
    start: usize,
    line: u32,
    /// The contents that end the verbatim block that is being read.
    verbatim: Option<String>,
    closers: [Closer; 3],
    /// Where the line ends that is being looked through.
    line_end: usize,
}

/// How one kind of tag ends, and up to where it is known that none does.
struct Closer {
    second: u8,
    finder: Finder<'static>,
    none_until: usize,
}

impl Closer {
    fn new(second: u8, end: &'static str) -> Self {
        Self { second, finder: Finder::new(end), none_until: 0 }
    }
}

impl<'s> Lexer<'s> {
    fn new(source: &'s str) -> Self {
        let closers = [Closer::new(b'%', "%}"), Closer::new(b'{', "}}"), Closer::new(b'#', "#}")];
        Self { source, tokens: Vec::new(), start: 0, line: 1, verbatim: None, closers, line_end: 0 }
    }

    /// The next match of `{%.*?%}|{{.*?}}|{#.*?#}`, in which the dot is no newline.
    fn next_tag(&mut self) -> Option<(usize, usize)> {
        let bytes = self.source.as_bytes();
        let mut at = self.start;
        loop {
            at += memchr(b'{', bytes.get(at..)?)?;
            let second = *bytes.get(at + 1)?;
            if at >= self.line_end {
                let newline = memchr(b'\n', bytes.get(at..)?);
                self.line_end = newline.map_or(bytes.len(), |newline| at + newline);
            }
            let closer = self.closers.iter_mut().find(|closer| closer.second == second);
            if let Some(end) = closer.and_then(|closer| closer.end(bytes, at, self.line_end)) {
                return Some((at, end));
            }
            at += 1;
        }
    }

    fn text_until(&mut self, end: usize) {
        if end > self.start {
            self.push(TokenKind::Text, end);
        }
    }

    fn tag(&mut self, start: usize, end: usize) {
        let kind = self.kind(start, end);
        self.push(kind, end);
    }

    fn push(&mut self, kind: TokenKind, end: usize) {
        let span = python::range(self.start, end);
        self.tokens.push(Token { kind, span, line: self.line });
        if kind == TokenKind::Text {
            let bytes = self.source.as_bytes().get(self.start..end).unwrap_or_default();
            let lines = memchr::memchr_iter(b'\n', bytes).count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
        self.start = end;
    }

    fn kind(&mut self, start: usize, end: usize) -> TokenKind {
        let content = python::strip(python::part(self.source, start + 2, end.saturating_sub(2)));
        let second = self.source.as_bytes().get(start + 1);
        match (second, &self.verbatim) {
            (Some(b'%'), Some(closing)) if content == closing => self.verbatim = None,
            (_, Some(_)) => return TokenKind::Text,
            (Some(b'%'), None) => {
                if content == "verbatim" || content.starts_with("verbatim ") {
                    self.verbatim = Some(format!("end{content}"));
                }
            }
            (Some(b'{'), None) => return TokenKind::Variable,
            (_, None) => return TokenKind::Comment,
        }
        TokenKind::Block
    }
}

impl Closer {
    /// Where the tag that begins at `start` ends, if it does so on its line.
    fn end(&mut self, bytes: &[u8], start: usize, line_end: usize) -> Option<usize> {
        if start < self.none_until {
            return None;
        }
        let found = self.finder.find(bytes.get(start + 2..line_end)?);
        if found.is_none() {
            // Those that begin later on this line need not look again.
            self.none_until = line_end;
        }
        Some(start + 2 + found? + 2)
    }
}
