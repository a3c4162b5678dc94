//! `.env` files as python-dotenv, django-environ and compose read them.
//!
//! Where the three agree there is one value. Where they don't, the reading of python-dotenv and
//! compose is taken (inline comments after a blank, quoted values over several lines), and
//! [`Assignment::raw`] keeps what `docker run --env-file` and systemd would pass on unchanged.

use djsec_base::TextRange;

use crate::parsed::{Parsed, SyntaxError, range};

/// How a value is quoted, which decides whether `${X}` in it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all.
    Bare,
    /// In single quotes: taken as it stands.
    Single,
    /// In double quotes: escapes are resolved.
    Double,
}

/// A variable with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// Where its name stands.
    pub name_range: TextRange,
    /// The value; `None` for a name alone, which takes its value from outside.
    pub value: Option<String>,
    /// Where the value stands, quotes included; empty after the `=` for an empty value.
    pub value_range: TextRange,
    /// Everything after the `=`, as written.
    pub raw: String,
    /// How the value is quoted.
    pub quoting: Quoting,
}

/// Parses a `.env` file.
pub fn parse(text: &str) -> Parsed<Vec<Assignment>> {
    let mut out = Parsed::clean(Vec::new());
    let mut at = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        let next = at + line.len();
        let trimmed = line.trim_start();
        let start = at + line.len() - trimmed.len();
        let content = trimmed.trim_end();
        at = next;
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        match assignment(text, start, start + content.len()) {
            Some((assignment, end)) => {
                out.tree.push(assignment);
                at = at.max(line_end(text, end));
            }
            None => out.errors.push(SyntaxError::new(
                range(start, start + content.len()),
                "expected `NAME=value`",
            )),
        }
    }
    out
}

/// The start of the line after the one that holds `at`.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |length| at + length + 1)
}

/// Reads the assignment that starts at `start`; its first line ends at `end`. Also gives where it
/// really ends, as a quoted value may run over several lines.
fn assignment(text: &str, start: usize, end: usize) -> Option<(Assignment, usize)> {
    let line = text.get(start..end)?;
    let body = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let body = body.map_or(line, str::trim_start);
    let name_start = end - body.len();
    let length = body.find(|c: char| !is_name(c)).unwrap_or(body.len());
    let name = body.get(..length).filter(|name| !name.is_empty())?;
    let name_range = range(name_start, name_start + length);
    let after = body.get(length..)?;
    let gap = after.trim_start();
    if gap.is_empty() || gap.starts_with('#') {
        let empty = range(name_start + length, name_start + length);
        let name = name.to_owned();
        let raw = String::new();
        let quoting = Quoting::Bare;
        return Some((
            Assignment { name, name_range, value: None, value_range: empty, raw, quoting },
            end,
        ));
    }
    let equals = end - gap.len();
    // `KEY: value` is accepted by compose.
    let compose = gap.starts_with(": ") && after.len() == gap.len();
    if !(compose || gap.starts_with('=')) {
        return None;
    }
    let written = text.get(equals + 1..end)?;
    let value_text = written.trim_start_matches([' ', '\t']);
    let value_start = end - value_text.len();
    let (value, value_end, quoting) = value(text, value_start, end);
    let assignment = Assignment {
        name: name.to_owned(),
        name_range,
        value: Some(value),
        value_range: range(value_start, value_end),
        raw: written.to_owned(),
        quoting,
    };
    Some((assignment, value_end))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}

fn value(text: &str, start: usize, end: usize) -> (String, usize, Quoting) {
    let quote = text.get(start..end).and_then(|value| value.chars().next());
    let quoting = match quote {
        Some('"') => Quoting::Double,
        Some('\'') => Quoting::Single,
        _ => Quoting::Bare,
    };
    if let Some(quote) = quote.filter(|_| quoting != Quoting::Bare)
        && let Some(close) = closing_quote(text, start + 1, quote)
    {
        let inner = text.get(start + 1..close).unwrap_or_default();
        let value = if quoting == Quoting::Double { unescape(inner) } else { inner.to_owned() };
        return (value, close + 1, quoting);
    }
    let bare = text.get(start..end).unwrap_or_default();
    let cut = if bare.starts_with('#') { 0 } else { comment_start(bare).unwrap_or(bare.len()) };
    let value = bare.get(..cut).unwrap_or_default().trim_end();
    (value.to_owned(), start + value.len(), Quoting::Bare)
}

/// Where an inline comment begins: a `#` after a blank.
fn comment_start(value: &str) -> Option<usize> {
    value
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|at| value.get(..*at).is_some_and(|head| head.ends_with([' ', '\t'])))
}

fn closing_quote(text: &str, from: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.get(from..)?.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return Some(from + at);
        }
    }
    None
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(other @ ('"' | '\'' | '\\' | '$')) => out.push(other),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Option<&str>)]) {
        let parsed = parse(text);
        let got: Vec<_> =
            parsed.tree.iter().map(|a| (a.name.as_str(), a.value.as_deref())).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn quotes_exports_and_comments_are_read_as_the_loaders_do() {
        check("A=1\nexport B=two # no\n#C=3\n", &[("A", Some("1")), ("B", Some("two"))]);
        check("A='x # y' # z\nB=\"p\\\"q\"\n", &[("A", Some("x # y")), ("B", Some("p\"q"))]);
        check("A=x#y\nB=#nothing\n", &[("A", Some("x#y")), ("B", Some(""))]);
        check("A = spaced\nB: compose\n", &[("A", Some("spaced")), ("B", Some("compose"))]);
    }

    #[test]
    fn an_empty_value_is_not_a_missing_one() {
        check("A=\nB\nC=\"\"\n", &[("A", Some("")), ("B", None), ("C", Some(""))]);
    }

    #[test]
    fn quoted_values_may_span_lines() {
        check(
            "KEY=\"-----BEGIN\nabc\nEND\" \nB=1\n",
            &[("KEY", Some("-----BEGIN\nabc\nEND")), ("B", Some("1"))],
        );
    }

    #[test]
    fn an_open_quote_does_not_swallow_the_file() {
        check("A=\"open\nB=1\n", &[("A", Some("\"open")), ("B", Some("1"))]);
    }

    #[test]
    fn a_line_that_is_no_assignment_is_reported_and_skipped() {
        let parsed = parse("{% if x %}\nA=1\r\n");
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.tree[0].value.as_deref(), Some("1"));
    }

    #[test]
    fn ranges_point_at_the_value_with_its_quotes() {
        let text = "A='1' # c\n";
        let assignment = &parse(text).tree[0];
        assert_eq!(crate::under(text, assignment.value_range), "'1'");
        assert_eq!(assignment.raw, "'1' # c");
    }
}
