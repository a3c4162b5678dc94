//! Addresses that a route answers, to see what a check that looks at addresses says of it.

use regex_syntax::hir::{Class, Hir, HirKind};

use djsec_python::worlds::without_unknown;

use crate::routes::{Route, Segment, SegmentKind};

/// Repetitions and alternatives are taken this deep.
const DEEPEST: u8 = 24;

/// What a check may know of a route's address.
#[derive(Debug, Clone, Default)]
pub(super) struct Address {
    /// Addresses that it answers, with the slash in front; none where its pattern is not known.
    pub(super) paths: Vec<String>,
    /// Its name, and its name with those of the namespaces.
    pub(super) name: Option<String>,
    pub(super) full_name: Option<String>,
}

impl Address {
    pub(super) fn of(route: &Route) -> Self {
        let paths = [false, true].map(|other| path(&route.segments, other));
        let name = route.name.as_ref().map(ToString::to_string);
        let full_name = name.as_ref().map(|name| {
            let spaces = route.namespaces.iter().map(|space| format!("{space}:"));
            spaces.collect::<String>() + name
        });
        let known = paths.iter().all(Option::is_some);
        let paths = if known { paths.into_iter().flatten().collect() } else { Vec::new() };
        Self { paths, name, full_name }
    }
}

/// One of two addresses, which differ wherever the pattern lets them.
fn path(segments: &[Segment], other: bool) -> Option<String> {
    let mut out = String::from("/");
    for segment in segments {
        // What is not known of an address is nearly always a prefix that is empty unless somebody sets
        // it, and tables of addresses have it, too.
        let text = without_unknown(&segment.text);
        match segment.kind {
            SegmentKind::Locale => out.push_str("en/"),
            SegmentKind::Path => plain(&text, other, &mut out)?,
            SegmentKind::Regex => {
                let text = text.replace("\\Z", "\\z");
                matching(&regex_syntax::parse(&text).ok()?, other, 0, &mut out)?;
            }
        }
    }
    Some(out)
}

/// The text of `path()` with values for its parameters.
fn plain(text: &str, other: bool, out: &mut String) -> Option<()> {
    if text.contains('{') {
        return None;
    }
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (parameter, after) = after.split_once('>')?;
        out.push_str(before);
        let converter = parameter.split_once(':').map_or("str", |(converter, _)| converter);
        out.push_str(match (converter, other) {
            ("int", false) => "1",
            ("int", true) => "27",
            ("uuid", false) => "075194d3-6885-417e-a8a8-6c931e272f00",
            ("uuid", true) => "175194d3-6885-417e-a8a8-6c931e272f01",
            ("path", true) => "x/y",
            (_, false) => "a",
            (_, true) => "z-9",
        });
        rest = after;
    }
    out.push_str(rest);
    Some(())
}

/// A text that a pattern matches.
fn matching(hir: &Hir, other: bool, depth: u8, out: &mut String) -> Option<()> {
    if depth > DEEPEST || out.len() > 2_000 {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => out.push(member(class, other)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let least = repetition.min.max(u32::from(repetition.min == 0 && other));
            for _ in 0..least.min(most).min(64) {
                matching(&repetition.sub, other, depth + 1, out)?;
            }
        }
        HirKind::Capture(capture) => matching(&capture.sub, other, depth + 1, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                matching(part, other, depth + 1, out)?;
            }
        }
        HirKind::Alternation(parts) => {
            let part = if other { parts.last() } else { parts.first() };
            matching(part?, other, depth + 1, out)?;
        }
    }
    Some(())
}

/// A letter or digit of a class, or what it has.
fn member(class: &Class, other: bool) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let has = |wanted: &char| class.ranges().iter().any(|r| (r.start()..=r.end()).contains(wanted));
    let usual: &[char] = if other { &['9', 'z', 'Z', '-'] } else { &['1', 'a', 'A', '_'] };
    let found = usual.iter().find(|c| has(c)).copied();
    found.or_else(|| class.ranges().first().map(regex_syntax::hir::ClassUnicodeRange::start))
}
