//! Texts that are put together: what stands in front pins where an address leads.

use super::Run;
use super::expr::union;
use crate::value::{Taint, Value};
use crate::{Kind, Kinds};

/// As what the end of an address can do no harm, where its beginning is fixed.
fn pinned() -> Kinds {
    Kinds::of([Kind::Redirect, Kind::Ssrf])
}

/// Stands for a text that the source does not say and that nobody outside chooses.
const FIXED: char = '\u{0}';

impl Run<'_, '_> {
    /// Values one after the other in one text.
    pub(super) fn concatenated(&self, values: &[Value]) -> Value {
        if values.iter().all(|value| value.as_text().is_some()) && !values.is_empty() {
            let text: String = values.iter().filter_map(|v| v.as_text().map(|t| &**t)).collect();
            return Value::text(&text);
        }
        let mut before = String::new();
        let mut all = Taint::default();
        for value in values {
            let taint = value.whole();
            if taint.is_empty() {
                match value.as_text() {
                    Some(text) => before.push_str(text),
                    None => before.push(FIXED),
                }
                continue;
            }
            let safe = if is_pinned(&before) { pinned() } else { Kinds::NONE };
            all.merge(&taint.sanitized(safe));
            // What follows stands behind it.
            before.push(FIXED);
        }
        Value::tainted(all)
    }

    /// A format with the values that are put into it.
    pub(super) fn formatted(&self, format: &Value, values: &[Value], mark: char) -> Taint {
        let all = union(values);
        let front = format.as_text().and_then(|text| text.split(mark).next());
        match front {
            Some(front) if is_pinned(front) => all.sanitized(pinned()),
            _ => all,
        }
    }
}

/// Whether an address that begins like this leads where the source says, whatever follows.
fn is_pinned(before: &str) -> bool {
    if let Some((_, rest)) = before.split_once("://") {
        return rest.contains(['/', '?', '#']);
    }
    match before.strip_prefix('/') {
        // `//` leads to another site, and so does `/` before a second one.
        Some(rest) => !rest.is_empty() && !rest.starts_with('/'),
        None => !before.is_empty() && !before.contains(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::is_pinned;

    #[test]
    fn only_a_whole_host_or_a_path_pins_an_address() {
        for fixed in
            ["/orders/", "https://example.com/", "https://api.example.com/v1?q=", "?page=", "\0"]
        {
            assert!(is_pinned(fixed), "{fixed}");
        }
        for open in ["", "/", "//", "https://", "https://example.com", "https://api.", "mailto:"] {
            assert!(!is_pinned(open), "{open}");
        }
    }
}
