//! Shell scripts and command lines, as far as entrypoint scripts need: which commands run, with
//! which variables set. Functions, loops and conditions are not evaluated; a command inside one is
//! marked as [`Command::nested`].

use djsec_base::TextRange;

use crate::parsed::{Text, range};

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// `X=y` before the command, or after `export`.
    pub assignments: Vec<Assignment>,
    /// The command and its arguments, quotes removed, expansions as written; without `exec`.
    pub words: Vec<Text>,
    /// Whether the assignments hold for what follows (`export X=y`), and not for this command only.
    pub exported: bool,
    /// Whether it stands inside a condition, loop or function.
    pub nested: bool,
    /// From its first to its last word.
    pub range: TextRange,
}

impl Command {
    /// The last part of the command's path: `gunicorn` for `/venv/bin/gunicorn`.
    pub fn name(&self) -> &str {
        let word = self.words.first().map(Text::as_str).unwrap_or_default();
        word.rsplit('/').next().unwrap_or(word)
    }
}

/// A variable that a command sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The value, quotes removed, expansions as written; `None` for `export X`.
    pub value: Option<String>,
    /// The whole of `X=y`.
    pub range: TextRange,
}

/// Reads a script or a command line.
pub fn parse(text: &str) -> Vec<Command> {
    let mut script = Script::default();
    let mut lexer = Lexer { text, at: 0, heredocs: Vec::new() };
    loop {
        match lexer.next() {
            Token::Word(word) => script.words.push(word),
            Token::Open => {
                script.flush();
                script.depth += 1;
            }
            Token::Close => {
                script.flush();
                script.depth = script.depth.saturating_sub(1);
            }
            Token::Separator => script.flush(),
            Token::End => {
                script.flush();
                return script.commands;
            }
        }
    }
}

#[derive(Default)]
struct Script {
    commands: Vec<Command>,
    words: Vec<Text>,
    depth: usize,
}

impl Script {
    /// Turns the words since the last separator into a command.
    fn flush(&mut self) {
        let mut words = std::mem::take(&mut self.words);
        while let Some(first) = words.first() {
            match first.text.as_str() {
                "if" | "for" | "while" | "until" | "case" | "{" => self.depth += 1,
                "fi" | "done" | "esac" | "}" => self.depth = self.depth.saturating_sub(1),
                "then" | "else" | "elif" | "do" | "!" | "exec" | "time" | "command" => {}
                _ => break,
            }
            let opening = words.remove(0).text;
            if matches!(opening.as_str(), "for" | "case") {
                return;
            }
        }
        self.command(words);
    }

    fn command(&mut self, mut words: Vec<Text>) {
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let range = first.range.cover(last.range);
        let exported = matches!(first.text.as_str(), "export" | "declare" | "readonly");
        if exported {
            words.remove(0);
            words.retain(|word| !word.text.starts_with('-'));
        }
        let leading = words.iter().take_while(|word| assignment(word).is_some()).count();
        let assignments = if exported {
            let alone = |word: &Text| Assignment {
                name: word.text.clone(),
                value: None,
                range: word.range,
            };
            words.drain(..).map(|word| assignment(&word).unwrap_or_else(|| alone(&word))).collect()
        } else {
            words.drain(..leading).filter_map(|word| assignment(&word)).collect()
        };
        let nested = self.depth > 0;
        self.commands.push(Command { assignments, words, exported, nested, range });
    }
}

fn assignment(word: &Text) -> Option<Assignment> {
    let (name, value) = word.text.split_once('=')?;
    let plain = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| Assignment {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        range: word.range,
    })
}

enum Token {
    Word(Text),
    Separator,
    Open,
    Close,
    End,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Here-documents announced on this line, to be skipped at its end.
    heredocs: Vec<String>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Token {
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else { return Token::End };
            match c {
                '\n' => {
                    self.at += 1;
                    self.skip_heredocs();
                    return Token::Separator;
                }
                ' ' | '\t' | '\r' => self.at += 1,
                '\\' if rest.starts_with("\\\n") => self.at += 2,
                '\\' if rest.starts_with("\\\r\n") => self.at += 3,
                '#' => self.at += rest.find('\n').unwrap_or(rest.len()),
                ';' | '&' | '|' => {
                    self.at += 1;
                    return Token::Separator;
                }
                '(' => {
                    self.at += 1;
                    return Token::Open;
                }
                ')' => {
                    self.at += 1;
                    return Token::Close;
                }
                '<' | '>' => self.redirection(),
                _ => return self.word(),
            }
        }
    }

    /// Skips a redirection with its target.
    fn redirection(&mut self) {
        let heredoc = self.rest().starts_with("<<") && !self.rest().starts_with("<<<");
        let rest = self.rest();
        let target = rest.trim_start_matches(['<', '>', '&', '-', '|', ' ', '\t']);
        self.at += rest.len() - target.len();
        if target.is_empty() || target.starts_with(['\n', '(', ';']) {
            return;
        }
        let before = self.at;
        if let Token::Word(word) = self.word()
            && heredoc
        {
            self.heredocs.push(word.text);
        }
        // A word that takes nothing would be met again.
        if self.at == before {
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
    }

    fn skip_heredocs(&mut self) {
        for end in std::mem::take(&mut self.heredocs) {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let mut skipped = 0;
            for line in rest.split_inclusive('\n') {
                skipped += line.len();
                if line.trim() == end {
                    break;
                }
            }
            self.at += skipped;
        }
    }

    /// A word: everything up to an unquoted blank or operator.
    fn word(&mut self) -> Token {
        let start = self.at;
        let mut out = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                '\'' => self.quoted('\'', &mut out),
                '"' => self.quoted('"', &mut out),
                '\\' => {
                    self.at += 1;
                    if let Some(next) = self.rest().chars().next() {
                        self.at += next.len_utf8();
                        if next != '\n' {
                            out.push(next);
                        }
                    }
                }
                '$' => self.expansion(&mut out),
                '`' => self.quoted('`', &mut out),
                _ => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        Token::Word(Text { text: out, range: range(start, self.at) })
    }

    fn quoted(&mut self, quote: char, out: &mut String) {
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            if c == quote {
                self.at += 1;
                return;
            }
            if c == '$' && quote == '"' {
                self.expansion(out);
                continue;
            }
            self.at += c.len_utf8();
            if c == '\\' && quote == '"' {
                if let Some(next) = self.rest().chars().next() {
                    self.at += next.len_utf8();
                    if !matches!(next, '"' | '\\' | '$' | '`' | '\n') {
                        out.push('\\');
                    }
                    if next != '\n' {
                        out.push(next);
                    }
                }
            } else {
                out.push(c);
            }
        }
    }

    /// Copies `$X`, `${…}` or `$(…)` as written.
    fn expansion(&mut self, out: &mut String) {
        let rest = self.rest();
        let length = match rest.as_bytes().get(1) {
            Some(b'{') => balanced(rest, '{', '}'),
            Some(b'(') => balanced(rest, '(', ')'),
            _ => 1,
        };
        let copied = rest.get(..length).unwrap_or("$").to_owned();
        self.at += copied.len();
        out.push_str(&copied);
    }
}

/// The length of a text from its start to the bracket that closes the first one.
fn balanced(text: &str, open: char, close: char) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + c.len_utf8();
            }
        }
    }
    text.len()
}

mod expand;

pub use expand::{Expanded, expand};

#[cfg(test)]
mod tests;
