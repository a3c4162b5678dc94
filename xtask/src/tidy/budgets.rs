//! How long files may be, and how they may be named. Functions have clippy's `too_many_lines`.

use super::text::{bytes_as_text, tracked};

const RULE_FILE_LINES: usize = 250;
const FILE_LINES: usize = 600;

/// Files that may exceed their budget: path, lines granted, reason. Prefer splitting.
const EXCEPTIONS: [(&str, usize, &str); 0] = [];

/// Names that say nothing about what lives there; a function lives with the type it serves.
const VAGUE_NAMES: [&str; 6] = ["utils", "util", "helpers", "common", "misc", "manager"];

#[test]
fn no_file_exceeds_its_budget() {
    let mut found = Vec::new();
    for path in tracked().into_iter().filter(|path| is_rust(path)) {
        let lines = bytes_as_text(&path).lines().count();
        let budget = budget(&path);
        if lines > budget {
            found.push(format!("{path}: {lines} lines, budget {budget}"));
        }
    }
    assert!(found.is_empty(), "split these files:\n  {}", found.join("\n  "));
}

#[test]
fn exceptions_are_needed_and_have_a_reason() {
    for (path, granted, reason) in EXCEPTIONS {
        let lines = bytes_as_text(path).lines().count();
        assert!(granted > lines.saturating_sub(200), "{path} shrank; lower its exception");
        assert!(lines > ordinary_budget(path), "{path} no longer needs its exception");
        assert!(!reason.is_empty(), "{path} needs a reason");
    }
}

#[test]
fn modules_are_named_by_what_they_hold() {
    let vague = |path: &String| {
        let mut parts = path.trim_end_matches(".rs").split('/');
        is_rust(path) && parts.any(|part| VAGUE_NAMES.contains(&part))
    };
    let found: Vec<String> = tracked().into_iter().filter(vague).collect();
    assert!(found.is_empty(), "name these by what they hold:\n  {}", found.join("\n  "));
}

pub(super) fn is_rust(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

fn budget(path: &str) -> usize {
    let exception = EXCEPTIONS.iter().find(|(excepted, ..)| *excepted == path);
    exception.map_or_else(|| ordinary_budget(path), |(_, granted, _)| *granted)
}

/// Lists of rules are generated and grow by two lines a rule: they have no budget.
fn ordinary_budget(path: &str) -> usize {
    match path.strip_prefix(crate::registry::RULES) {
        Some(rest) if rest.ends_with("/mod.rs") => usize::MAX,
        Some(_) => RULE_FILE_LINES,
        None => FILE_LINES,
    }
}
