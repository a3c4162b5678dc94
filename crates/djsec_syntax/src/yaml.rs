//! YAML streams as trees of [`Node`]s.
//!
//! The events come from `saphyr-parser`, whose positions count characters; the tree is built here, so
//! that a file with an error keeps what stands before it, and so that nesting and aliases are
//! bounded: what a short file can expand to through aliases is limited to some tens of megabytes.

use std::collections::BTreeMap;

use djsec_base::TextRange;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::data::{Data, Entry, MAX_DEPTH, Node};
use crate::parsed::{Parsed, SyntaxError, range};

/// How much all aliases of a stream may expand to, in nodes plus their text in units of 32 bytes.
const ALIAS_BUDGET: usize = 50_000;

/// Parses a stream of documents. A document of nothing is left out.
pub fn parse(text: &str) -> Parsed<Vec<Node>> {
    let offsets = Offsets::new(text);
    let mut builder = Builder::default();
    let mut errors = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                let at = offsets.range(span);
                if let Err(message) = builder.take(event, at) {
                    errors.push(SyntaxError::new(at, message));
                    break;
                }
            }
            Err(error) => {
                let at = offsets.byte(error.marker().index());
                errors.push(SyntaxError::new(range(at, at), error.info()));
                break;
            }
        }
    }
    Parsed { tree: builder.finish(), errors }
}

/// Byte offsets of characters; the identity for ASCII.
struct Offsets {
    table: Option<Vec<usize>>,
    end: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let table = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self { table, end: text.len() }
    }

    fn byte(&self, index: usize) -> usize {
        match &self.table {
            Some(table) => table.get(index).copied().unwrap_or(self.end),
            None => index.min(self.end),
        }
    }

    fn range(&self, span: Span) -> TextRange {
        range(self.byte(span.start.index()), self.byte(span.end.index()))
    }
}

/// A collection that is still open.
enum Frame {
    Sequence { at: TextRange, anchor: usize, items: Vec<Node> },
    Mapping { at: TextRange, anchor: usize, entries: Vec<Entry>, key: Option<(String, TextRange)> },
}

#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    open: Vec<Frame>,
    anchors: BTreeMap<usize, (Node, usize)>,
    spent: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: TextRange) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let data = Data::Scalar { text: text.into_owned(), plain };
                self.place(Node { range: at, data }, anchor);
            }
            Event::SequenceStart(anchor, _) => {
                self.push(Frame::Sequence { at, anchor, items: Vec::new() })?;
            }
            Event::MappingStart(anchor, _) => {
                self.push(Frame::Mapping { at, anchor, entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(id) => return self.alias(id, at),
            Event::DocumentEnd => {
                while !self.open.is_empty() {
                    self.close();
                }
                self.anchors.clear();
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(())
    }

    fn push(&mut self, frame: Frame) -> Result<(), &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err("nested too deeply");
        }
        self.open.push(frame);
        Ok(())
    }

    fn alias(&mut self, id: usize, at: TextRange) -> Result<(), &'static str> {
        let Some((node, weight)) = self.anchors.get(&id) else {
            self.place(Node::null(at), 0);
            return Ok(());
        };
        self.spent = self.spent.saturating_add(*weight);
        if self.spent > ALIAS_BUDGET || self.open.len() + depth(node) > MAX_DEPTH {
            return Err("aliases expand to too much");
        }
        let node = node.clone();
        self.place(node, 0);
        Ok(())
    }

    fn close(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let (node, anchor) = match frame {
            Frame::Sequence { at, anchor, items } => {
                let end = items.last().map(|item| item.range);
                (Node { range: extend(at, end), data: Data::Sequence(items) }, anchor)
            }
            Frame::Mapping { at, anchor, mut entries, key } => {
                if let Some((key, key_range)) = key {
                    entries.push(Entry { key, key_range, value: Node::null(key_range) });
                }
                let end = entries.last().map(Entry::range);
                (Node { range: extend(at, end), data: Data::Mapping(entries) }, anchor)
            }
        };
        self.place(node, anchor);
    }

    fn place(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            let weight = weight(&node);
            if weight <= ALIAS_BUDGET {
                self.anchors.insert(anchor, (node.clone(), weight));
            }
        }
        match self.open.last_mut() {
            None => {
                if !node.is_null() {
                    self.documents.push(node);
                }
            }
            Some(Frame::Sequence { items, .. }) => items.push(node),
            Some(Frame::Mapping { entries, key, .. }) => {
                if let Some((key, key_range)) = key.take() {
                    entries.push(Entry { key, key_range, value: node });
                } else {
                    let text = match node.data {
                        Data::Scalar { text, .. } => text,
                        Data::Sequence(_) | Data::Mapping(_) => String::new(),
                    };
                    *key = Some((text, node.range));
                }
            }
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.close();
        }
        self.documents
    }
}

/// A collection's range: from its start to the end of its last part, so that a block collection does
/// not reach into what follows it.
fn extend(at: TextRange, last: Option<TextRange>) -> TextRange {
    last.filter(|last| last.end() >= at.start())
        .map_or(at, |last| TextRange::new(at.start(), last.end()))
}

fn weight(node: &Node) -> usize {
    match &node.data {
        Data::Scalar { text, .. } => 1 + text.len() / 32,
        Data::Sequence(items) => items.iter().map(weight).sum::<usize>() + 1,
        Data::Mapping(entries) => {
            entries
                .iter()
                .map(|entry| weight(&entry.value) + 1 + entry.key.len() / 32)
                .sum::<usize>()
                + 1
        }
    }
}

fn depth(node: &Node) -> usize {
    match &node.data {
        Data::Scalar { .. } => 1,
        Data::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Data::Mapping(entries) => {
            1 + entries.iter().map(|entry| depth(&entry.value)).max().unwrap_or(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under<'a>(text: &'a str, node: &Node) -> &'a str {
        crate::under(text, node.range)
    }

    #[test]
    fn ranges_are_in_bytes_although_the_parser_counts_characters() {
        let text = "# größe\nname: \"ä\"\nport: 8000\n";
        let parsed = parse(text);
        assert!(parsed.errors.is_empty());
        let document = &parsed.tree[0];
        assert_eq!(document.get("name").unwrap().text(), Some("ä"));
        assert_eq!(under(text, document.get("name").unwrap()), "\"ä\"");
        assert_eq!(under(text, document.get("port").unwrap()), "8000");
    }

    #[test]
    fn quoted_words_are_not_booleans_or_null() {
        let parsed = parse("a: 'true'\nb: true\nc: ''\nd:\n");
        let document = &parsed.tree[0];
        assert_eq!(document.get("a").unwrap().as_bool(), None);
        assert_eq!(document.get("b").unwrap().as_bool(), Some(true));
        assert_eq!(document.get("c").unwrap().text(), Some(""));
        assert!(document.get("d").unwrap().is_null());
    }

    #[test]
    fn several_documents_and_merged_anchors_are_read() {
        let text = "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n---\nkind: ConfigMap\n";
        let parsed = parse(text);
        assert_eq!(parsed.tree.len(), 2);
        assert_eq!(parsed.tree[0].at(&["y", "a"]).unwrap().text(), Some("1"));
        assert_eq!(parsed.tree[0].at(&["y", "b"]).unwrap().text(), Some("3"));
        let keys: Vec<_> =
            parsed.tree[0].get("y").unwrap().entries().iter().map(|e| e.key.clone()).collect();
        assert_eq!(keys, ["b", "a"]);
        assert_eq!(parsed.tree[1].get("kind").unwrap().text(), Some("ConfigMap"));
    }

    #[test]
    fn what_stands_before_an_error_survives() {
        let parsed = parse("services:\n  web:\n    image: a\n  {% if x %}\n  db: [\n");
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.tree[0].at(&["services", "web", "image"]).unwrap().text(), Some("a"));
    }

    #[test]
    fn aliases_cannot_blow_up_a_short_file() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let before = format!("*a{}, ", level - 1).repeat(9);
            text.push_str(
                &["a", &level.to_string(), ": &a", &level.to_string(), " [", &before, "]\n"]
                    .concat(),
            );
        }
        let parsed = parse(&text);
        assert_eq!(parsed.errors[0].message, "aliases expand to too much");
    }

    #[test]
    fn deep_nesting_is_cut_off() {
        let parsed = parse(&"[".repeat(10_000));
        assert!(!parsed.errors.is_empty());
    }

    #[test]
    fn a_range_of_a_block_ends_with_its_last_part() {
        let text = "a:\n  b: 1\n\n# comment\nc: 2\n";
        let parsed = parse(text);
        assert_eq!(under(text, parsed.tree[0].get("a").unwrap()), "b: 1");
    }
}
