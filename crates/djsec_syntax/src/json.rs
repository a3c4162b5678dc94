//! JSON as a tree of [`Node`]s with byte ranges (which `serde_json` does not keep). Comments and
//! trailing commas are accepted, as editors and platforms accept them.

use crate::data::{Data, Entry, MAX_DEPTH, Node};
use crate::parsed::{Parsed, SyntaxError, range};

/// Parses a JSON document. At the first error the rest is given up, and what was read is kept.
pub fn parse(text: &str) -> Parsed<Node> {
    let mut reader = Reader { text, at: 0, error: None };
    reader.blank();
    let tree = reader.value(0).unwrap_or_else(|| Node::null(range(0, 0)));
    reader.blank();
    if reader.error.is_none() && reader.at < text.len() {
        reader.fail("more text after the document");
    }
    Parsed { tree, errors: reader.error.into_iter().collect() }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    error: Option<SyntaxError>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail(&mut self, message: &str) {
        if self.error.is_none() {
            self.error = Some(SyntaxError::new(range(self.at, self.at), message));
        }
    }

    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let kept = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']);
            self.at += rest.len() - kept.len();
            let comment = if kept.starts_with("//") {
                kept.find('\n')
            } else if kept.starts_with("/*") {
                kept.find("*/").map(|end| end + 2)
            } else {
                return;
            };
            let Some(length) = comment else {
                self.at = self.text.len();
                return;
            };
            self.at += length;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        if depth > MAX_DEPTH {
            self.fail("nested too deeply");
            return None;
        }
        let data = match self.peek() {
            Some(b'{') => Data::Mapping(self.object(depth)),
            Some(b'[') => Data::Sequence(self.array(depth)),
            Some(b'"') => Data::Scalar { text: self.string()?, plain: false },
            Some(_) => {
                let rest = self.rest();
                let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
                let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
                let text = rest.get(..length).unwrap_or_default().to_owned();
                if text.is_empty() {
                    self.fail("expected a value");
                    return None;
                }
                self.at += length;
                Data::Scalar { text, plain: true }
            }
            None => {
                self.fail("expected a value");
                return None;
            }
        };
        Some(Node { range: range(start, self.at), data })
    }

    fn array(&mut self, depth: usize) -> Vec<Node> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.blank();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return items;
                }
                Some(b',') => self.at += 1,
                _ => match self.value(depth + 1) {
                    Some(item) => items.push(item),
                    None => return items,
                },
            }
            if self.error.is_some() {
                return items;
            }
        }
    }

    fn object(&mut self, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        self.at += 1;
        loop {
            self.blank();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return entries;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(b'"') => {}
                _ => {
                    self.fail("expected a key");
                    return entries;
                }
            }
            let start = self.at;
            let Some(key) = self.string() else { return entries };
            let key_range = range(start, self.at);
            self.blank();
            if self.peek() != Some(b':') {
                self.fail("expected `:`");
                return entries;
            }
            self.at += 1;
            self.blank();
            let Some(value) = self.value(depth + 1) else { return entries };
            entries.push(Entry { key, key_range, value });
            if self.error.is_some() {
                return entries;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut escaped = false;
        for (at, byte) in self.text.bytes().enumerate().skip(start + 1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = at + 1;
                    let raw = self.text.get(start..=at).unwrap_or_default();
                    let inner = self.text.get(start + 1..at).unwrap_or_default();
                    return Some(serde_json::from_str(raw).unwrap_or_else(|_| inner.to_owned()));
                }
                _ => {}
            }
        }
        self.fail("a string is not closed");
        self.at = self.text.len();
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_bytes_and_escapes_are_resolved() {
        let text = "{\"ü\": [1, \"a\\nb\", null], \"b\": {\"c\": true}}";
        let parsed = parse(text);
        assert!(parsed.errors.is_empty());
        let second = &parsed.tree.get("ü").unwrap().items()[1];
        assert_eq!(second.text(), Some("a\nb"));
        assert_eq!(crate::under(text, second.range), "\"a\\nb\"");
        assert_eq!(parsed.tree.at(&["b", "c"]).unwrap().as_bool(), Some(true));
    }

    #[test]
    fn comments_and_trailing_commas_are_accepted() {
        let parsed = parse("{ // why\n \"a\": [1,], /* b */ }");
        assert!(parsed.errors.is_empty());
        assert_eq!(parsed.tree.get("a").unwrap().items().len(), 1);
    }

    #[test]
    fn what_stands_before_an_error_survives() {
        let parsed = parse("{\"a\": 1, \"b\": }");
        assert_eq!(parsed.tree.get("a").unwrap().text(), Some("1"));
        assert_eq!(parsed.errors.len(), 1);
        assert!(!parse(&"[".repeat(100_000)).errors.is_empty());
        assert_eq!(parse("").errors.len(), 1);
    }
}
