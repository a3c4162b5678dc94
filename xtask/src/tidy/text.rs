//! What the tracked files may say.

use std::process::Command;

use super::budgets::is_rust;
use crate::repository::Repository;

/// Registries are reached through each machine's own client configuration; a host name in the
/// tree would bind every reader to one. Written in two parts, so that this file does not match.
const REGISTRY_HOSTS: [(&str, &str); 9] = [
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("//crates", ".io"),
    ("//www.crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("proxy.golang", ".org"),
];

/// Files that must name a host, each with the reason.
const MAY_NAME_HOSTS: [(&str, &str); 0] = [];

#[test]
fn no_tracked_file_names_a_registry_host() {
    let mut found = Vec::new();
    for path in tracked() {
        if MAY_NAME_HOSTS.iter().any(|(allowed, _)| *allowed == path) {
            continue;
        }
        let text = bytes_as_text(&path);
        for (number, line) in text.lines().enumerate() {
            let named = REGISTRY_HOSTS.iter().any(|(a, b)| line.contains(&format!("{a}{b}")));
            if named {
                found.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "registry hosts are named in:\n  {}", found.join("\n  "));
}

#[test]
fn tests_are_named_by_sentences_and_none_is_ignored() {
    let prefix = format!("fn {}", "test_");
    let ignored = format!("#[{}", "ignore");
    let mut found = Vec::new();
    for path in tracked().into_iter().filter(|path| is_rust(path)) {
        for (number, line) in bytes_as_text(&path).lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with(&prefix) || line.starts_with(&ignored) {
                found.push(format!("{path}:{}", number + 1));
            }
        }
    }
    let rule = "name tests by what holds, without `test_`; assert today's behaviour, ignore none";
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Files that git tracks or would track.
pub(super) fn tracked() -> Vec<String> {
    let root = Repository::here();
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root.root())
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).expect("our paths are UTF-8");
    let present = |path: &&str| !path.is_empty() && root.root().join(path).is_file();
    listing.split('\0').filter(present).map(str::to_owned).collect()
}

/// The text of a tracked file; test vectors need not be UTF-8.
pub(super) fn bytes_as_text(path: &str) -> String {
    let bytes = std::fs::read(Repository::here().root().join(path)).expect("tracked files exist");
    String::from_utf8_lossy(&bytes).into_owned()
}
