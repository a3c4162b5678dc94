use djsec_base::{Edit, File, FileId, FileKind, Files, Finding, Fix, Location, Role};

use super::apply;
use crate::toy::{DEBUG, edit};

/// Applies fixes, each given by its edits, to one file.
fn check(text: &str, fixes: Vec<Vec<Edit>>, expected: &str) {
    let file = File::new("a.py".into(), FileKind::Python, Role::Application, Some(text.into()));
    let files = Files::new(vec![file]);
    let findings: Vec<Finding> = fixes.into_iter().map(|edits| with_fix(edits, false)).collect();
    let changed = apply(&findings, &files);
    assert_eq!(changed.get(&FileId(0)).map_or(text, String::as_str), expected);
}

fn with_fix(edits: Vec<Edit>, only_shown: bool) -> Finding {
    let span = edits[0].span;
    let fix = if only_shown {
        Fix::display_replace("t", span, "")
    } else {
        Fix::unsafe_replace("t", span, "")
    };
    Finding::new(&DEBUG, Location::Project, "s", "m").fix(Fix { edits, ..fix })
}

#[test]
fn edits_apply_in_order_of_their_places() {
    check("abcdef", vec![vec![edit(0, 4, 5, "E")], vec![edit(0, 0, 1, "A")]], "AbcdEf");
    check("abc", vec![vec![edit(0, 3, 3, "!")], vec![edit(0, 0, 0, ">")]], ">abc!");
}

#[test]
fn a_fix_that_overlaps_an_earlier_one_is_left_out_as_a_whole() {
    let late = vec![edit(0, 1, 3, "X"), edit(0, 5, 6, "F")];
    check("abcdef", vec![vec![edit(0, 0, 2, "AB")], late], "ABcdef");
}

#[test]
fn two_findings_may_share_a_fix() {
    check("abc", vec![vec![edit(0, 0, 1, "A")], vec![edit(0, 0, 1, "A")]], "Abc");
}

#[test]
fn a_fix_that_is_only_shown_is_not_applied() {
    let files = Files::new(Vec::new());
    let findings = [with_fix(vec![edit(0, 0, 1, "A")], true)];
    assert!(apply(&findings, &files).is_empty());
}
