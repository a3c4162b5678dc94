//! Finds secret values in files that say `name = value` or `name: value` line by line:
//! `.env`, compose, INI, TOML, YAML, JSON, Dockerfiles, shell scripts.

use std::ops::Range;

use super::Hint;

/// The ranges of values in `text` that stand after a telling name.
pub(super) fn secret_values(text: &str, about_secrets: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, separator) in text.match_indices(['=', ':']) {
        let next = text.get(at + 1..).and_then(|rest| rest.chars().next());
        // `key: value`, `"key":"value"` and `${KEY:-value}`, but not `registry/key:tag`.
        let separates = next.is_some_and(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '-'));
        if separator == ":" && !separates {
            continue;
        }
        let Some(name) = name_before(text, at) else { continue };
        let hint = Hint::of(name);
        if hint == Hint::None {
            continue;
        }
        let Some(value) = value_after(text, at + separator.len()) else { continue };
        // In these files a name that mentions a key is as telling as in Python one that is it.
        let shown = text.get(value.clone()).unwrap_or_default();
        if hint.hides(shown, about_secrets) {
            found.push(value);
        }
    }
    found
}

/// The name that ends before `at`, across closing quotes and blanks.
fn name_before(text: &str, at: usize) -> Option<&str> {
    let head = text.get(..at)?.trim_end_matches([' ', '\t']).trim_end_matches(['"', '\'']);
    let tail = head.get(head.floor_char_boundary(head.len().saturating_sub(200))..)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = tail.rfind(|c: char| !is_part(c)).map_or(0, |last| last + 1);
    // The byte after a longer character may not start the next one.
    tail.get(tail.ceil_char_boundary(start)..).filter(|name| !name.is_empty())
}

/// The range of the value that starts at or after `from` on the same line, without quotes.
fn value_after(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    let value = line.trim_start_matches([' ', '\t', '=', '-']);
    let start = from + (line.len() - value.len());
    let (start, length) = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = value.get(1..)?;
            (start + 1, inner.find(quote).unwrap_or(inner.len()))
        }
        _ => (start, value.find([' ', '\t', ',', ';', '}', '"', '\'']).unwrap_or(value.len())),
    };
    (length > 0).then_some(start..start + length)
}
