//! Which crate may depend on which, and what every manifest must say.
//!
//! The manifests are ours and plain, so a line reader is enough; a shape that it does not know
//! (`[target.…]`, a renamed dependency) fails a test rather than passing unseen.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::Repository;

/// Each crate with those of ours that it may name, and the foreign crates only it may name.
/// Why each border exists stands in `docs/architecture.md`.
const BORDERS: [(&str, &[&str], &[&str]); 14] = [
    ("djsec_base", &[], &["ruff_text_size"]),
    (
        "djsec_syntax",
        &["djsec_base"],
        &["ruff_python_ast", "ruff_python_parser", "ruff_text_size", "ruff_source_file"],
    ),
    ("djsec_python", &["djsec_base", "djsec_syntax"], &[]),
    ("djsec_deps", &["djsec_base", "djsec_syntax"], &[]),
    ("djsec_templates", &["djsec_base"], &[]),
    // The picture of a project includes the Django version in use, which the lock files know.
    (
        "djsec_django",
        &["djsec_base", "djsec_deps", "djsec_python", "djsec_syntax", "djsec_templates"],
        &[],
    ),
    ("djsec_flow", &["djsec_base", "djsec_django", "djsec_python", "djsec_templates"], &[]),
    // No djsec_syntax: rules never parse, they ask the model.
    (
        "djsec_rules",
        &[
            "djsec_base",
            "djsec_deps",
            "djsec_django",
            "djsec_flow",
            "djsec_python",
            "djsec_templates",
        ],
        &[],
    ),
    ("djsec_probe", &["djsec_base"], &["tokio", "rustls", "hickory-proto", "hickory-resolver"]),
    (
        "djsec_engine",
        &[
            "djsec_base",
            "djsec_deps",
            "djsec_django",
            // The user's models are checked with the config.
            "djsec_flow",
            "djsec_python",
            "djsec_rules",
            "djsec_syntax",
        ],
        &[],
    ),
    ("djsec_report", &["djsec_base"], &[]),
    (
        "djsec",
        &[
            "djsec_base",
            "djsec_django",
            // The view of settings shows the evaluator's values.
            "djsec_python",
            "djsec_engine",
            "djsec_probe",
            "djsec_report",
        ],
        &[],
    ),
    // The engine is handed in, so that every crate's tests may use the kit.
    ("djsec_testkit", &["djsec_base"], &[]),
    ("xtask", &[], &[]),
];

/// Families of crates that only the crates listing a member above may name.
const FENCED: [&str; 4] = ["ruff_", "tokio", "rustls", "hickory"];

#[test]
fn crates_depend_only_across_their_borders() {
    let mut found = Vec::new();
    for manifest in manifests() {
        let Some((_, ours, foreign)) = BORDERS.iter().find(|(name, ..)| *name == manifest.name)
        else {
            found.push(format!("{}: give the crate a border in this test", manifest.name));
            continue;
        };
        for dependency in manifest.dependencies("dependencies") {
            let fenced = FENCED.iter().any(|family| dependency.starts_with(family));
            let allowed = match dependency.as_str() {
                name if name.starts_with("djsec") => ours.contains(&name),
                name if fenced => foreign.contains(&name),
                _ => manifest.name != "xtask",
            };
            if !allowed {
                found.push(format!("{} must not depend on {dependency}", manifest.name));
            }
        }
    }
    assert!(found.is_empty(), "borders crossed:\n  {}", found.join("\n  "));
}

#[test]
fn tests_may_look_anywhere_but_the_parser_stays_behind_its_fence() {
    let mut found = Vec::new();
    for manifest in manifests() {
        for dependency in manifest.dependencies("dev-dependencies") {
            let at_home = ["djsec_base", "djsec_syntax"].contains(&manifest.name.as_str());
            if dependency.starts_with("ruff_") && !at_home {
                found.push(format!("{} must not depend on {dependency}", manifest.name));
            }
        }
    }
    assert!(found.is_empty(), "borders crossed:\n  {}", found.join("\n  "));
}

#[test]
fn every_crate_has_the_workspace_lints() {
    for manifest in manifests() {
        let lints = manifest.sections.get("lints").map(Vec::as_slice).unwrap_or_default();
        let inherited = lints.iter().any(|line| line == "workspace = true");
        assert!(inherited, "{}: add `[lints]` with `workspace = true`", manifest.name);
    }
}

#[test]
fn every_crate_inherits_its_dependencies_from_the_workspace() {
    for manifest in manifests() {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for line in manifest.sections.get(section).into_iter().flatten() {
                let inherits = line.contains("workspace = true");
                assert!(inherits, "{}: write `{line}` with `workspace = true`", manifest.name);
            }
        }
    }
}

#[test]
fn manifests_have_only_the_sections_that_these_tests_read() {
    let known: BTreeSet<&str> = BTreeSet::from([
        "package",
        "lints",
        "dependencies",
        "dev-dependencies",
        "build-dependencies",
        "features",
        "lib",
        "bin",
        "test",
        "bench",
        "package.metadata.docs.rs",
    ]);
    for manifest in manifests() {
        for section in manifest.sections.keys() {
            let message = format!("{}: the border tests cannot read [{section}]", manifest.name);
            assert!(known.contains(section.as_str()), "{message}");
        }
    }
}

#[test]
fn every_dependency_of_the_workspace_says_why_it_is_here() {
    let root = Repository::here().read("Cargo.toml").expect("readable").expect("present");
    let mut missing = Vec::new();
    let mut inside = false;
    let mut above = "";
    for line in root.lines() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        } else if inside && line.contains('=') {
            let reasoned = line.contains(" # ") || above.starts_with('#');
            if !reasoned && !line.starts_with("djsec_") {
                missing.push(line.to_owned());
            }
        }
        // A comment above several dependencies speaks for the section, not for the first.
        above = if line.starts_with("# Each dependency") { "" } else { line };
    }
    assert!(missing.is_empty(), "say why in a comment:\n  {}", missing.join("\n  "));
}

/// A crate's manifest: its lines by section, without comments and blank lines.
struct Manifest {
    name: String,
    sections: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    fn parse(text: &str) -> Self {
        let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(header) = line.strip_prefix('[').filter(|_| line.ends_with(']')) {
                // Dependencies of some targets only have the same borders: they count as such.
                let header = header.trim_matches(['[', ']']);
                let of_target =
                    header.starts_with("target.").then(|| header.rsplit_once("'.")).flatten();
                of_target.map_or(header, |(_, kind)| kind).clone_into(&mut section);
                sections.entry(section.clone()).or_default();
            } else {
                sections.entry(section.clone()).or_default().push(line.to_owned());
            }
        }
        let package = sections.get("package").map(Vec::as_slice).unwrap_or_default();
        let name = package.iter().find_map(|line| line.strip_prefix("name = "));
        Self { name: name.expect("a package has a name").trim_matches('"').to_owned(), sections }
    }

    fn dependencies(&self, section: &str) -> Vec<String> {
        let lines = self.sections.get(section).map(Vec::as_slice).unwrap_or_default();
        let name = |line: &String| line.split(['.', ' ', '=']).next().unwrap_or(line).to_owned();
        lines.iter().map(name).collect()
    }
}

fn manifests() -> Vec<Manifest> {
    let repository = Repository::here();
    let mut paths = vec!["xtask/Cargo.toml".to_owned()];
    for folder in repository.list("crates").expect("readable") {
        paths.push(format!("crates/{folder}Cargo.toml"));
    }
    let read = |path: &String| repository.read(path).expect("readable");
    paths.iter().filter_map(read).map(|text| Manifest::parse(&text)).collect()
}
