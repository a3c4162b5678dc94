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
        let hint = match named_beside(text, at, name) {
            Some(named) => Hint::of(named),
            None => Hint::of(name),
        };
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

/// The variable whose value stands at `at`, where files say `name: SECRET_KEY` and `value: …` on two
/// lines or in one mapping, as Kubernetes and platform files do.
fn named_beside<'t>(text: &'t str, at: usize, key: &str) -> Option<&'t str> {
    if !key.eq_ignore_ascii_case("value") {
        return None;
    }
    let start = text.get(..at)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let mut above = text.get(..start)?.lines().rev();
    let mut around = text.get(start..)?.lines();
    [around.next(), above.next(), around.next()].into_iter().flatten().find_map(variable_named)
}

/// The variable that a line names: `- name: SECRET_KEY`, `"name": "SECRET_KEY"`, `key: SECRET_KEY`.
fn variable_named(line: &str) -> Option<&str> {
    ["name", "key", "Name"].iter().find_map(|label| {
        let (before, after) = line.split_once(label)?;
        let rest = after.trim_start_matches(['"', '\'']).trim_start().strip_prefix([':', '='])?;
        let alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let rest = rest.trim_start_matches([' ', '\t', '"', '\'']);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        rest.get(..end).filter(|name| alone && !name.is_empty())
    })
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
