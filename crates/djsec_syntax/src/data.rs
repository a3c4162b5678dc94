//! The tree that YAML, TOML and JSON share: scalars, sequences and mappings, each with its place.

use djsec_base::TextRange;

/// Deeper nesting than this is cut off; real files stay below twenty.
pub(crate) const MAX_DEPTH: usize = 100;

/// A value in a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands, in bytes.
    pub range: TextRange,
    /// What it is.
    pub data: Data,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// A string, number, boolean, date or null, as text.
    Scalar {
        /// Its text, with quotes and escapes resolved.
        text: String,
        /// Whether it stands without quotes, so that the language may read it as a number, a
        /// boolean or null.
        plain: bool,
    },
    /// Values in order.
    Sequence(Vec<Node>),
    /// Keys and values in order of the text; a key that occurs twice is here twice.
    Mapping(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key; empty when it is not a scalar.
    pub key: String,
    /// Where the key stands.
    pub key_range: TextRange,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// From the key to the end of the value.
    pub fn range(&self) -> TextRange {
        if self.value.range.start() >= self.key_range.start() {
            self.key_range.cover(self.value.range)
        } else {
            self.key_range
        }
    }
}

impl Node {
    /// A null at a place.
    pub fn null(range: TextRange) -> Self {
        Self { range, data: Data::Scalar { text: String::new(), plain: true } }
    }

    /// An empty mapping at a place.
    pub fn empty(range: TextRange) -> Self {
        Self { range, data: Data::Mapping(Vec::new()) }
    }

    /// The text of a scalar that is not null.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// Whether it is null: `null`, `~` or nothing, without quotes.
    pub fn is_null(&self) -> bool {
        matches!(&self.data, Data::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The boolean that an unquoted `true` or `false` is.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Scalar { text, plain: true } if text.eq_ignore_ascii_case("true") => Some(true),
            Data::Scalar { text, plain: true } if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The values of a sequence; none for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries as written, `<<` not resolved; none for anything that is not a mapping.
    pub fn written_entries(&self) -> &[Entry] {
        match &self.data {
            Data::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The entries that count: the last of each key, then those merged in through `<<`.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut out: Vec<&Entry> = Vec::new();
        self.collect_entries(&mut out, 0);
        out
    }

    fn collect_entries<'a>(&'a self, out: &mut Vec<&'a Entry>, depth: usize) {
        if depth > 8 {
            return;
        }
        let written = self.written_entries();
        let known = out.len();
        for entry in written.iter().filter(|entry| entry.key != "<<") {
            let earlier = out.iter().position(|other| other.key == entry.key);
            match earlier {
                Some(at) if at >= known => {
                    if let Some(slot) = out.get_mut(at) {
                        *slot = entry;
                    }
                }
                Some(_) => {}
                None => out.push(entry),
            }
        }
        for merge in written.iter().filter(|entry| entry.key == "<<") {
            merge.value.collect_entries(out, depth + 1);
            for item in merge.value.items() {
                item.collect_entries(out, depth + 1);
            }
        }
    }

    /// The entry of a key, through `<<` if need be.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let written = self.written_entries();
        if let Some(found) = written.iter().rev().find(|entry| entry.key == key) {
            return Some(found);
        }
        if written.iter().any(|entry| entry.key == "<<") {
            return self.entries().into_iter().find(|entry| entry.key == key);
        }
        None
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}
