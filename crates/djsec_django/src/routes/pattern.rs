//! The parameters of a pattern.

use std::sync::Arc;

use super::{Parameter, Route, SegmentKind};

impl Route {
    /// The whole pattern as Django shows it, from the root: `orders/<int:pk>/`.
    pub fn pattern(&self) -> String {
        self.segments.iter().map(|segment| &*segment.text).collect()
    }

    /// The address for people: `/orders/<int:pk>/`, regexes reduced to the names of their groups.
    pub fn address(&self) -> String {
        let mut address = String::from("/");
        for segment in &self.segments {
            match segment.kind {
                SegmentKind::Regex => simplify(&segment.text, &mut address),
                SegmentKind::Path | SegmentKind::Locale => address.push_str(&segment.text),
            }
        }
        address
    }

    /// What the view is called with from the address, in order. Where a regex has named groups, its
    /// unnamed ones are not passed on, as in Django.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut all = Vec::new();
        for segment in &self.segments {
            match segment.kind {
                SegmentKind::Path => of_path(&segment.text, &mut all),
                SegmentKind::Regex => of_regex(&segment.text, &mut all),
                SegmentKind::Locale => {}
            }
        }
        if all.iter().any(|parameter| !parameter.name.is_empty()) {
            all.retain(|parameter| !parameter.name.is_empty());
        }
        all
    }

    /// The parameters that each of its addresses has: of a pattern, none where a part of it may be left out.
    pub fn surely_named(&self) -> Vec<Arc<str>> {
        let mut all = Vec::new();
        for segment in &self.segments {
            match segment.kind {
                SegmentKind::Path => of_path(&segment.text, &mut all),
                SegmentKind::Regex
                    if ![")?", ")*", "|"].iter().any(|or| segment.text.contains(or)) =>
                {
                    of_regex(&segment.text, &mut all);
                }
                SegmentKind::Regex | SegmentKind::Locale => {}
            }
        }
        all.retain(|parameter| !parameter.name.is_empty());
        all.into_iter().map(|parameter| parameter.name.into()).collect()
    }
}

/// `^orders/(?P<pk>\d+)/$` as `orders/<pk>/`.
fn simplify(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'^' | b'$' | b'?' | b'+' | b'*' => at += 1,
            b'\\' => {
                let escaped = text.get(at + 1..).and_then(|rest| rest.chars().next());
                match escaped {
                    Some('A' | 'Z' | 'b' | 'B') | None => {}
                    Some(class) if class.is_ascii_alphabetic() => out.push_str("<…>"),
                    Some(literal) => out.push(literal),
                }
                at += 1 + escaped.map_or(0, char::len_utf8);
            }
            b'(' => {
                let end = end_of_group(bytes, at);
                let inside = text.get(at + 1..end).unwrap_or_default();
                let named = inside.strip_prefix("?P<").and_then(|rest| rest.split_once('>'));
                match (named, inside.strip_prefix("?:")) {
                    (Some((name, _)), _) => out.extend(["<", name, ">"]),
                    (None, Some(inner)) => simplify(inner, out),
                    (None, None) if inside.starts_with('?') => {}
                    (None, None) => out.push_str("<…>"),
                }
                at = end + 1;
            }
            b'[' => {
                out.push_str("<…>");
                at = end_of_class(bytes, at);
            }
            _ => {
                let rest = text.get(at..).and_then(|rest| rest.chars().next());
                out.extend(rest);
                at += rest.map_or(1, char::len_utf8);
            }
        }
    }
}

/// `<int:pk>`, `<name>`.
fn of_path(text: &str, out: &mut Vec<Parameter>) {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((inside, after)) = after.split_once('>') else { return };
        let (converter, name) = inside.split_once(':').unwrap_or(("str", inside));
        out.push(Parameter { name: name.to_owned(), converter: converter.to_owned() });
        rest = after;
    }
}

/// `(?P<pk>\d+)`, `(\d+)`; groups in groups count as the outer one.
fn of_regex(text: &str, out: &mut Vec<Parameter>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'[' => at = end_of_class(bytes, at),
            b'(' => {
                let end = end_of_group(bytes, at);
                let inside = text.get(at + 1..end).unwrap_or_default();
                at = if group(inside, out) { end + 1 } else { at + 1 };
            }
            _ => at += 1,
        }
    }
}

/// Whether the group is a parameter; a group that only holds others together is looked into.
fn group(inside: &str, out: &mut Vec<Parameter>) -> bool {
    if let Some(named) = inside.strip_prefix("?P<") {
        if let Some((name, expression)) = named.split_once('>') {
            out.push(Parameter { name: name.to_owned(), converter: expression.to_owned() });
        }
        return true;
    }
    if inside.starts_with('?') {
        return false;
    }
    out.push(Parameter { name: String::new(), converter: inside.to_owned() });
    true
}

fn end_of_class(bytes: &[u8], start: usize) -> usize {
    // A bracket that comes first, or after `^`, stands for itself.
    let mut at = start + 1;
    if bytes.get(at) == Some(&b'^') {
        at += 1;
    }
    if bytes.get(at) == Some(&b']') {
        at += 1;
    }
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b']' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_group(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => at = end_of_class(bytes, at) - 1,
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{Parameter, of_path, of_regex, simplify};

    fn shown(parse: fn(&str, &mut Vec<Parameter>), text: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        parse(text, &mut out);
        out.into_iter().map(|parameter| (parameter.name, parameter.converter)).collect()
    }

    fn pair(name: &str, converter: &str) -> (String, String) {
        (name.to_owned(), converter.to_owned())
    }

    #[test]
    fn paths_name_converter_and_parameter() {
        let found = shown(of_path, "shops/<slug:shop>/orders/<int:pk>/<rest>");
        assert_eq!(found, [pair("shop", "slug"), pair("pk", "int"), pair("rest", "str")]);
        assert!(shown(of_path, "plain/<broken").is_empty());
    }

    #[test]
    fn regexes_give_their_groups_and_no_brackets_that_are_text() {
        let found = shown(of_regex, r"^(?P<year>\d{4})/(?:page-(\d+)/)?[(]x\)(?P<s>[^/)]+(a|b))$");
        assert_eq!(found, [pair("year", r"\d{4}"), pair("", r"\d+"), pair("s", r"[^/)]+(a|b)")]);
        assert_eq!(shown(of_regex, r"^[]()]+/(").len(), 1);
    }

    #[test]
    fn regexes_are_shown_by_the_names_of_their_groups() {
        let shown = |text: &str| {
            let mut out = String::new();
            simplify(text, &mut out);
            out
        };
        assert_eq!(shown(r"^orders/(?P<pk>\d+)/(?:page-(\d+)/)?$"), "orders/<pk>/page-<…>/");
        assert_eq!(shown(r"^files/[a-z]+\.txt\Z"), "files/<…>.txt");
        assert_eq!(shown("^été(?i)("), "été<…>");
    }
}
