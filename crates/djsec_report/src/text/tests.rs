use djsec_base::{
    Certainty, FileKind, Files, Finding, Location, Notice, Outcome, Severity, Span, TextRange,
    TextSize,
};

use crate::sample::{self, DEBUG, KEY, RULES, file, span};
use crate::{Format, Options, Report, write};

fn render(outcome: &Outcome, files: &Files, options: Options<'_>) -> String {
    let mut out = Vec::new();
    let report = Report { outcome, files, rules: &RULES, options };
    write(&mut out, Format::Text, &report).unwrap();
    String::from_utf8(out).unwrap()
}

fn narrow(width: usize) -> Options<'static> {
    Options { width, ..Options::default() }
}

/// A report with one finding at bytes of a single file.
fn at(text: &str, range: std::ops::Range<u32>) -> String {
    let files = Files::new(vec![file("a.py", FileKind::Python, text)]);
    let range = TextRange::new(TextSize::new(range.start), TextSize::new(range.end));
    let place = Span::new(djsec_base::FileId(0), range);
    let mut outcome = Outcome::default();
    outcome.findings.push(Finding::new(&DEBUG, place.into(), "X", "here"));
    render(&outcome, &files, Options::default())
}

#[test]
fn a_whole_report_reads_well() {
    let files = sample::files();
    insta::assert_snapshot!(render(&sample::outcome(&files), &files, Options::default()));
}

#[test]
fn a_narrow_terminal_gets_short_lines() {
    let files = sample::files();
    let options = Options { verbose: true, ..narrow(60) };
    let text = render(&sample::incomplete(&files), &files, options);
    insta::assert_snapshot!(text);
}

#[test]
fn without_color_no_escape_is_written_and_with_it_only_styles_change() {
    let files = sample::files();
    let outcome = sample::outcome(&files);
    let plain = render(&outcome, &files, Options::default());
    assert!(!plain.contains('\u{1b}'));
    let mut colored = render(&outcome, &files, Options { color: true, ..Options::default() });
    assert!(colored.contains("\u{1b}["));
    while let Some(start) = colored.find("\u{1b}[") {
        let end = start + colored.get(start..).unwrap().find('m').unwrap();
        colored.replace_range(start..=end, "");
    }
    assert_eq!(colored, plain);
}

#[test]
fn links_point_at_files_under_the_root() {
    let files = sample::files();
    let root = Some(djsec_base::Utf8Path::new("/srv/my shop"));
    let options = Options { hyperlinks: true, root, ..Options::default() };
    let text = render(&sample::outcome(&files), &files, options);
    let link = "\u{1b}]8;;file:///srv/my%20shop/shop/settings/base.py\u{1b}\\shop/settings/base.py:6:50\u{1b}]8;;\u{1b}\\";
    assert!(text.contains(link), "{text:?}");
    let unlinked = render(&sample::outcome(&files), &files, Options { root, ..options_off() });
    assert!(!unlinked.contains("\u{1b}]8"));
}

fn options_off() -> Options<'static> {
    Options::default()
}

#[test]
fn an_incomplete_run_never_looks_clean() {
    let files = sample::files();
    let mut outcome = Outcome::default();
    outcome.notices.push(Notice::incomplete("file-too-large", "too large"));
    let text = render(&outcome, &files, Options::default());
    assert!(!text.contains("No finding"), "{text}");
    assert!(text.contains("Nothing found in what was looked at."));
    assert!(text.contains("The run is incomplete, see the notice above: exit status 3."));
}

#[test]
fn a_clean_run_says_what_was_checked() {
    let files = sample::files();
    let mut outcome = sample::outcome(&files);
    outcome.findings.clear();
    outcome.suppressed.clear();
    outcome.undecided.clear();
    outcome.notices.clear();
    let text = render(&outcome, &files, narrow(400));
    let end = text.split("SECRET_KEY\n\n").last().unwrap();
    insta::assert_snapshot!(end, @r"
    No findings.
    Checked 87 rules on 212 files (180 Python with 24,112 lines, 1 with syntax errors) against the settings
    shop.settings.production (what the deployment starts).
    No finding is medium or above (--fail-on medium): exit status 0.
    ");
}

#[test]
fn a_tree_without_a_project_says_so() {
    let text = render(&Outcome::default(), &Files::default(), Options::default());
    assert!(text.starts_with("No Django project was found"));
}

#[test]
fn a_secret_is_never_printed_whole() {
    let files = sample::files();
    for format in Format::all() {
        let mut out = Vec::new();
        let outcome = sample::outcome(&files);
        let options = Options { verbose: true, ..Options::default() };
        let report = Report { outcome: &outcome, files: &files, rules: &RULES, options };
        write(&mut out, *format, &report).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("k3Jq9vXz2LmN8pRt5WyB7cDf"), "{}", format.name());
        assert!(!text.contains("hunter2"), "{}", format.name());
        assert!(text.contains("k3Jq…"), "{}", format.name());
    }
}

#[test]
fn a_secret_in_the_middle_of_a_line_keeps_the_true_column() {
    let text = "x = f(SECRET_KEY='abcdefghijklmnopqrstuvwxyz', DEBUG=True)\n";
    let start = u32::try_from(text.find("DEBUG").unwrap()).unwrap();
    let shown = at(text, start..start + 5);
    assert!(shown.contains("a.py:1:48"), "{shown}");
    assert!(shown.contains("SECRET_KEY='abcd… (26 characters)', DEBUG=True"), "{shown}");
    let marked = shown.lines().find(|line| line.contains('^')).unwrap();
    let source = shown.lines().find(|line| line.contains("DEBUG=True")).unwrap();
    let column = source.split("DEBUG").next().unwrap().chars().count();
    assert_eq!(marked.find('^').unwrap(), column, "{shown}");
}

#[test]
fn places_outside_the_text_are_shown_as_far_as_possible() {
    assert!(at("a = 1\n", 400..500).contains("a.py:2:1"));
    assert!(at("a = 1", 3..500).contains("a.py:1:4"));
    assert!(at("", 0..0).contains("--> a.py"));
    assert!(at("\n\n\n", 1..2).contains("--> a.py"));
    assert!(at("ä = 1", 1..2).contains("a.py:1:1"));
}

#[test]
fn every_kind_of_line_end_and_tabs_and_wide_characters_are_shown() {
    let shown = at("a = 1\r\n\tb = '日本' + c\r\nd = 2\r", 21..22);
    assert!(shown.contains("2 |     b = '日本' + c\n"), "{shown}");
    assert!(!shown.contains('\r'));
    assert!(!shown.contains('\t'));
    let mac = at("a = 1\rb = 2\rc = 3", 6..11);
    assert!(mac.contains("2 | b = 2\n  | ^^^^^\n"), "{mac}");
}

#[test]
fn a_line_of_a_megabyte_is_cut_around_the_place() {
    let text = format!("{}DEBUG = True;{}", "x = 1; ".repeat(80_000), "y = 2; ".repeat(80_000));
    let shown = at(&text, 560_000..560_012);
    assert!(shown.len() < 3_000, "{}", shown.len());
    assert!(shown.contains("a.py:1:560001"), "{shown}");
    assert!(shown.contains("DEBUG = True;"), "{shown}");
    assert!(shown.contains("^^^^^^^^^^^^\n"), "{shown}");
}

#[test]
fn a_place_over_many_lines_is_cut_to_its_first() {
    let text = format!("A = [\n{}]\n", "    1,\n".repeat(5_000));
    let shown = at(&text, 0..30_000);
    assert!(shown.lines().count() < 20, "{shown}");
    assert!(shown.contains("A = ["));
}

#[test]
fn escapes_in_paths_sources_and_messages_do_not_reach_the_terminal() {
    let text = "DEBUG = True  # \u{1b}[2J\u{1b}]0;title\u{7} \u{202e}eurT\u{9b}31m\n";
    let path = "a\u{1b}[31m\u{202e}.py";
    let files = Files::new(vec![file(path, FileKind::Python, text)]);
    let mut outcome = Outcome::default();
    let place = span(&files, path, "DEBUG");
    let finding = Finding::new(&DEBUG, place.into(), "X", "bad \u{1b}[5m\nthing")
        .related(place.into(), "also\u{1b}[1m")
        .related(Location::Project, "\u{1b}c")
        .step(place.into(), "\u{1b}[8mfirst")
        .help("do \u{7} it");
    outcome.findings.push(finding);
    outcome.notices.push(Notice::info("x", "odd \u{1b}[2J").at(place));
    let shown = render(&outcome, &files, Options { verbose: true, ..Options::default() });
    let bad = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!shown.contains(bad), "{shown:?}");
    assert!(shown.contains("a␛[31m�.py:1:1"), "{shown}");
    assert!(shown.contains("bad ␛[5m thing"), "{shown}");
}

#[test]
fn long_traces_leave_their_middle_out_unless_asked() {
    let files = sample::files();
    let place = span(&files, "shop/settings/base.py", "DEBUG");
    let mut finding = Finding::new(&KEY, Location::Project, "X", "long");
    for number in 0..40 {
        finding = finding.step(place.into(), format!("step {number}"));
    }
    let mut outcome = Outcome::default();
    outcome.findings.push(finding);
    let short = render(&outcome, &files, Options::default());
    assert!(short.contains("28 steps (-v shows them)"), "{short}");
    assert!(short.contains("6. step 5") && short.contains("35. step 34"), "{short}");
    let long = render(&outcome, &files, Options { verbose: true, ..Options::default() });
    assert!(long.contains("20. step 19"), "{long}");
}

#[test]
fn the_exit_status_follows_the_threshold() {
    let files = sample::files();
    let outcome = sample::outcome(&files);
    let status = |fail_on, expected: &str, code| {
        let options = Options { fail_on, ..Options::default() };
        let report = Report { outcome: &outcome, files: &files, rules: &RULES, options };
        assert_eq!(report.exit_status(), code);
        let text = render(&outcome, &files, options);
        assert!(text.ends_with(expected), "{text}");
    };
    status(Severity::Critical, "1 finding is critical (--fail-on critical): exit status 1.\n", 1);
    status(Severity::Info, "4 findings are info or above (--fail-on info): exit status 1.\n", 1);
}

#[test]
fn findings_about_the_project_are_listed_with_its_settings() {
    let files = sample::files();
    let mut outcome = sample::outcome(&files);
    let mut finding = Finding::new(&DEBUG, Location::Project, "X", "the project is odd");
    finding.project = Some(0);
    outcome.findings = vec![finding];
    let text = render(&outcome, &files, Options::default());
    assert!(text.contains("── shop/settings/production.py"), "{text}");
    assert_eq!(super::certainty_words(Certainty::Stated), "as you stated");
}
