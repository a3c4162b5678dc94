//! Texts that are put together: what stands in front pins where an address leads.

use std::ops::Range;

use super::expr::union;
use crate::taint::{Label, Taint};
use crate::value::Value;
use crate::{Kind, Kinds};

/// As what data can do no harm behind a text.
fn led(before: &str) -> Kinds {
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', FIXED];
    let cell = match before.chars().next() {
        Some(first) if !formula.contains(&first) => Kinds::of([Kind::Spreadsheet]),
        _ => Kinds::NONE,
    };
    // What a text begins with says whether it is an option.
    let argument = if before.is_empty() { Kinds::NONE } else { Kinds::just(Kind::Option) };
    if is_pinned(before) {
        cell.or(argument).or(Kinds::of([Kind::Redirect, Kind::Ssrf, Kind::Link]))
    } else {
        cell.or(argument)
    }
}

const KEYED: Kinds = Kinds::just(Kind::CacheKey).or(Kinds::just(Kind::SessionKey));

/// Stands for a text that the source does not say and that nobody outside chooses.
const FIXED: char = '\u{0}';

/// Whether there is a tag of HTML in a text: `<b>`, `</p>`.
pub(super) fn has_tag(text: &str) -> bool {
    let mut parts = text.split('<');
    parts.next();
    parts.any(|part| {
        let name = part.strip_prefix('/').unwrap_or(part);
        // `a <b` compares; a tag ends, or has attributes.
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && part.contains(['>', '='])
    })
}

/// What stands between tags, unless it was escaped for that.
pub(super) fn between_tags(taint: &Taint) -> Taint {
    taint.map(|label| {
        let escaped = label.safe.has(Kind::Html);
        let undone = if escaped { Kinds::NONE } else { Kinds::just(Kind::Markup) };
        let (safe, undone) = (label.safe.without(undone), label.undone.or(undone));
        Some(Label { safe, undone, ..label.clone() })
    })
}

/// Values one after the other in one text.
pub(super) fn concatenated(values: &[Value]) -> Value {
    if values.iter().all(|value| value.as_text().is_some()) && !values.is_empty() {
        let text: String = values.iter().filter_map(|v| v.as_text().map(|t| &**t)).collect();
        return Value::text(&text);
    }
    let mut before = String::new();
    let mut all = Taint::default();
    // A key with something fixed in it is none of another sort.
    let fixed = values
        .iter()
        .any(|value| value.is_clean() && value.as_text().is_none_or(|t| !t.is_empty()));
    let keyed = if fixed { KEYED } else { Kinds::NONE };
    for value in values {
        let taint = value.written();
        if taint.is_empty() {
            match value.as_text() {
                Some(text) => before.push_str(text),
                None => before.push(FIXED),
            }
            continue;
        }
        let taint = if is_in_quotes(&before) { unquoted(&taint) } else { taint };
        all.merge(&taint.sanitized(led(&before).or(keyed)));
        // What follows stands behind it.
        before.push(FIXED);
    }
    let tag = |value: &Value| value.as_text().is_some_and(|text| has_tag(text));
    let tagged = !all.is_empty() && values.iter().any(tag);
    Value::tainted(if tagged { between_tags(&all) } else { all })
}

/// As what the items of a list can do no harm that are put together, where some of them are fixed.
pub(super) fn beside(items: &Value) -> Kinds {
    let mut items = items.fields.iter().flat_map(|items| items.values());
    let fixed = |item: &Value| item.as_text().is_some_and(|text| !text.is_empty());
    if items.any(fixed) { KEYED } else { Kinds::NONE }
}

/// A format with the values that are put into it, where it is not known in which order.
pub(super) fn formatted(format: &Value, values: &[Value]) -> Taint {
    let all = union(values).sanitized(led_by_format(format, values.first(), '{'));
    let tagged = format.as_text().is_some_and(|text| has_tag(text));
    let all = if tagged { between_tags(&all) } else { all };
    if is_quoted_in(format, '{') { unquoted(&all) } else { all }
}

/// As what the value in each of a format's places can do no harm, by what stands in front of it; `places` are
/// where they begin and end.
pub(super) fn led_in_each(format: &str, places: &[Range<usize>]) -> Vec<Kinds> {
    let mut before = String::new();
    let mut from = 0;
    let mut all = Vec::new();
    for place in places {
        before.push_str(format.get(from..place.start).unwrap_or_default());
        all.push(led(&before));
        before.push(FIXED);
        from = place.end;
    }
    all
}

/// As what the values in a format can do no harm, by what stands in front of them. `first`: the first of
/// them.
pub(super) fn led_by_format(format: &Value, first: Option<&Value>, mark: char) -> Kinds {
    let Some(text) = format.as_text() else { return Kinds::NONE };
    let keyed = if text.len() > 2 { KEYED } else { Kinds::NONE };
    keyed.or(led_by_text(text, first, mark))
}

/// Whether a format has one place only, and that in quotes.
pub(super) fn is_quoted_in(format: &Value, mark: char) -> bool {
    let mut parts = format.as_text().map(|text| text.split(mark)).into_iter().flatten();
    let front = parts.next().unwrap_or_default();
    parts.count() == 1 && is_in_quotes(front)
}

fn led_by_text(text: &str, first: Option<&Value>, mark: char) -> Kinds {
    let front = text.split(mark).next().unwrap_or_default();
    if !front.is_empty() {
        return led(front);
    }
    // What comes first is fixed, and what stands between it and the next is known.
    let fixed = first.is_some_and(Value::is_fixed);
    let end = if mark == '{' { '}' } else { 's' };
    let between = text.split_once(end).and_then(|(_, rest)| rest.split(mark).next());
    match between {
        Some(between) if fixed => led(&format!("{FIXED}{between}")),
        _ => Kinds::NONE,
    }
}

/// What was quoted for a shell is outside of quotes where it stands in others.
pub(super) fn unquoted(taint: &Taint) -> Taint {
    taint.map(|label| {
        // What can do no harm anywhere does none here.
        let quoted = label.safe.has(Kind::Command) && !label.safe.has(Kind::Sql);
        let undone = if quoted { Kinds::just(Kind::Command) } else { Kinds::NONE };
        Some(Label { safe: label.safe.without(undone), ..label.clone() })
    })
}

/// Whether what follows on a text stands in quotes.
pub(super) fn is_in_quotes(before: &str) -> bool {
    let mut open: Option<char> = None;
    let mut characters = before.chars();
    while let Some(c) = characters.next() {
        match (open, c) {
            (None | Some('"'), '\\') => {
                characters.next();
            }
            (None, '"' | '\'') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// Whether an address that begins like this leads where the source says, whatever follows.
fn is_pinned(before: &str) -> bool {
    // A page is no address: what makes a document of it fetches what it names.
    if before.trim_start().starts_with('<') {
        return false;
    }
    if let Some((_, rest)) = before.split_once("://") {
        return rest.contains(['/', '?', '#']);
    }
    if let Some(host) = before.strip_prefix("//") {
        return host.find(['/', '?', '#']).is_some_and(|end| end > 0);
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
        for open in
            ["", "/", "//", "https://", "https://example.com", "https://api.", "mailto:", "<p>"]
        {
            assert!(!is_pinned(open), "{open}");
        }
    }
}
