//! Version specifiers of PEP 440 and Poetry: the exact version or the lower bound that they name.

use std::str::FromStr;

use pep440_rs::Version;

use crate::Pin;

/// What a PEP 440 specifier says.
pub(crate) fn pep440(specifier: &str) -> Pin {
    let text = specifier.trim();
    if text.is_empty() || text == "*" {
        return Pin::Any;
    }
    let exact = text.strip_prefix("===").or_else(|| text.strip_prefix("=="));
    match exact.map(str::trim) {
        Some(version) if !version.contains([',', '*']) => Pin::Exact(version.to_owned()),
        _ => Pin::Specifier(text.to_owned()),
    }
}

/// What a Poetry or Pipfile constraint says; a bare version is exact.
pub(crate) fn poetry(constraint: &str) -> Pin {
    let text = constraint.trim();
    let bare =
        text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains([',', '*', ' ', '|']);
    if bare { Pin::Exact(text.to_owned()) } else { pep440(text) }
}

/// The lowest version that a specifier lets in, if it names one. `>5.1` counts as 5.1, because only
/// the series is asked for.
pub(crate) fn lower_bound(specifier: &str) -> Option<Version> {
    // Alternatives (`^4.2 || ^5.2`): the last is the newest in practice.
    let last = specifier.rsplit("||").next().unwrap_or(specifier);
    last.split([',', ' ']).filter_map(|part| clause(part.trim())).max()
}

fn clause(clause: &str) -> Option<Version> {
    let bound = ["===", "==", ">=", "~=", ">", "^", "~", "="]
        .iter()
        .find_map(|operator| clause.strip_prefix(operator));
    let bare = clause.starts_with(|c: char| c.is_ascii_digit()).then_some(clause);
    let version = bound.or(bare)?.trim().trim_end_matches(".*");
    Version::from_str(version).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(text: &str) -> Option<String> {
        lower_bound(text).map(|version| version.to_string())
    }

    #[test]
    fn lower_bounds_of_all_notations_are_found() {
        assert_eq!(bound(">=5.2,<6").as_deref(), Some("5.2"));
        assert_eq!(bound("~=5.2.1").as_deref(), Some("5.2.1"));
        assert_eq!(bound("^4.2 || ^5.2").as_deref(), Some("5.2"));
        assert_eq!(bound("==5.2.*").as_deref(), Some("5.2"));
        assert_eq!(bound("4.2.*").as_deref(), Some("4.2"));
        assert_eq!(bound("<6"), None);
        assert_eq!(bound("!=5.0"), None);
    }

    #[test]
    fn only_one_version_is_exact() {
        assert_eq!(pep440("== 5.2.3"), Pin::Exact("5.2.3".to_owned()));
        assert_eq!(pep440("==5.2.*"), Pin::Specifier("==5.2.*".to_owned()));
        assert_eq!(pep440(""), Pin::Any);
        assert_eq!(poetry("5.2.3"), Pin::Exact("5.2.3".to_owned()));
        assert_eq!(poetry("^5.2"), Pin::Specifier("^5.2".to_owned()));
        assert_eq!(poetry("*"), Pin::Any);
    }
}
