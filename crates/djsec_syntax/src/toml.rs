//! TOML as a tree of [`Node`]s; parsed by `toml_edit`. A file with a syntax error gives an empty
//! mapping, as it gives nothing to the programs that read it.

use djsec_base::TextRange;
use toml_edit::{Document, Item, Table, TableLike, Value};

use crate::data::{Data, Entry, Node};
use crate::parsed::{Parsed, SyntaxError, range};

/// Parses a TOML document.
pub fn parse(text: &str) -> Parsed<Node> {
    let whole = range(0, text.len());
    match Document::parse(text) {
        Ok(document) => {
            let entries = entries(document.as_table(), whole);
            Parsed::clean(Node { range: whole, data: Data::Mapping(entries) })
        }
        Err(error) => {
            let at = error.span().map_or(range(0, 0), |span| range(span.start, span.end));
            let error = SyntaxError::new(at, error.message());
            Parsed { tree: Node::empty(whole), errors: vec![error] }
        }
    }
}

/// The entries of a table, `outer` standing in for ranges that the text does not have (implicit
/// tables).
fn entries(table: &dyn TableLike, outer: TextRange) -> Vec<Entry> {
    let mut out = Vec::with_capacity(table.len());
    for (key, item) in table.iter() {
        let key_range = table
            .key(key)
            .and_then(toml_edit::Key::span)
            .map_or(outer, |span| range(span.start, span.end));
        if let Some(value) = node(item, key_range) {
            out.push(Entry { key: key.to_owned(), key_range, value });
        }
    }
    out
}

fn node(item: &Item, outer: TextRange) -> Option<Node> {
    let at = item.span().map_or(outer, |span| range(span.start, span.end));
    let data = match item {
        Item::None => return None,
        Item::Value(value) => return Some(value_node(value, outer)),
        Item::Table(table) => Data::Mapping(entries(table, at)),
        Item::ArrayOfTables(tables) => Data::Sequence(
            tables
                .iter()
                .map(|table: &Table| {
                    let at = table.span().map_or(at, |span| range(span.start, span.end));
                    Node { range: at, data: Data::Mapping(entries(table, at)) }
                })
                .collect(),
        ),
    };
    Some(Node { range: at, data })
}

fn value_node(value: &Value, outer: TextRange) -> Node {
    let at = value.span().map_or(outer, |span| range(span.start, span.end));
    let data = match value {
        Value::String(text) => Data::Scalar { text: text.value().clone(), plain: false },
        Value::Integer(number) => plain(number.value()),
        Value::Float(number) => plain(number.value()),
        Value::Boolean(truth) => plain(truth.value()),
        Value::Datetime(time) => plain(time.value()),
        Value::Array(items) => {
            Data::Sequence(items.iter().map(|item| value_node(item, at)).collect())
        }
        Value::InlineTable(table) => Data::Mapping(entries(table, at)),
    };
    Node { range: at, data }
}

fn plain(value: &impl std::fmt::Display) -> Data {
    Data::Scalar { text: value.to_string(), plain: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_arrays_and_dotted_keys_become_one_tree() {
        let text = "[project]\ndependencies = [\"django>=5\"]\n[tool.a]\nb.c = true\n[[package]]\nname = \"x\"\n";
        let tree = parse(text).tree;
        let dependency = &tree.at(&["project", "dependencies"]).unwrap().items()[0];
        assert_eq!(dependency.text(), Some("django>=5"));
        assert_eq!(crate::under(text, dependency.range), "\"django>=5\"");
        assert_eq!(tree.at(&["tool", "a", "b", "c"]).unwrap().as_bool(), Some(true));
        assert_eq!(tree.get("package").unwrap().items()[0].get("name").unwrap().text(), Some("x"));
    }

    #[test]
    fn a_broken_file_says_where_and_gives_nothing() {
        let parsed = parse("a = 1\nb = [\n");
        assert_eq!(parsed.errors.len(), 1);
        assert!(parsed.tree.entries().is_empty());
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let parsed = parse(&format!("a = {}", "[".repeat(100_000)));
        assert!(!parsed.errors.is_empty());
    }
}
