//! Applies the fixes of findings to a tree in memory.

use std::collections::BTreeMap;

use djsec_base::{Applicability, Edit, FileId, Files, Finding};

use crate::memory::MemorySystem;

/// The texts of the files that the fixes of these findings change. A fix that overlaps one before
/// it is left out as a whole; one that is only shown is never applied.
pub(crate) fn apply<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    files: &Files,
) -> BTreeMap<FileId, String> {
    let mut accepted: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    let fixes = findings.into_iter().filter_map(|finding| finding.fix.as_ref());
    for fix in fixes.filter(|fix| fix.applicability != Applicability::DisplayOnly) {
        let taken =
            |edit: &Edit| accepted.get(&edit.span.file).map(Vec::as_slice).unwrap_or_default();
        let free = |edit: &&Edit| !taken(edit).contains(edit);
        let new: Vec<&Edit> = fix.edits.iter().filter(free).collect();
        let overlaps = new.iter().any(|edit| taken(edit).iter().any(|other| overlap(edit, other)));
        if !overlaps {
            for edit in new {
                accepted.entry(edit.span.file).or_default().push(edit);
            }
        }
    }
    accepted.into_iter().map(|(file, edits)| (file, edited(files.text(file), edits))).collect()
}

/// The tree with the changed texts.
pub(crate) fn patched(
    system: &MemorySystem,
    files: &Files,
    changed: &BTreeMap<FileId, String>,
) -> MemorySystem {
    changed
        .iter()
        .fold(system.clone(), |system, (file, text)| system.with(files.path(*file), text.as_str()))
}

/// Two insertions at one place overlap: their order would be an accident.
fn overlap(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span.range, b.span.range);
    a == b || (a.start() < b.end() && b.start() < a.end())
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| edit.span.range.start());
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.span.range.start().into()).unwrap_or_default());
        result.push_str(&edit.text);
        at = edit.span.range.end().into();
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests;
