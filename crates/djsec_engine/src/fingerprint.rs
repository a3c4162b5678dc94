//! Names a finding so that it stays the same when lines move.

use std::collections::BTreeMap;

use djsec_base::{Files, Finding, Location};
use xxhash_rust::xxh3::xxh3_128;

/// Sets the fingerprint of every finding; they must be in their final order.
///
/// It is made of the rule, the path, the subject, the first line of the place without its
/// whitespace, and a count of findings that are equal in all of these. Lines above may come and
/// go, and the file may be indented anew.
pub(crate) fn set_fingerprints(findings: &mut [Finding], files: &Files) {
    let mut seen: BTreeMap<u128, u32> = BTreeMap::new();
    for finding in findings {
        let base = identity(finding, files);
        let count = seen.entry(xxh3_128(base.as_bytes())).or_default();
        let whole = format!("{base}\0{count}");
        *count += 1;
        finding.fingerprint = format!("{:032x}", xxh3_128(whole.as_bytes()));
    }
}

fn identity(finding: &Finding, files: &Files) -> String {
    let (path, line) = match finding.primary {
        Location::Span(span) => (files.path(span.file).as_str(), first_line(span, files)),
        Location::File(file) => (files.path(file).as_str(), String::new()),
        Location::Project => ("", String::new()),
    };
    [finding.rule.id, path, &finding.subject, &line].join("\0")
}

fn first_line(span: djsec_base::Span, files: &Files) -> String {
    let Some(file) = files.file(span.file) else { return String::new() };
    let line = files.line_col(span).line;
    let range = file.lines().line_range(line, file.text());
    let text = file.text().get(std::ops::Range::<usize>::from(range)).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use djsec_base::{Files, Finding};

    use super::set_fingerprints;
    use crate::{
        Config, Depth, discover,
        testing::{DEBUG, Tree, finding_at},
    };

    fn fingerprints(text: &str, needles: &[&str]) -> Vec<String> {
        let tree = Tree::of(&[("settings.py", text)]);
        let (files, _): (Files, _) = discover(&tree, &Config::default(), Depth::Structure);
        let mut findings: Vec<Finding> = needles
            .iter()
            .map(|needle| finding_at(&files, &DEBUG, "settings.py", needle))
            .collect();
        set_fingerprints(&mut findings, &files);
        findings.into_iter().map(|finding| finding.fingerprint).collect()
    }

    #[test]
    fn a_fingerprint_survives_moved_and_reindented_lines() {
        let before = fingerprints("DEBUG = True\n", &["DEBUG"]);
        assert_eq!(before, fingerprints("import os\n\n\n  DEBUG =  True\n", &["DEBUG"]));
        assert_eq!(before[0].len(), 32);
    }

    #[test]
    fn a_fingerprint_changes_with_the_line() {
        assert_ne!(
            fingerprints("DEBUG = True\n", &["DEBUG"]),
            fingerprints("DEBUG = 1\n", &["DEBUG"])
        );
    }

    #[test]
    fn equal_findings_are_told_apart_by_their_order() {
        let both = fingerprints("DEBUG = True\n", &["DEBUG", "DEBUG"]);
        assert_ne!(both[0], both[1]);
    }
}
