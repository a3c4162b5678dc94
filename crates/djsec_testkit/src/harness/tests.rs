use std::fs;

use djsec_base::{RuleMeta, Utf8PathBuf};

use super::{Mode, Options, Suite};
use crate::toy::{DEBUG, OTHER, Toy, copy};

const GOOD: &str = "# T\n```python settings.py\nDEBUG = True  # finding\n```\n";

/// A folder of cases, removed when it goes out of scope.
struct Cases(Utf8PathBuf);

impl Cases {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = format!("djsec-testkit-{}-{name}", std::process::id());
        let root = Utf8PathBuf::from_path_buf(std::env::temp_dir()).unwrap().join(folder);
        let cases = Self(root);
        for (path, text) in files {
            let path = cases.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        cases
    }

    fn run(&self, rules: &[&'static RuleMeta], options: &Options) -> (bool, String) {
        let suite = Suite::new(&Toy::NEW, rules.iter().copied(), &self.0);
        let mut out = Vec::new();
        let passed = suite.run(options, &mut out).unwrap();
        (passed, String::from_utf8(out).unwrap())
    }
}

impl Drop for Cases {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn options(arguments: &[&str]) -> Options {
    Options::parse(arguments.iter().map(|argument| (*argument).to_owned()))
}

#[test]
fn pages_and_cases_run_and_the_last_line_counts_them() {
    let cases = Cases::new("pass", &[("settings/debug-enabled/basic.md", GOOD)]);
    let (passed, out) = cases.run(&[&DEBUG], &options(&[]));
    assert!(passed, "{out}");
    assert_eq!(out, "\nrunning 2 pages and cases\n\n2 passed, 0 failed\n\n");
}

#[test]
fn a_failure_names_the_file_and_the_line() {
    let bad = GOOD.replace("True", "False");
    let cases = Cases::new("fail", &[("settings/debug-enabled/basic.md", &bad)]);
    let (passed, out) = cases.run(&[&DEBUG], &options(&[]));
    assert!(!passed);
    assert!(out.contains("FAILED settings/debug-enabled/basic\n"), "{out}");
    assert!(out.contains("debug-enabled/basic.md:3: expected a finding"), "{out}");
    assert!(out.ends_with("1 passed, 1 failed\n\n"), "{out}");
}

#[test]
fn a_crash_fails_its_case_and_the_others_still_run() {
    let crash = "# T\n```python a.py\ncrash\n```\n";
    let cases = Cases::new(
        "crash",
        &[("settings/debug-enabled/a.md", crash), ("settings/debug-enabled/b.md", GOOD)],
    );
    let (passed, out) = cases.run(&[&DEBUG], &options(&[]));
    assert!(!passed);
    assert!(out.contains("a.md: it panicked"), "{out}");
    assert!(out.ends_with("2 passed, 1 failed\n\n"), "{out}");
}

#[test]
fn filters_select_by_part_or_whole_of_the_name() {
    let cases = Cases::new(
        "filter",
        &[("settings/debug-enabled/a.md", GOOD), ("settings/debug-enabled/ab.md", GOOD)],
    );
    let count = |arguments: &[&str]| {
        let (_, out) = cases.run(&[&DEBUG], &options(arguments));
        out.lines().rev().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(count(&["enabled/a"]), "2 passed, 0 failed (1 filtered out)");
    let exact = ["settings/debug-enabled/a", "--exact", "--nocapture"];
    assert_eq!(count(&exact), "1 passed, 0 failed (2 filtered out)");
    assert_eq!(count(&["--skip", "page"]), "2 passed, 0 failed (1 filtered out)");
    assert_eq!(count(&["nothing-like-it"]), "0 passed, 0 failed (3 filtered out)");
    assert_eq!(count(&["--ignored"]), "0 passed, 0 failed (3 filtered out)");
}

#[test]
fn tests_can_be_listed() {
    let cases = Cases::new("list", &[("settings/debug-enabled/a.md", GOOD)]);
    let (_, out) = cases.run(&[&DEBUG], &options(&["--list", "--format", "terse"]));
    assert_eq!(out, "settings/debug-enabled/a: test\nsettings/debug-enabled/page: test\n");
}

#[test]
fn blessing_writes_outdated_blocks_but_hides_no_other_failure() {
    let outdated = format!("{GOOD}```snapshot\n```\n");
    let wrong = outdated.replace("True", "False");
    let cases = Cases::new(
        "bless",
        &[("settings/debug-enabled/a.md", &outdated), ("settings/debug-enabled/b.md", &wrong)],
    );
    let bless = Options { mode: Mode::Bless, ..Options::default() };
    let (passed, out) = cases.run(&[&DEBUG], &bless);
    assert!(!passed);
    assert!(out.contains("blessed settings/debug-enabled/a\n"), "{out}");
    assert!(out.contains("b.md:3: expected a finding"), "{out}");
    let written = fs::read_to_string(cases.0.join("settings/debug-enabled/a.md")).unwrap();
    assert!(written.contains("```snapshot\nshop/settings.py:2: debug mode is on\n```\n"));
    let again = cases.run(&[&DEBUG], &options(&["enabled/a"]));
    assert!(again.0, "{}", again.1);
}

#[test]
fn a_rule_without_a_case_and_a_case_without_a_rule_fail() {
    static PLAIN: RuleMeta = RuleMeta { docs: "", ..copy(&OTHER) };
    let cases = Cases::new("strays", &[("settings/gone/a.md", GOOD)]);
    let (passed, out) = cases.run(&[&PLAIN], &options(&[]));
    assert!(!passed);
    assert!(out.contains("there is no rule `gone` in the group `settings`"), "{out}");
    assert!(out.contains("add one in cases/settings/other-defect"), "{out}");
    assert!(out.contains("the page lacks `## What it does`"), "{out}");
}

#[test]
fn a_missing_folder_of_cases_fails() {
    let nowhere = Cases::new("nowhere", &[]);
    let (passed, out) = nowhere.run(&[], &options(&[]));
    assert!(!passed);
    assert!(out.contains("cannot list"), "{out}");
}
