use super::{Verdict, check_case};
use crate::case::Case;
use crate::toy::Toy;

fn verdict(case: &str, toy: &Toy) -> Verdict {
    check_case(&Case::parse(case).expect("the case can be read"), "debug-enabled", toy)
}

/// The problems of a case under the toy auditor.
fn check(case: &str, expected: &[&str]) {
    let problems = verdict(case, &Toy::NEW).into_problems();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, expected);
}

#[test]
fn marked_lines_are_found_and_the_rest_is_silent() {
    check("# T\n```python a.py\nX = 1\nDEBUG = True  # finding\n```\n", &[]);
    check("# T\n```python a.py\nX = 1\n```\n", &[]);
    check("# T\n```python settings.py\nDEBUG = True  # finding\n```\n", &[]);
}

#[test]
fn a_mark_without_a_finding_fails() {
    check(
        "# T\n```python settings.py\nDEBUG = False  # finding\n```\n",
        &[
            "line 3: expected a finding of `debug-enabled`, found 0 in shop/settings.py:1: DEBUG = False",
        ],
    );
}

#[test]
fn a_finding_without_a_mark_fails() {
    check(
        "# T\n```python a.py\nX = 1\nDEBUG = True\n```\n",
        &[
            "line 4: expected no finding of `debug-enabled`, found 1 in a.py:2: DEBUG = True\n  debug mode is on",
        ],
    );
}

#[test]
fn a_mark_on_the_wrong_line_fails_twice() {
    let case = "# T\n```python a.py\nX = 1  # finding\nDEBUG = True\n```\n";
    assert_eq!(verdict(case, &Toy::NEW).problems.len(), 2);
}

#[test]
fn two_findings_need_two_marks() {
    let line = "DEBUG = True; DEBUG = True";
    let one = format!("# T\n```python a.py\n{line}  # finding\n```\n");
    assert_eq!(verdict(&one, &Toy::NEW).problems.len(), 1);
    let two =
        format!("# T\n```python a.py\n{line}  # finding: debug-enabled, debug-enabled\n```\n");
    check(&two, &[]);
}

#[test]
fn another_rule_is_asked_only_for_what_is_marked() {
    check("# T\n```python a.py\nother defect\n```\n", &[]);
    check("# T\n```python a.py\nother defect  # finding: other-defect\n```\n", &[]);
    let case = "# T\n```python a.py\nnothing  # finding: other-defect\n```\n";
    assert_eq!(verdict(case, &Toy::NEW).problems.len(), 1);
}

#[test]
fn a_finding_about_a_file_belongs_to_its_first_shown_line() {
    check("# T\n```python settings.py\nX = 1  # finding\n# insecure file\n```\n", &[]);
    check("# T\n```text a.txt\nx  # finding\ninsecure file\n```\n", &[]);
}

#[test]
fn a_finding_without_a_place_is_expected_by_a_comment() {
    check("# T\n\n<!-- finding -->\n\n```text insecure-project\n```\n", &[]);
    check(
        "# T\n```text insecure-project\n```\n",
        &["expected no finding of `debug-enabled`, found 1 (without a place)\n  debug mode is on"],
    );
}

#[test]
fn an_incomplete_audit_fails() {
    check(
        "# T\n```text a.txt\ntoo large\n```\n",
        &["the audit was incomplete: a file is too large (file-too-large)"],
    );
}

const SNAPSHOT: &str = "\
# T

```python a.py
DEBUG = True  # finding
```

```snapshot
```

```fixed a.py
DEBUG = maybe
```

The end.
";

#[test]
fn outdated_blocks_fail_with_a_difference_and_are_blessed() {
    let first = verdict(SNAPSHOT, &Toy::NEW);
    assert!(first.problems.is_empty());
    assert_eq!(first.outdated.len(), 2);
    let text = &first.outdated.iter().find(|block| block.text == "DEBUG = False\n").unwrap();
    assert!(text.problem.text.contains("-DEBUG = maybe\n+DEBUG = False"), "{text:?}");

    let blessed = first.bless(SNAPSHOT);
    assert!(blessed.contains("```snapshot\na.py:1: debug mode is on\n```\n"), "{blessed}");
    assert!(blessed.contains("```fixed a.py\nDEBUG = False\n```\n\nThe end.\n"), "{blessed}");
    check(&blessed, &[]);
    assert_eq!(verdict(&blessed, &Toy::NEW).bless(&blessed), blessed, "blessing is stable");
}

#[test]
fn the_fixed_file_leaves_the_hidden_line_out() {
    check(
        "# T\n```python settings.py\nDEBUG = True  # finding\n```\n```fixed settings.py\nDEBUG = False\n```\n",
        &[],
    );
}

#[test]
fn a_fix_that_keeps_the_finding_or_breaks_the_syntax_fails() {
    let case = "# T\n```python a.py\nDEBUG = True  # finding\n```\n";
    let problems = |replacement| {
        let problems = verdict(case, &Toy { replacement }).problems;
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        problems("True or False"),
        ["line 3: after the fix \"Turn it off\" the finding is still there"]
    );
    assert_eq!(problems("((("), ["line 3: the fix \"Turn it off\" leaves a syntax error behind"]);
}
