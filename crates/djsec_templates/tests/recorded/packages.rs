//! Every template of the packages in the environment `templates`. The texts are not ours and not kept: this
//! compares only where the environment is, see `cargo xtask record templates`.

use std::path::{Path, PathBuf};

use djsec_templates::parse::parse;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::{Recorded, described, recorded, root};

/// Templates that are read in another way, each with its reason.
const DIFFERENT: [(&str, &str); 0] = [];

#[test]
fn every_template_of_the_packages_is_read_as_django_reads_it() {
    let Some(packages) = site_packages() else {
        println!("skipped: no environment; `cargo xtask record templates` makes it");
        return;
    };
    let (mut wrong, mut compared, mut changed) = (Vec::new(), 0, 0);
    for line in recorded(Path::new("packages.jsonl")) {
        let path = line["path"].as_str().expect("a path");
        let text = std::fs::read_to_string(packages.join(path)).unwrap_or_default();
        if line["text"] != digest(&text) {
            changed += 1;
            continue;
        }
        compared += 1;
        let difference = difference(&line, &text);
        let excepted = DIFFERENT.iter().any(|(excepted, _)| *excepted == path);
        if difference.is_some() != excepted {
            wrong.push(format!("{path}\n  {}", difference.unwrap_or_default()));
        }
    }
    println!("{compared} compared, {changed} left out: they are others than those recorded");
    assert!(compared > 500, "the environment is not the recorded one: {compared} compared");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Our reading, where it is not Django's.
fn difference(line: &Value, text: &str) -> Option<String> {
    let template = parse(text, &Recorded::new(line["name"].as_str().expect("a name")));
    let tree = template.print(text);
    match template.errors.first().map(described) {
        None if line["tree"] == digest(&tree) => None,
        None => Some(tree),
        Some(error) => {
            let same = ["error", "line", "span"].iter().all(|key| line[key] == error[key]);
            (!same).then(|| error.to_string())
        }
    }
}

fn digest(text: &str) -> String {
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

fn site_packages() -> Option<PathBuf> {
    let environments = std::env::var_os("DJSEC_RECORD_ENVIRONMENTS")
        .map_or_else(|| root().join("target/record"), PathBuf::from);
    let libraries = std::fs::read_dir(environments.join("templates/lib")).ok()?;
    let mut folders: Vec<PathBuf> = libraries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.pop().map(|folder| folder.join("site-packages"))
}
