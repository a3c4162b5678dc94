//! The names of settings that Django and well-known packages read, and what became of them.
//!
//! The facts come from the packages' sources (`data/settings-names.json`, written by
//! `cargo xtask record names`); renames and removals are collected by hand in
//! `tools/record/name_facts.py`. A name that is missing here may still be read by somebody: a rule
//! must also ask whether the project or an unknown package reads it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What is known about one name. All versions are those of `package`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NameFact {
    /// The package that reads the name, as it is called in requirements: `Django`, `django-csp`.
    pub package: String,
    /// A misspelling of the name could switch off a protection.
    #[serde(default)]
    pub security: bool,
    /// The first version that reads the name, where that is known and matters.
    pub since: Option<String>,
    /// The version that asks to replace the name, while still reading it.
    pub deprecated: Option<String>,
    /// The first version that does not read the name: from there on it has no effect.
    pub removed: Option<String>,
    /// The name that took its place.
    pub renamed_to: Option<String>,
    /// A sentence for the user.
    pub note: Option<String>,
}

/// The fact about `name`, when Django or a package known to us reads it or used to.
pub fn known(name: &str) -> Option<&'static NameFact> {
    names().settings.get(name)
}

/// The package under whose prefix any name is possible: `SOCIAL_AUTH_GITHUB_KEY` belongs to
/// social-auth, which makes up names at run time.
pub fn open_family(name: &str) -> Option<&'static str> {
    names()
        .open_families
        .iter()
        .find(|(prefix, _)| name.starts_with(&**prefix))
        .map(|(_, package)| &**package)
}

/// What to do instead, when guides show `name` although no package known to us reads it.
pub fn invented(name: &str) -> Option<&'static str> {
    names().invented.get(name).map(String::as_str)
}

/// The prefixes of the names that belong to `package`: `["CORS_"]` of django-cors-headers.
pub fn prefixes(package: &str) -> &'static [String] {
    names().packages.get(package).map_or(&[], |package| &package.prefixes)
}

/// The known security setting that `name` is most likely meant to be, with the number of edits
/// (insertion, deletion, replacement, swap of neighbours; the same words in another order are two).
///
/// `None` when `name` is known itself, or nothing is near enough to be a slip: one edit for short
/// names, two from 12 characters, three from 20.
pub fn nearest(name: &str) -> Option<(&'static str, usize)> {
    let names = names();
    if names.settings.contains_key(name) || open_family(name).is_some() {
        return None;
    }
    let allowed = allowed_edits(name.len());
    let letters = letters(name);
    let candidates = names.settings.iter().filter(|(known, fact)| {
        fact.security && known.len().abs_diff(name.len()) <= allowed && {
            // An edit adds and takes away at most one letter each.
            let differing = (self::letters(known) ^ letters).count_ones() as usize;
            differing <= 2 * allowed
        }
    });
    candidates
        .filter_map(|(known, _)| Some((edits_within(name, known, allowed)?, *known)))
        .min()
        .map(|(edits, known)| (known, edits))
}

fn allowed_edits(length: usize) -> usize {
    match length {
        0..6 => 0,
        6..12 => 1,
        12..20 => 2,
        _ => 3,
    }
}

/// Which letters a text has, one bit each; letters may share a bit.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |set, byte| set | 1 << (byte & 63))
}

fn edits_within(name: &str, known: &str, allowed: usize) -> Option<usize> {
    if allowed >= 2 && same_words(name, known) {
        return Some(2);
    }
    if allowed == 0 || name.len().abs_diff(known.len()) > allowed {
        return None;
    }
    Some(edit_distance(name.as_bytes(), known.as_bytes())).filter(|edits| *edits <= allowed)
}

fn same_words(a: &str, b: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let mut words: Vec<String> = name.split('_').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    a.len() == b.len() && a != b && words(a) == words(b)
}

/// Optimal string alignment: the rows of the usual table, two of them remembered for swaps.
fn edit_distance(a: &[u8], b: &[u8]) -> usize {
    let mut two_back: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    let mut before_a = None;
    for (i, &in_a) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut left = i + 1;
        let mut before_b = None;
        for (j, &in_b) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let replaced = cell(&previous, j) + usize::from(in_a != in_b);
            let mut best = replaced.min(cell(&previous, j + 1) + 1).min(left + 1);
            if before_a == Some(in_b) && before_b == Some(in_a) && j > 0 {
                best = best.min(cell(&two_back, j - 1) + 1);
            }
            row.push(best);
            left = best;
            before_b = Some(in_b);
        }
        two_back = std::mem::replace(&mut previous, row);
        before_a = Some(in_a);
    }
    previous.last().copied().unwrap_or(0)
}

/// What stands in `data/settings-names.json`.
#[derive(Default, Deserialize)]
struct Names {
    #[serde(borrow)]
    settings: BTreeMap<&'static str, NameFact>,
    invented: BTreeMap<String, String>,
    open_families: BTreeMap<String, String>,
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    prefixes: Vec<String>,
}

fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../data/settings-names.json")).unwrap_or_default()
    });
    &NAMES
}

#[cfg(test)]
mod tests;
