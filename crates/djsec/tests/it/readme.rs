//! What the README shows must be so.

use super::Project;

const README: &str = include_str!("../../../../README.md");

fn blocks(language: &str) -> impl Iterator<Item = &'static str> + '_ {
    README.split("\n```").filter_map(move |block| block.strip_prefix(language)?.strip_prefix('\n'))
}

#[test]
fn every_config_it_shows_is_valid() {
    let mut seen = 0;
    for config in blocks("toml") {
        let project = Project::new(&[("djsec.toml", config)]);
        let ran = project.run(&["check", "--no-progress"]);
        assert_ne!(ran.status, 2, "{}", ran.stderr);
        seen += 1;
    }
    assert_eq!(seen, 1);
}

#[test]
fn every_option_it_names_exists() {
    let help: String = ["check", "settings", "routes", "csp", "explain", "rules"]
        .iter()
        .map(|command| Project::new(&[]).run(&[command, "--help"]).stdout)
        .collect();
    let options = README.split("`--").skip(1).filter_map(|rest| rest.split(['`', ' ']).next());
    let mut seen = 0;
    for option in options {
        assert!(help.contains(&format!("--{option}")), "--{option} is not an option");
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn every_file_it_links_exists() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for link in README.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
        let local = !link.contains("://") && !link.is_empty();
        assert!(!local || std::path::Path::new(root).join(link).exists(), "{link}");
    }
}
