//! nginx configuration: directives and blocks. Includes are directives like any other.

use djsec_base::TextRange;

use crate::parsed::{Parsed, SyntaxError, Text, range};

/// Deeper nesting than this is cut off; nginx itself knows five levels or so.
const MAX_DEPTH: usize = 32;

/// `name args;` or `name args { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The directive.
    pub name: Text,
    /// Its arguments, quotes removed.
    pub args: Vec<Text>,
    /// What its block holds; `None` without a block.
    pub block: Option<Vec<Self>>,
    /// From the name to the semicolon or closing brace.
    pub range: TextRange,
}

impl Directive {
    /// An argument by its place.
    pub fn arg(&self, at: usize) -> Option<&str> {
        self.args.get(at).map(Text::as_str)
    }

    /// The directives of the block with this name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.block.iter().flatten().filter(move |directive| directive.name.text == name)
    }
}

/// Parses a configuration file.
pub fn parse(text: &str) -> Parsed<Vec<Directive>> {
    let mut tree = Tree::default();
    let mut at = 0;
    while let Some((token, end)) = next(text, at) {
        match token {
            Token::Word(word) => tree.words.push(word),
            Token::End => tree.finish(None, end),
            Token::Open => tree.open(at, end),
            Token::Close => tree.close(end),
        }
        at = end;
        if tree.stopped {
            break;
        }
    }
    if !tree.words.is_empty() {
        tree.fail(text.len(), "a directive is not closed by `;`");
        tree.finish(None, text.len());
    }
    while !tree.open.is_empty() {
        tree.fail(text.len(), "a block is not closed");
        tree.close(text.len());
    }
    Parsed { tree: tree.done, errors: tree.errors }
}

#[derive(Default)]
struct Tree {
    done: Vec<Directive>,
    open: Vec<(Vec<Text>, Vec<Directive>)>,
    words: Vec<Text>,
    errors: Vec<SyntaxError>,
    stopped: bool,
}

impl Tree {
    fn fail(&mut self, at: usize, message: &str) {
        self.errors.push(SyntaxError::new(range(at, at), message));
    }

    fn finish(&mut self, block: Option<Vec<Directive>>, end: usize) {
        let mut words = std::mem::take(&mut self.words).into_iter();
        let Some(name) = words.next() else { return };
        let whole = name.range.cover(range(end, end));
        let directive = Directive { name, args: words.collect(), block, range: whole };
        match self.open.last_mut() {
            Some((_, siblings)) => siblings.push(directive),
            None => self.done.push(directive),
        }
    }

    fn open(&mut self, at: usize, end: usize) {
        if self.open.len() >= MAX_DEPTH {
            self.fail(at, "nested too deeply");
            self.stopped = true;
            return;
        }
        if self.words.is_empty() {
            self.words.push(Text::new("", at, end));
        }
        self.open.push((std::mem::take(&mut self.words), Vec::new()));
    }

    fn close(&mut self, end: usize) {
        if !self.words.is_empty() {
            self.fail(end, "a directive is not closed by `;`");
            self.finish(None, end);
        }
        match self.open.pop() {
            Some((words, block)) => {
                self.words = words;
                self.finish(Some(block), end);
            }
            None => self.fail(end, "`}` without `{`"),
        }
    }
}

enum Token {
    Word(Text),
    End,
    Open,
    Close,
}

/// The token at or after `at`, and where it ends.
fn next(text: &str, mut at: usize) -> Option<(Token, usize)> {
    loop {
        let rest = text.get(at..)?;
        match rest.chars().next()? {
            '#' => at += rest.find('\n').unwrap_or(rest.len()),
            ';' => return Some((Token::End, at + 1)),
            '{' => return Some((Token::Open, at + 1)),
            '}' => return Some((Token::Close, at + 1)),
            c if c.is_whitespace() => at += c.len_utf8(),
            quote @ ('"' | '\'') => return Some(quoted(text, at, quote)),
            _ => return Some(word(text, at)),
        }
    }
}

fn quoted(text: &str, start: usize, quote: char) -> (Token, usize) {
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in text.get(start + 1..).unwrap_or_default().char_indices() {
        if escaped {
            if c != quote && c != '\\' {
                out.push('\\');
            }
            out.push(c);
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            let end = start + 1 + at + 1;
            return (Token::Word(Text::new(out, start, end)), end);
        } else {
            out.push(c);
        }
    }
    (Token::Word(Text::new(out, start, text.len())), text.len())
}

fn word(text: &str, start: usize) -> (Token, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let mut end = rest.len();
    let mut escaped = false;
    let mut variable = false;
    for (at, c) in rest.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            // `${name}` is part of the word.
            '{' if rest.get(..at).is_some_and(|head| head.ends_with('$')) => variable = true,
            '}' if variable => variable = false,
            ';' | '{' | '}' => {
                end = at;
                break;
            }
            c if c.is_whitespace() => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let body = rest.get(..end).unwrap_or_default();
    (Token::Word(Text::new(body, start, start + end)), start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_blocks_and_quotes_are_read_with_ranges() {
        let text = "server { # c\n  listen 80;\n  add_header X \"a; b\" always;\n  location ~ \\.php$ { return 301 https://$host${uri}; }\n}\n";
        let parsed = parse(text);
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let server = &parsed.tree[0];
        let header = server.named("add_header").next().unwrap();
        assert_eq!(header.arg(1), Some("a; b"));
        assert_eq!(crate::under(text, header.range), "add_header X \"a; b\" always;");
        let location = server.named("location").next().unwrap();
        assert_eq!(location.named("return").next().unwrap().arg(1), Some("https://$host${uri}"));
    }

    #[test]
    fn broken_files_keep_what_was_read() {
        let parsed = parse("server { listen 80; root /x");
        assert_eq!(parsed.tree[0].block.as_ref().unwrap().len(), 2);
        assert_eq!(parsed.errors.len(), 2);
        assert_eq!(parse("}").errors.len(), 1);
        assert_eq!(
            parse(&"a {".repeat(10_000)).errors.first().unwrap().message,
            "nested too deeply"
        );
    }
}
