//! INI-like files: `setup.cfg`, `tox.ini`, `pytest.ini`, `uwsgi.ini`, `settings.ini`, systemd units.
//!
//! The rules are those of Python's `configparser` where they don't contradict the others: a line
//! that is indented continues the value above, full-line comments begin with `#` or `;`, and keys
//! may repeat (uWSGI and systemd mean it).

use djsec_base::TextRange;

use crate::parsed::{Parsed, SyntaxError, Text, lines, range};

/// A key with its value in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The section's name; empty before the first section.
    pub section: String,
    /// The key as written.
    pub key: String,
    /// Where the key stands.
    pub key_range: TextRange,
    /// The lines of the value that are not empty, trimmed.
    pub lines: Vec<Text>,
}

impl Entry {
    /// The value as one text.
    pub fn value(&self) -> String {
        self.lines.iter().map(Text::as_str).collect::<Vec<_>>().join("\n")
    }

    /// Where the value stands; the key's place when there is none.
    pub fn value_range(&self) -> TextRange {
        match (self.lines.first(), self.lines.last()) {
            (Some(first), Some(last)) => first.range.cover(last.range),
            _ => self.key_range,
        }
    }
}

/// The entries of a file in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ini {
    /// All entries, repeated keys included.
    pub entries: Vec<Entry>,
}

impl Ini {
    /// The entries of a section with this key.
    pub fn all<'a>(&'a self, section: &'a str, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.section == section && entry.key == key)
    }

    /// The last entry of a section with this key.
    pub fn last(&self, section: &str, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.section == section && entry.key == key)
    }
}

/// Parses an INI-like file.
pub fn parse(text: &str) -> Parsed<Ini> {
    let mut out = Parsed::clean(Ini::default());
    let mut section = String::new();
    let mut joined = false;
    for (at, line) in lines(text) {
        let trimmed = line.trim();
        let start = at + line.len() - line.trim_start().len();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let indented = line.starts_with([' ', '\t']);
        if (indented || joined)
            && let Some(entry) = out.tree.entries.last_mut()
            && entry.section == section
        {
            joined = add_line(entry, trimmed, start);
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[') {
            name.split(']').next().unwrap_or_default().trim().clone_into(&mut section);
            if !name.contains(']') {
                let at = range(start, start + trimmed.len());
                out.errors.push(SyntaxError::new(at, "a section is not closed"));
            }
            continue;
        }
        let mut entry = entry(&section, trimmed, start);
        joined = entry.1.is_some_and(|(value, at)| add_line(&mut entry.0, value, at));
        out.tree.entries.push(entry.0);
    }
    out
}

/// The entry without its value, and the value with its offset.
fn entry<'a>(section: &str, line: &'a str, start: usize) -> (Entry, Option<(&'a str, usize)>) {
    let split = line.find(['=', ':']);
    let key = line.get(..split.unwrap_or(line.len())).unwrap_or_default().trim_end();
    let value = split.and_then(|split| {
        let value = line.get(split + 1..)?.trim_start();
        Some((value, start + line.len() - value.len()))
    });
    let entry = Entry {
        section: section.to_owned(),
        key: key.to_owned(),
        key_range: range(start, start + key.len()),
        lines: Vec::new(),
    };
    (entry, value)
}

/// Adds a line to a value; whether a backslash at its end asks for the next one.
fn add_line(entry: &mut Entry, line: &str, start: usize) -> bool {
    let (kept, joined) = match line.strip_suffix('\\') {
        Some(kept) => (kept.trim_end(), true),
        None => (line, false),
    };
    if !kept.is_empty() {
        entry.lines.push(Text::new(kept, start, start + kept.len()));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_repeated_keys_and_continuations_are_kept() {
        let text = "[uwsgi]\nstrict\nhttp-socket = :8000\nenv = A=1\nenv = B=2\n[tox]\nsetenv =\n    X=1\n    # no\n    Y=2\n";
        let ini = parse(text).tree;
        let env: Vec<_> = ini.all("uwsgi", "env").map(Entry::value).collect();
        assert_eq!(env, ["A=1", "B=2"]);
        assert_eq!(ini.last("uwsgi", "http-socket").unwrap().value(), ":8000");
        assert!(ini.last("uwsgi", "strict").unwrap().lines.is_empty());
        let lines = &ini.last("tox", "setenv").unwrap().lines;
        assert_eq!(lines.len(), 2);
        assert_eq!(crate::under(text, lines[1].range), "Y=2");
    }

    #[test]
    fn systemd_joins_lines_that_end_in_a_backslash() {
        let ini = parse("[Service]\nExecStart=/venv/bin/gunicorn \\\n--bind :80\nUser=x\n").tree;
        assert_eq!(ini.last("Service", "ExecStart").unwrap().lines.len(), 2);
        assert_eq!(ini.last("Service", "User").unwrap().value(), "x");
    }

    #[test]
    fn an_open_section_is_reported() {
        assert_eq!(parse("[a\nb=1\n").errors.len(), 1);
    }
}
