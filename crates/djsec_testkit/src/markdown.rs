//! The part of Markdown that cases and pages use: headings, fenced blocks, comments in the prose.

use std::fmt;
use std::ops::Range;

/// What is wrong with a case or a page, and on which of its lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Line of the Markdown text, from 1.
    pub line: Option<usize>,
    /// What is wrong, possibly in several lines.
    pub text: String,
}

impl Problem {
    pub(crate) fn at(line: usize, text: impl Into<String>) -> Self {
        Self { line: Some(line), text: text.into() }
    }

    pub(crate) fn general(text: impl Into<String>) -> Self {
        Self { line: None, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.text),
            None => out.write_str(&self.text),
        }
    }
}

/// What a Markdown text is made of, in order.
#[derive(Debug)]
pub(crate) enum Block<'a> {
    Heading(Heading<'a>),
    Fence(Fence<'a>),
    /// A line of prose that is not blank.
    Prose {
        line: usize,
        text: &'a str,
    },
}

#[derive(Debug)]
pub(crate) struct Heading<'a> {
    /// Line, from 1.
    pub(crate) line: usize,
    /// The number of `#`.
    pub(crate) level: usize,
    pub(crate) text: &'a str,
}

#[derive(Debug)]
pub(crate) struct Fence<'a> {
    /// Line of the opening fence, from 1.
    pub(crate) line: usize,
    /// First word of the info string; empty when there is none.
    pub(crate) language: &'a str,
    /// The rest of the info string: the path.
    pub(crate) argument: &'a str,
    /// The lines between the fences, each with its line end.
    pub(crate) body: &'a str,
    /// Where the body is, in bytes of the text.
    pub(crate) range: Range<usize>,
}

/// Reads a text into blocks; fails on a fence that is never closed.
pub(crate) fn read(text: &str) -> Result<Vec<Block<'_>>, Problem> {
    let mut blocks = Vec::new();
    let mut lines = numbered_lines(text);
    while let Some((line, start, content)) = lines.next() {
        let Some((marker, info)) = opening(content) else {
            match heading(line, content) {
                Some(heading) => blocks.push(Block::Heading(heading)),
                None if content.trim().is_empty() => {}
                None => blocks.push(Block::Prose { line, text: content.trim() }),
            }
            continue;
        };
        let from = start + content.len();
        let Some(to) = lines.find(|(_, _, body)| closes(body, marker)).map(|(_, at, _)| at) else {
            return Err(Problem::at(line, "this block is never closed"));
        };
        let (language, argument) = info.split_once(' ').unwrap_or((info, ""));
        blocks.push(Block::Fence(Fence {
            line,
            language,
            argument: argument.trim(),
            body: text.get(from..to).unwrap_or_default(),
            range: from..to,
        }));
    }
    Ok(blocks)
}

/// Each line with its number from 1, its offset, and its line end.
fn numbered_lines(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut offset = 0;
    text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        let start = offset;
        offset += line.len();
        (index + 1, start, line)
    })
}

/// The backticks and the info string of an opening fence.
fn opening(line: &str) -> Option<(&str, &str)> {
    let info = line.trim_start_matches('`');
    let marker = line.get(..line.len() - info.len()).filter(|marker| marker.len() >= 3)?;
    Some((marker, info.trim()))
}

fn closes(line: &str, marker: &str) -> bool {
    let line = line.trim_end();
    line.len() >= marker.len() && line.chars().all(|c| c == '`')
}

fn heading(line: usize, content: &str) -> Option<Heading<'_>> {
    let text = content.trim_start_matches('#');
    let level = content.len() - text.len();
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\n']);
    is_heading.then(|| Heading { line, level, text: text.trim() })
}
