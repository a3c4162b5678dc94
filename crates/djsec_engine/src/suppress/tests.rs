use std::sync::Arc;

use djsec_base::{File, FileKind, Files, Finding, Outcome};
use jiff::civil::date;

use super::comments::comments;
use crate::{
    Config, Depth,
    config::ConfigKind,
    discover, settle,
    testing::{DEBUG, HSTS, Tree, catalog, finding_at},
};

/// Settles a finding of `debug-enabled` at `needle` of a file, on 2026-11-21.
fn outcome(path: &str, text: &str, needle: &str) -> Outcome {
    let (found, notices) =
        discover(&Tree::of(&[(path, text)]), &Config::default(), Depth::Structure);
    // With its text, also where discovery leaves it unread.
    let file = found.iter().next().expect("one file").1;
    let file = File::new(path.into(), file.kind, file.role, Some(Arc::from(text)));
    let files = Files::new(vec![file]);
    let findings = vec![finding_at(&files, &DEBUG, path, needle)];
    settle(findings, notices, &files, &Config::default(), &catalog(), date(2026, 11, 21))
}

fn notices(outcome: &Outcome) -> Vec<&'static str> {
    outcome.notices.iter().map(|notice| notice.id).collect()
}

#[track_caller]
fn holds(path: &str, text: &str, needle: &str) {
    let outcome = outcome(path, text, needle);
    assert_eq!(outcome.suppressed.len(), 1, "{text}");
    assert!(outcome.notices.is_empty(), "{:?}", outcome.notices);
}

#[track_caller]
fn fails(path: &str, text: &str, needle: &str, notice: &[&str]) {
    let outcome = outcome(path, text, needle);
    assert_eq!(outcome.findings.len(), 1, "{text}");
    assert_eq!(notices(&outcome), notice, "{text}");
}

#[test]
fn a_comment_holds_on_its_line_and_alone_for_the_next() {
    holds("a.py", "DEBUG = True  # djsec: ignore[debug-enabled] local only\n", "DEBUG");
    holds("a.py", "# djsec: ignore[debug-enabled] local only\nDEBUG = True\n", "DEBUG");
    holds("a.py", "# djsec: ignore[debug-enabled] x\n# more words\nDEBUG = True\n", "DEBUG");
    holds(
        "a.py",
        "DEBUG = (\n  True\n)  # djsec: ignore[debug-enabled] x\n",
        "DEBUG = (\n  True\n)",
    );
    holds("a.py", "x = 1\nDEBUG = True  # noqa # djsec: ignore[debug-enabled] x\n", "DEBUG");
    holds("a.py", "# djsec: ignore-file[debug-enabled] a demo\n\n\n\nDEBUG = True\n", "DEBUG");
}

#[test]
fn a_comment_elsewhere_does_not_hold_and_is_unused() {
    fails(
        "a.py",
        "x = 1  # djsec: ignore[debug-enabled] x\nDEBUG = True\n",
        "DEBUG",
        &["suppression-unused"],
    );
    fails(
        "a.py",
        "# djsec: ignore[debug-enabled] x\n\nDEBUG = True\n",
        "DEBUG",
        &["suppression-unused"],
    );
}

#[test]
fn every_kind_of_file_has_its_own_comments() {
    holds("t/a.html", "{# djsec: ignore[debug-enabled] x #}\n{{ a|safe }}\n", "a|safe");
    holds("t/a.html", "{{ a|safe }} <!-- djsec: ignore[debug-enabled] x --> b\n", "a|safe");
    holds("Dockerfile", "# djsec: ignore[debug-enabled] x\nUSER root\n", "USER");
    holds("fly.toml", "a = 1 # djsec: ignore[debug-enabled] x\n", "a = 1");
    holds(".env", "# djsec: ignore[debug-enabled] x\nDEBUG=1\n", "DEBUG");
    fails("t/a.html", "{{ a|safe }} # djsec: ignore[debug-enabled] x\n", "a|safe", &[]);
}

#[test]
fn a_comment_in_a_python_string_is_no_comment() {
    for text in [
        "DEBUG = '# djsec: ignore[debug-enabled] x'\n",
        "DEBUG = \"\"\"\n# djsec: ignore[debug-enabled] x\n\"\"\"\n",
        "DEBUG = 'it\\'s # djsec: ignore[debug-enabled] x'\n",
    ] {
        fails("a.py", text, "DEBUG", &[]);
    }
}

#[test]
fn a_string_that_is_never_closed_ends_with_its_line() {
    holds("a.py", "x = 'broken\nDEBUG = True  # djsec: ignore[debug-enabled] x\n", "DEBUG");
}

#[test]
fn a_reason_is_required() {
    for comment in ["# djsec: ignore[debug-enabled]", "#djsec:ignore[debug-enabled]  : "] {
        let text = format!("DEBUG = True  {comment}\n");
        fails("a.py", &text, "DEBUG", &["suppression-without-reason"]);
    }
}

#[test]
fn an_exception_ends_after_its_day() {
    let with =
        |until: &str| format!("DEBUG = True  # djsec: ignore[debug-enabled until={until}] x\n");
    holds("a.py", &with("2026-11-21"), "DEBUG");
    fails("a.py", &with("2026-11-20"), "DEBUG", &["suppression-expired"]);
    fails("a.py", &with("soon"), "DEBUG", &["suppression-malformed"]);
}

#[test]
fn an_unknown_rule_is_named_with_its_place_and_the_others_still_hold() {
    let text = "DEBUG = True  # djsec: ignore[debug-enabeld, debug-enabled] x\n";
    let outcome = outcome("a.py", text, "DEBUG");
    assert_eq!(outcome.suppressed.len(), 1);
    assert_eq!(notices(&outcome), ["suppression-unknown-rule"]);
    assert_eq!(
        outcome.notices[0].message,
        "unknown rule 'debug-enabeld' (did you mean 'debug-enabled'?)"
    );
    let djsec_base::Location::Span(span) = outcome.notices[0].location.unwrap() else {
        panic!("the notice has a span");
    };
    assert_eq!(usize::from(span.range.start()), text.find("debug-enabeld").unwrap());
}

#[test]
fn a_djsec_comment_that_is_not_understood_is_said() {
    for comment in ["# djsec: ignore debug-enabled", "# djsec: allow[x] y", "# djsec: ignore[] y"] {
        let text = format!("DEBUG = True  {comment}\n");
        fails("a.py", &text, "DEBUG", &["suppression-malformed"]);
    }
}

#[test]
fn hostile_text_is_scanned_to_its_end() {
    for text in ["'\\", "\"\"\"", "# djsec:", "'''\\'''", "djsec: #", "{# djsec: ignore["] {
        for kind in [FileKind::Python, FileKind::Template, FileKind::Ini] {
            let _ = comments(kind, text);
        }
    }
}

/// Settles one finding of each of two rules under a config.
fn accepted(config: &str) -> Outcome {
    let tree = Tree::of(&[
        ("djsec.toml", config),
        ("shop/settings.py", "DEBUG = True\nHSTS = 0\n"),
        ("other.py", "DEBUG = True\n"),
    ]);
    let read = Config::read(config, ConfigKind::Djsec, "djsec.toml".into(), &catalog());
    let mut config = read.unwrap().unwrap();
    config.file = Some("djsec.toml".into());
    let (files, notices) = discover(&tree, &config, Depth::Structure);
    let findings: Vec<Finding> = vec![
        finding_at(&files, &DEBUG, "shop/settings.py", "DEBUG"),
        finding_at(&files, &HSTS, "shop/settings.py", "HSTS"),
        finding_at(&files, &DEBUG, "other.py", "DEBUG"),
    ];
    settle(findings, notices, &files, &config, &catalog(), date(2026, 11, 21))
}

#[test]
fn an_accept_entry_holds_for_its_rule_path_and_subject() {
    let entry = "[[accept]]\nrule = 'debug-enabled'\nreason = 'x'\n";
    assert_eq!(accepted(entry).suppressed.len(), 2);
    assert_eq!(accepted(&format!("{entry}path = 'shop/**'\n")).suppressed.len(), 1);
    assert_eq!(accepted(&format!("{entry}path = 'shop'\n")).suppressed.len(), 1);
    assert_eq!(accepted(&format!("{entry}subject = 'DEBUG'\n")).suppressed.len(), 2);
    let other = accepted(&format!("{entry}subject = 'TEMPLATES'\n"));
    assert!(other.suppressed.is_empty());
    assert_eq!(notices(&other), ["suppression-unused"]);
}

#[test]
fn an_expired_or_mistyped_accept_entry_is_said_with_its_place() {
    let expired =
        accepted("[[accept]]\nrule = 'debug-enabled'\nreason = 'x'\nuntil = 2026-11-20\n");
    assert_eq!(expired.findings.len(), 3);
    assert_eq!(notices(&expired), ["suppression-expired"]);
    assert!(expired.notices[0].location.is_some());
    let unknown = accepted("[[accept]]\nrule = 'debug'\nreason = 'x'\n");
    assert_eq!(notices(&unknown), ["suppression-unknown-rule"]);
}
