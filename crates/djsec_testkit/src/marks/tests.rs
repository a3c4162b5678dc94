use super::{placeless, take};

/// The text without its marks, and the marks as `line` or `line:rule`.
fn check(text: &str, kept: &str, expected: &[&str]) {
    let (left, marks) = take(text, 1, 0).expect("the marks can be read");
    assert_eq!(left, kept);
    let marks: Vec<String> = marks
        .iter()
        .map(|mark| match &mark.rule {
            None => mark.line.to_string(),
            Some(rule) => format!("{}:{rule}", mark.line),
        })
        .collect();
    assert_eq!(marks, expected);
}

#[test]
fn a_mark_at_the_end_of_a_line_is_taken_out_in_every_language() {
    check("A = 1\nDEBUG = True  # finding\n", "A = 1\nDEBUG = True\n", &["2"]);
    check("ENV DEBUG=1 # finding\n", "ENV DEBUG=1\n", &["1"]);
    check("django==3.2  # finding\r\nx\r\n", "django==3.2\r\nx\r\n", &["1"]);
    check("{\"DEBUG\": true} # finding", "{\"DEBUG\": true}", &["1"]);
}

#[test]
fn a_mark_may_name_rules_and_the_same_rule_twice() {
    check("x = 1  # finding: a-b, c\n", "x = 1\n", &["1:a-b", "1:c"]);
    check("x = 1  # finding: a, a\n", "x = 1\n", &["1:a", "1:a"]);
}

#[test]
fn a_template_has_marks_anywhere_in_the_line() {
    check("<b>{{ x|safe }}</b>{# finding #}\n", "<b>{{ x|safe }}</b>\n", &["1"]);
    check("{# finding: a #}<form>{# finding #}</form>\n", "<form></form>\n", &["1:a", "1"]);
    check("{# a comment #}<p>\n", "{# a comment #}<p>\n", &[]);
}

#[test]
fn a_mark_alone_on_its_line_leaves_an_empty_line() {
    check("# finding\nx = 1\n", "\nx = 1\n", &["1"]);
}

#[test]
fn other_comments_and_strings_stay() {
    for text in [
        "x = 1  # findings are elsewhere\n",
        "x = '#finding'\n",
        "url = 'https://x/#finding'\n",
        "x = 1  # no finding\n",
        "trailing spaces   \n",
    ] {
        check(text, text, &[]);
    }
}

#[test]
fn a_comment_before_the_mark_stays() {
    check("x = 1  # why  # finding\n", "x = 1  # why\n", &["1"]);
}

#[test]
fn a_malformed_mark_is_an_error_at_its_line() {
    for text in ["x  # finding here\n", "x  # finding: \n", "x  # finding: a b\n"] {
        let problems = take(&format!("ok\n{text}"), 10, 0).expect_err(text);
        assert_eq!(problems.first().and_then(|problem| problem.line), Some(11), "{text}");
    }
}

#[test]
fn prose_expects_findings_without_a_place_by_a_comment() {
    assert_eq!(placeless("<!-- finding -->"), Ok(vec![None]));
    assert_eq!(placeless("<!-- finding: a -->"), Ok(vec![Some("a".to_owned())]));
    assert_eq!(placeless("<!-- a remark -->"), Ok(Vec::new()));
    assert_eq!(placeless("A finding is expected."), Ok(Vec::new()));
    assert!(placeless("<!-- finding somewhere -->").is_err());
}
