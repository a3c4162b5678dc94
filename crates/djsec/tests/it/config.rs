//! The config file, where it is found, and what stands in it.

use insta::assert_snapshot;

use crate::{Project, notices};

#[test]
fn every_mistake_of_a_config_is_named_with_its_place() {
    let project = Project::new(&[(
        "djsec.toml",
        "slect = ['x']\nfail-on = 'hihg'\n\n[[accept]]\nrule = 'debug-enabled'\n",
    )]);
    let ran = project.run(&["check"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert_snapshot!(ran.stderr, @r"
    error: djsec.toml:1:1: unknown key 'slect' (did you mean 'select'?)
    error: djsec.toml:2:11: 'fail-on' must be one of info, low, medium, high, critical, not 'hihg' (did you mean 'high'?)
    error: djsec.toml:4:1: this [[accept]] entry has no 'reason': say why the finding is accepted
     hint: docs/configuration.md describes every key; --no-config runs without the file
    ");
    assert_eq!(project.run(&["check", "--no-config"]).status, 0);
}

#[test]
fn toml_that_does_not_parse_says_where() {
    let project = Project::new(&[("djsec.toml", "env = {\n\n]\n")]);
    let ran = project.run(&["check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.starts_with("error: djsec.toml:"), "{}", ran.stderr);
}

#[test]
fn the_config_is_djsec_toml_then_pyproject_then_what_the_option_says() {
    let project = Project::new(&[
        ("pyproject.toml", "[tool.djsec]\nfail-on = 'pyproject'\n"),
        ("other/djsec.toml", "fail-on = 'other'\n"),
    ]);
    let says = |arguments: &[&str]| project.run(&[&["check"], arguments].concat()).stderr;
    assert!(says(&[]).contains("pyproject.toml:2:11: 'fail-on'"));
    assert!(says(&["--config", "other/djsec.toml"]).contains("not 'other'"));
    project.write("djsec.toml", b"fail-on = 'first'\n");
    assert!(says(&[]).contains("not 'first'"));
    assert!(says(&["--config", "missing.toml"]).contains("there is no 'missing.toml'"));
    project.write("plain/pyproject.toml", b"[project]\n");
    assert!(says(&["--config", "plain/pyproject.toml"]).contains("has no [tool.djsec]"));
}

#[test]
fn excluded_folders_are_not_looked_at() {
    let project = Project::new(&[
        ("djsec.toml", "exclude = ['legacy']\n"),
        ("legacy/a.py", "# djsec: ?\n"),
        ("app/legacy/b.py", "# djsec: ?\n"),
    ]);
    let (_, report) = project.json(&[]);
    assert_eq!(notices(&report), ["no-python"]);
}

#[test]
fn files_that_the_config_names_must_exist() {
    let project = Project::new(&[("shop/djsec.toml", "env-file = '.env.prod'\n")]);
    let ran = project.run(&["check", "shop"]);
    assert_snapshot!(ran.stderr, @"error: there is no 'shop/.env.prod'");
    project.write("shop/.env.prod", b"DEBUG=0\n");
    assert_eq!(project.run(&["check", "shop"]).status, 0);
    let ran = project.run(&["check", "shop", "--env-file", "nope.env"]);
    assert_snapshot!(ran.stderr, @"error: there is no 'nope.env'");
}

#[test]
fn a_baseline_is_written_and_read_again() {
    let project = Project::new(&[("shop.py", "")]);
    let ran = project.run(&["check", "--write-baseline", "baseline.json"]);
    assert_eq!(ran.status, 0);
    assert_snapshot!(ran.stderr, @"0 findings written to baseline.json; `djsec check --baseline baseline.json` counts only new ones");
    assert_eq!(project.run(&["check", "--baseline", "baseline.json"]).status, 0);

    project.write(
        "old.json",
        br#"{"format": "djsec-baseline-1", "findings": [{"fingerprint": "00"}]}"#,
    );
    let (status, report) = project.json(&["--baseline", "old.json"]);
    assert_eq!((status, notices(&report)), (0, vec!["baseline-fixed"]));
}

#[test]
fn a_baseline_that_cannot_be_used_is_an_error() {
    let project = Project::new(&[("broken.json", "{\n"), ("foreign.json", "{\"format\": \"x\"}")]);
    let says = |file| project.run(&["check", "--baseline", file]).stderr;
    assert_snapshot!(says("missing.json"), @r"
    error: there is no 'missing.json'
     hint: `djsec check --write-baseline missing.json` writes one
    ");
    assert!(
        says("broken.json")
            .starts_with("error: 'broken.json' is no baseline: broken.json:2:0: EOF"),
        "{}",
        says("broken.json")
    );
    assert!(says("foreign.json").contains("not a baseline"), "{}", says("foreign.json"));
}

#[test]
fn broken_suppressions_are_notices_with_their_place() {
    let project = Project::new(&[
        ("a.py", "x = 1  # djsec: ignore[no-such-rule] because\n"),
        ("b.py", "x = 1  # djsec: ignore[no-such-rule]\n"),
        ("c.py", "x = '# djsec: ignore'\n"),
        ("djsec.toml", "[[accept]]\nrule = 'no-such-rule'\nreason = 'because'\n"),
    ]);
    let (status, report) = project.json(&[]);
    assert_eq!(status, 0);
    assert_eq!(
        notices(&report),
        ["suppression-unknown-rule", "suppression-unknown-rule", "suppression-without-reason"]
    );
    let text = project.run(&["check"]).stdout;
    assert!(text.contains("--> a.py:1"), "{text}");
    assert!(text.contains("--> djsec.toml:1"), "{text}");
}
