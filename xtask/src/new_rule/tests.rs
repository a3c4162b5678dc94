use super::{RULE, create};
use crate::registry::{self, RULES};
use crate::repository::scratch::Scratch;

#[test]
fn a_new_rule_has_its_file_its_case_and_its_entry() {
    let scratch = Scratch::new("new-rule");
    let written = create(&scratch.0, "settings", "debug-enabled").expect("created");
    assert_eq!(
        written,
        [
            "crates/djsec_rules/src/rules/settings/debug_enabled.rs",
            "crates/djsec_rules/cases/settings/debug-enabled/basic.md",
            "crates/djsec_rules/src/rules/mod.rs",
            "crates/djsec_rules/src/rules/settings/mod.rs",
        ]
    );
    let rule = scratch.text(&format!("{RULES}/settings/debug_enabled.rs"));
    assert!(rule.contains("id: \"debug-enabled\""), "{rule}");
    assert!(rule.contains("summary: \"debug enabled\""), "{rule}");
    let list = scratch.text(&format!("{RULES}/settings/mod.rs"));
    assert!(list.contains("&debug_enabled::RULE"), "{list}");
    let case = scratch.text("crates/djsec_rules/cases/settings/debug-enabled/basic.md");
    assert!(case.contains("# finding"), "{case}");
    registry::check(&scratch.0).expect("the lists are current");
}

#[test]
fn the_page_of_a_new_rule_has_the_headings_in_order() {
    let headings: Vec<&str> =
        RULE.lines().filter_map(|line| line.trim().strip_prefix("/// ## ")).collect();
    let expected = ["What it does", "Why it matters", "Flagged", "Not flagged", "How to fix"];
    assert_eq!(headings, expected);
}

#[test]
fn an_existing_rule_is_never_overwritten() {
    let scratch = Scratch::new("existing");
    create(&scratch.0, "settings", "debug-enabled").expect("created");
    let path = format!("{RULES}/settings/debug_enabled.rs");
    scratch.0.write(&path, "declare_rule! { mine }\n").expect("written");
    let message = create(&scratch.0, "settings", "debug-enabled").expect_err("it exists");
    assert!(message.contains("exists already"), "{message}");
    assert_eq!(scratch.text(&path), "declare_rule! { mine }\n");
}

#[test]
fn an_id_is_unique_across_groups() {
    let scratch = Scratch::new("unique");
    create(&scratch.0, "settings", "debug-enabled").expect("created");
    let message = create(&scratch.0, "deploy", "debug-enabled").expect_err("it is taken");
    assert!(message.contains("`settings`"), "{message}");
    assert_eq!(scratch.0.read(&format!("{RULES}/deploy/debug_enabled.rs")), Ok(None));
}

#[test]
fn bad_names_are_refused_before_anything_is_written() {
    let scratch = Scratch::new("names");
    for (group, id, reason) in [
        ("Settings", "debug-enabled", "snake_case"),
        ("settings", "debug_enabled", "kebab-case"),
        ("settings", "Debug", "kebab-case"),
        ("settings", "debug-", "kebab-case"),
        ("settings", "debug--on", "kebab-case"),
        ("settings", "../debug", "kebab-case"),
        ("settings", "no-debug", "name the defect"),
        ("settings", "use-https", "name the defect"),
    ] {
        let message = create(&scratch.0, group, id).expect_err(id);
        assert!(message.contains(reason), "{group} {id}: {message}");
    }
    assert_eq!(scratch.0.list(""), Ok(Vec::new()));
}
