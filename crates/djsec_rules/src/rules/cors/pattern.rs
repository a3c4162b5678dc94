//! What else a pattern of origins matches, shown by an example that anybody can register.
//!
//! django-cors-headers applies each pattern with `re.match`: it must match from the beginning, but
//! need not reach the end.

use regex::Regex;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

/// An origin that the pattern should not match, but does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stranger {
    /// The origin.
    pub origin: String,
    /// What the pattern lacks.
    pub gap: Gap,
}

/// What a pattern lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Any limit: it matches every site.
    Everything,
    /// An end: more may follow the domain.
    End,
    /// A backslash before a dot, or a dot before the domain.
    Dot,
    /// A domain of its own: the names under it belong to many people.
    Shared,
}

/// An origin of somebody else that the pattern matches. `None` for a sound pattern, and for one that
/// cannot be read here (a look-around, say).
pub(super) fn stranger(pattern: &str) -> Option<Stranger> {
    let pattern = pattern.replace("\\Z", "\\z");
    let hir = regex_syntax::Parser::new().parse(&pattern).ok()?;
    let regex = Regex::new(&format!("\\A(?:{pattern})")).ok()?;
    let matches = |origin: &str| regex.is_match(origin);
    let found = |origin: String, gap: Gap| Some(Stranger { origin, gap });
    if matches("https://evil.test") && matches("https://another-site.example") {
        return found("https://evil.test".to_owned(), Gap::Everything);
    }
    for sample in samples(&hir) {
        let Some((scheme, host)) = host(&sample) else { continue };
        if !matches(&sample) {
            continue;
        }
        let longer = format!("{scheme}://{host}.evil.test");
        if matches(&longer) {
            return found(longer, Gap::End);
        }
        let Some(own) = psl::domain_str(host) else { continue };
        if let Some(origin) = shared(own).map(|suffix| format!("{scheme}://evil.{suffix}"))
            && matches(&origin)
        {
            return found(origin, Gap::Shared);
        }
        let foreign = |host: &String| {
            let known = psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known());
            known && psl::domain_str(host).is_some_and(|domain| domain != own)
        };
        let hosts = other_hosts(host, own);
        let mut origins =
            hosts.iter().filter(|host| foreign(host)).map(|h| format!("{scheme}://{h}"));
        if let Some(origin) = origins.find(|origin| matches(origin)) {
            return found(origin, Gap::Dot);
        }
    }
    None
}

/// The suffix under which anybody can get a name (`vercel.app`), unless it is a registry's own.
fn shared(domain: &str) -> Option<&str> {
    let suffix = psl::suffix(domain.as_bytes())?;
    let private = suffix.is_known() && suffix.typ() == Some(psl::Type::Private);
    let text = std::str::from_utf8(suffix.as_bytes()).ok()?;
    private.then_some(text)
}

/// Hosts that look like this one: a letter for one of its dots, and letters before its domain.
fn other_hosts(host: &str, own: &str) -> Vec<String> {
    let mut hosts = vec![format!("evil{own}"), format!("www.evil{own}")];
    for (at, _) in host.match_indices('.') {
        let (Some(before), Some(after)) = (host.get(..at), host.get(at + 1..)) else { continue };
        hosts.push(format!("{before}x{after}"));
    }
    hosts
}

/// Scheme and host of an origin, if it has a host of plain labels; the port is left out.
fn host(origin: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let host = rest.split([':', '/']).next()?;
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    (["http", "https"].contains(&scheme) && host.split('.').all(label)).then_some((scheme, host))
}

/// The most texts to try: patterns with many alternatives say the same of most of them.
const MOST: usize = 24;
/// The longest text to make.
const LONGEST: usize = 200;

/// Texts that a pattern matches: one per alternative, with optional parts and without.
fn samples(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8_lossy(&literal.0).into_owned()],
        HirKind::Class(class) => vec![one_of(class, true)],
        HirKind::Repetition(repetition) => {
            let inner = match repetition.sub.kind() {
                HirKind::Class(class) => vec![one_of(class, false)],
                _ => samples(&repetition.sub),
            };
            let times = usize::try_from(repetition.min).unwrap_or(LONGEST).clamp(1, 12);
            let none = (repetition.min == 0).then(String::new);
            none.into_iter().chain(inner.iter().map(|text| text.repeat(times))).collect()
        }
        HirKind::Capture(capture) => samples(&capture.sub),
        HirKind::Concat(parts) => {
            let mut texts = vec![String::new()];
            for part in parts {
                let endings = samples(part);
                texts = texts
                    .iter()
                    .flat_map(|text| endings.iter().map(move |ending| format!("{text}{ending}")))
                    .filter(|text| text.len() <= LONGEST)
                    .take(MOST)
                    .collect();
            }
            texts
        }
        HirKind::Alternation(parts) => parts.iter().flat_map(samples).take(MOST).collect(),
    }
}

/// A character of a class. A dot that stands alone most often means a dot; a repeated one, a name.
fn one_of(class: &Class, alone: bool) -> String {
    let has = |c: char| match class {
        Class::Unicode(class) => contains(class, c),
        Class::Bytes(class) => {
            u8::try_from(c).is_ok_and(|b| class.iter().any(|r| (r.start()..=r.end()).contains(&b)))
        }
    };
    let order: &[char] = if alone && has('a') { &['.', 'a'] } else { &['a', '1', '-', '.'] };
    let found = order.iter().copied().find(|c| has(*c));
    let first = match class {
        Class::Unicode(class) => class.iter().next().map(ClassUnicodeRange::start),
        Class::Bytes(class) => class.iter().next().map(|range| char::from(range.start())),
    };
    found.or(first).map(String::from).unwrap_or_default()
}

fn contains(class: &ClassUnicode, c: char) -> bool {
    class.iter().any(|range| (range.start()..=range.end()).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: Option<(&str, Gap)>) {
        let expected = expected.map(|(origin, gap)| Stranger { origin: origin.to_owned(), gap });
        assert_eq!(stranger(pattern), expected, "{pattern}");
    }

    #[test]
    fn sound_patterns_match_no_stranger() {
        for pattern in [
            r"^https://app\.example\.com$",
            r"^https://\w+\.example\.com$",
            r"^https?://([a-z0-9-]+\.)*example\.com(:\d+)?$",
            r"^https://.*\.example\.com$",
            r"^https://(app|www)\.example\.(com|org)$",
            r"https://example\.co\.uk\Z",
            r"^https://example.com$",
            r"^https://myteam-[a-z]+\.vercel\.app$",
            r"^http://localhost:\d+$",
            r"^https://example\.com:\d+",
        ] {
            check(pattern, None);
        }
    }

    #[test]
    fn a_missing_end_lets_any_domain_follow() {
        check(r"^https://\w+\.example\.com", Some(("https://a.example.com.evil.test", Gap::End)));
        check(r"https://example\.com.*", Some(("https://example.com.evil.test", Gap::End)));
        check(r"^http://localhost", Some(("http://localhost.evil.test", Gap::End)));
    }

    #[test]
    fn an_unescaped_dot_or_a_missing_one_matches_another_domain() {
        check(r"^https://api.example.com$", Some(("https://apixexample.com", Gap::Dot)));
        check(r"^https://.*example\.com$", Some(("https://evilexample.com", Gap::Dot)));
        check(r"^https://(.+)example\.co\.uk$", Some(("https://evilaexample.co.uk", Gap::Dot)));
    }

    #[test]
    fn a_pattern_over_a_shared_domain_matches_strangers() {
        check(r"^https://.*\.vercel\.app$", Some(("https://evil.vercel.app", Gap::Shared)));
        check(r"^https://[\w-]+\.github\.io$", Some(("https://evil.github.io", Gap::Shared)));
    }

    #[test]
    fn a_pattern_without_limits_matches_everything() {
        for pattern in [".*", r"^https?://.*$", r"^https://", r".+\..+", ""] {
            check(pattern, Some(("https://evil.test", Gap::Everything)));
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        check(r"^https://(?!evil).*\.example\.com", None);
        check(r"^https://(", None);
    }
}
