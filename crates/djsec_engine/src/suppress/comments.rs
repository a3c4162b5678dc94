//! Finds `djsec:` comments in a file, by the comment syntax of its kind.

use std::ops::Range;

use djsec_base::FileKind;
use memchr::memmem;

/// The word that makes a comment ours.
const WORD: &str = "djsec:";

/// A comment that begins with `djsec:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    /// From its marker to its end, in bytes.
    pub(super) range: Range<usize>,
    /// What follows `djsec:`, in bytes.
    pub(super) body: Range<usize>,
    /// Whether nothing else stands on its line.
    pub(super) alone: bool,
}

/// The comments of a file that begin with `djsec:`, in order.
pub(super) fn comments(kind: FileKind, text: &str) -> Vec<Comment> {
    let markers = markers(kind);
    if markers.is_empty() || memmem::find(text.as_bytes(), WORD.as_bytes()).is_none() {
        return Vec::new();
    }
    let python = (kind == FileKind::Python).then(|| python_comments(text.as_bytes()));
    text.match_indices(WORD)
        .filter_map(|(at, _)| comment_at(text, at, markers))
        .filter(|comment| {
            python.as_ref().is_none_or(|all| {
                all.iter().any(|it| it.start <= comment.range.start && comment.range.end <= it.end)
            })
        })
        .collect()
}

/// What opens and closes a comment; a comment without a closing mark ends with its line.
type Marker = (&'static str, &'static str);

const fn markers(kind: FileKind) -> &'static [Marker] {
    match kind {
        FileKind::Template => &[("{#", "#}"), ("<!--", "-->"), ("//", "")],
        FileKind::Script => &[("//", ""), ("/*", "*/")],
        FileKind::Ini | FileKind::Systemd => &[("#", ""), (";", "")],
        FileKind::Json | FileKind::Lock | FileKind::Library | FileKind::Other => &[],
        _ => &[("#", "")],
    }
}

fn comment_at(text: &str, at: usize, markers: &[Marker]) -> Option<Comment> {
    let head = text.get(..at)?;
    let line_start = head.rfind('\n').map_or(0, |newline| newline + 1);
    let before = text.get(line_start..at)?.trim_end();
    let (open, close) = markers.iter().find(|(open, _)| before.ends_with(open))?;
    let start = line_start + before.len() - open.len();
    let body_start = at + WORD.len();
    let tail = text.get(body_start..)?;
    let line = tail.split(['\n', '\r']).next().unwrap_or_default();
    let (body, end) = if close.is_empty() {
        (line.len(), line.len())
    } else {
        let closed = line.find(close)?;
        (closed, closed + close.len())
    };
    let code_before = text.get(line_start..start)?;
    let code_after = line.get(end..)?;
    Some(Comment {
        range: start..body_start + end,
        body: body_start..body_start + body,
        alone: code_before.trim().is_empty() && code_after.trim().is_empty(),
    })
}

/// The byte ranges of the comments of a Python text. A scan over quotes rather than the token
/// stream: it costs nothing and survives syntax errors; inside a string nothing is a comment.
fn python_comments(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => {
                let start = at;
                while bytes.get(at).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                    at += 1;
                }
                comments.push(start..at);
            }
            b'"' | b'\'' => at = after_string(bytes, at, *byte),
            _ => at += 1,
        }
    }
    comments
}

/// The offset after the string that opens at `at`. A backslash hides the next byte, in raw strings
/// too; a string with single quotes that is not closed ends with its line.
fn after_string(bytes: &[u8], at: usize, quote: u8) -> usize {
    let triple = bytes.get(at..at + 3).is_some_and(|three| three.iter().all(|it| *it == quote));
    let mut at = if triple { at + 3 } else { at + 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if !triple => return at,
            byte if *byte == quote => {
                if !triple {
                    return at + 1;
                }
                let closed = bytes.get(at..at + 3);
                if closed.is_some_and(|three| three.iter().all(|it| *it == quote)) {
                    return at + 3;
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}
