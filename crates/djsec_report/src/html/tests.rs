use djsec_base::{FileKind, Files, Finding, Outcome};

use crate::sample::{self, DEBUG, RULES, file, span};
use crate::{Format, Options, Report, write};

fn render(outcome: &Outcome, files: &Files) -> String {
    let mut out = Vec::new();
    let report = Report { outcome, files, rules: &RULES, options: Options::default() };
    write(&mut out, Format::Html, &report).unwrap();
    String::from_utf8(out).unwrap()
}

/// The page without its style and script.
fn body(outcome: &Outcome, files: &Files) -> String {
    let page = render(outcome, files);
    let (_, body) = page.split_once("<main>").unwrap();
    body.split_once("<script>").unwrap().0.to_owned()
}

#[test]
fn a_whole_report_has_its_findings_their_places_and_what_was_left_out() {
    let files = sample::files();
    insta::assert_snapshot!(body(&sample::outcome(&files), &files));
}

#[test]
fn an_incomplete_run_says_so_before_anything_else() {
    let files = sample::files();
    let page = body(&sample::incomplete(&files), &files);
    let said = page.find("<strong>Incomplete:</strong>").unwrap();
    assert!(page.find("<article").is_none_or(|first| said < first), "{page}");
    assert!(!page.contains("No findings."));
}

#[test]
fn the_digests_in_the_policy_are_those_of_the_page() {
    let page = render(&Outcome::default(), &Files::new(Vec::new()));
    let style = concat!(include_str!("../page/base.css"), include_str!("report.css"));
    crate::page::digest::assert_named(&page, style, include_str!("report.js"));
}

#[test]
fn what_stands_in_the_tree_stays_text() {
    let source = "X = '</code></pre><script>alert(1)</script>'\n";
    let files = Files::new(vec![file("<img src=x>.py", FileKind::Python, source)]);
    let place = span(&files, "<img src=x>.py", "X");
    let mut outcome = Outcome::default();
    let finding = Finding::new(&DEBUG, place.into(), "X", "holds `<b>` & \"more\"")
        .step(place.into(), "<i>step</i>")
        .help("use `'</p>'`");
    outcome.findings.push(finding);
    let page = body(&outcome, &files);
    for tag in ["<script", "<img", "<b>", "<i>"] {
        assert!(!page.contains(tag), "{tag}: {page}");
    }
    assert!(page.contains("holds <code>&lt;b&gt;</code> &amp; &quot;more&quot;"), "{page}");
}

#[test]
fn secrets_are_never_printed_whole() {
    let files = sample::files();
    let page = render(&sample::outcome(&files), &files);
    assert!(!page.contains("k3Jq9vXz2LmN8pRt5WyB7cDf") && !page.contains("hunter2-hunter2"));
}

#[test]
fn marks_that_lie_above_each_other_are_cut_apart() {
    let files = Files::new(vec![file("a.py", FileKind::Python, "value = call(given)\n")]);
    let mut outcome = Outcome::default();
    let finding = Finding::new(&DEBUG, span(&files, "a.py", "call(given)").into(), "X", "here")
        .related(span(&files, "a.py", "given").into(), "from here");
    outcome.findings.push(finding);
    let page = body(&outcome, &files);
    let line = "value = <mark class=\"primary\">call(</mark><mark class=\"primary\">given</mark>\
                <mark class=\"primary\">)</mark>";
    assert!(page.contains(line), "{page}");
    assert!(page.contains("<span class=\"said context\">from here</span>"), "{page}");
}
