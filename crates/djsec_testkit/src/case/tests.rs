use djsec_base::{System, Utf8Path};

use super::Case;
use crate::project::BASE_IMPORT;

fn parse(text: &str) -> Case {
    Case::parse(text).expect("the case can be read")
}

/// The problems of a case, as `line: text`.
fn check_problems(text: &str, expected: &[&str]) {
    let problems = Case::parse(text).expect_err("the case cannot be read");
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, expected);
}

#[test]
fn a_case_has_a_title_files_marks_and_what_must_come_out() {
    let case = parse(
        "\
# Two modules

Production overrides it.

```python config/base.py
X = 1
DEBUG = True  # finding
```

```dockerfile Dockerfile
ENV A=1  # finding: other-rule
```

```snapshot
the report
```

```fixed config/base.py
DEBUG = False
```
",
    );
    assert_eq!(case.title, "Two modules");
    let files: Vec<_> = case.files.iter().map(|f| (f.path.as_str(), f.text.as_str())).collect();
    assert_eq!(files, [("config/base.py", "X = 1\nDEBUG = True\n"), ("Dockerfile", "ENV A=1\n")]);
    let marks: Vec<_> = case
        .marks()
        .map(|(file, mark)| (file.unwrap().path.as_str(), mark.line, mark.rule.as_deref()))
        .collect();
    assert_eq!(marks, [("config/base.py", 2, None), ("Dockerfile", 1, Some("other-rule"))]);
    assert_eq!(case.snapshot.unwrap().text, "the report\n");
    assert_eq!(case.fixed[0].path, "config/base.py");
}

#[test]
fn a_case_without_bare_settings_is_exactly_what_it_shows() {
    let case = parse("# T\n```python shop/settings.py\nA = 1\n```\n");
    assert_eq!(case.files[0].hidden_lines, 0);
    let mut seen = 0;
    case.system().walk(&mut |_| seen += 1);
    assert_eq!(seen, 1);
}

#[test]
fn bare_settings_stand_in_the_minimal_project_and_marks_keep_their_lines() {
    let case = parse("# T\n\n```python settings.py\nA = 1\nDEBUG = True  # finding\n```\n");
    let file = &case.files[0];
    assert_eq!(file.path, "shop/settings.py");
    assert_eq!(file.text, format!("{BASE_IMPORT}\nA = 1\nDEBUG = True\n"));
    assert_eq!(file.marks[0].line, 3, "the third line of the file that is audited");
    assert_eq!(file.line_in_case(3), Some(5), "the fifth of the case");
    assert_eq!(file.line_in_case(1), None, "the hidden line");
    let system = case.system();
    for path in ["manage.py", "requirements.txt", "shop/wsgi.py", "shop/base_settings.py"] {
        assert!(system.exists(Utf8Path::new(path)), "{path}");
    }
}

#[test]
fn settings_that_define_their_middleware_have_no_hidden_line() {
    let case = parse("# T\n```python settings.py\nMIDDLEWARE = []  # finding\n```\n");
    assert_eq!(case.files[0].hidden_lines, 0);
    assert_eq!(case.files[0].marks[0].line, 1);
}

#[test]
fn the_case_overrides_files_of_the_minimal_project() {
    let case = parse(
        "# T\n```python settings.py\n```\n```requirements requirements.txt\nDjango==4.2\n```\n",
    );
    let requirements = case.system().read(Utf8Path::new("requirements.txt")).unwrap();
    assert_eq!(requirements, b"Django==4.2\n");
}

#[test]
fn longer_fences_hold_shorter_ones() {
    let case = parse("# T\n````markdown a.md\n```python\nx\n```\n````\n");
    assert_eq!(case.files[0].text, "```python\nx\n```\n");
}

#[test]
fn prose_blocks_are_not_files() {
    let case =
        parse("# T\n```text\nsome text\n```\n```console\n$ ls\n```\n```env .env\nA=1\n```\n");
    assert_eq!(case.files.len(), 1);
}

#[test]
fn every_problem_is_reported_with_its_line() {
    check_problems(
        "No title\n```python\nx\n```\n```fixed\n```\n",
        &[
            "line 2: say where this file stands: `python path/to/file` (`text` is prose)",
            "line 5: say which file this is: `fixed path/to/file`",
            "line 1: a case begins with a `#` heading",
            "a case shows at least one file",
        ],
    );
    check_problems("# T\n```python a.py\nx\n", &["line 2: this block is never closed"]);
    check_problems(
        "# T\n```python a.py\n```\n```python a.py\n```\n```fixed b.py\n```\n",
        &["line 4: `a.py` is shown twice", "line 6: the case does not show `b.py`"],
    );
    check_problems(
        "# T\n```python a.py\n```\n```python ../b.py\n```\n",
        &["line 4: `../b.py` is not a plain path relative to the root"],
    );
    check_problems(
        "# T\n```python a.py\nok\nx  # finding somewhere\n```\n",
        &[
            "line 4: cannot read the mark `finding somewhere`; write `finding` or `finding: rule-id`",
            "a case shows at least one file",
        ],
    );
}
