//! Lock files: uv, Poetry, PDM, Pipenv, PEP 751.

use std::collections::{BTreeMap, BTreeSet};

use djsec_syntax::data::Node;
use djsec_syntax::{json, toml};

use super::Sink;
use crate::package::{Group, Origin, Pin, normalized};
use crate::specifier::pep440;

pub(super) fn read(sink: &mut Sink<'_>, name: &str, text: &str) {
    match name.to_ascii_lowercase().as_str() {
        "pipfile.lock" => pipenv(sink, &json::parse(text).tree),
        "uv.lock" => uv(sink, &toml::parse(text).tree),
        "poetry.lock" | "pdm.lock" => grouped(sink, &toml::parse(text).tree),
        name => pylock(sink, name, &toml::parse(text).tree),
    }
}

fn add(sink: &mut Sink<'_>, package: &Node, group: Group) {
    let (Some(name), Some(version)) = (package.get("name"), package.get("version")) else { return };
    let (Some(name), Some(text)) = (name.text(), version.text()) else { return };
    let pin = Pin::Exact(text.to_owned());
    // The place is the version: that is what a reader looks for, and what a fix changes.
    sink.add(name, pin, version.range, group, Origin::Lock);
}

fn pipenv(sink: &mut Sink<'_>, tree: &Node) {
    let sections =
        [("default", Group::Production), ("develop", Group::Development("develop".to_owned()))];
    for (section, group) in sections {
        for entry in tree.get(section).map(Node::entries).unwrap_or_default() {
            let version = entry.value.get("version");
            let pin = version.and_then(Node::text).map_or(Pin::Any, pep440);
            let range = version.map_or(entry.key_range, |version| version.range);
            sink.add(&entry.key, pin, range, group.clone(), Origin::Lock);
        }
    }
}

/// Poetry and PDM write each package's groups; older Poetry wrote a category, and between them
/// nothing.
fn grouped(sink: &mut Sink<'_>, tree: &Node) {
    for package in tree.get("package").map(Node::items).unwrap_or_default() {
        let category = package.get("category").and_then(Node::text);
        let groups: Vec<&str> = match package.get("groups") {
            Some(groups) => groups.items().iter().filter_map(Node::text).collect(),
            None => category.into_iter().collect(),
        };
        let group = match groups.first() {
            None => Group::Unknown,
            Some(_) if groups.iter().any(|group| matches!(*group, "main" | "default")) => {
                Group::Production
            }
            Some(first) => match Group::of_name(first) {
                Group::Unknown => Group::Development((*first).to_owned()),
                known => known,
            },
        };
        add(sink, package, group);
    }
}

/// uv writes the graph: production is what the project's own packages ask for, and what that asks for.
fn uv(sink: &mut Sink<'_>, tree: &Node) {
    let packages = tree.get("package").map(Node::items).unwrap_or_default();
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut queue: Vec<String> = Vec::new();
    for package in packages {
        let Some(name) = package.get("name").and_then(Node::text).map(normalized) else { continue };
        let mut wanted = names(package.get("dependencies"));
        if is_local(package) {
            queue.push(name.clone());
        } else {
            // Which extras of a package are asked for is not worth telling apart here.
            for extra in package.get("optional-dependencies").map(Node::entries).unwrap_or_default()
            {
                wanted.extend(names(Some(&extra.value)));
            }
        }
        edges.entry(name).or_default().extend(wanted);
    }
    let rooted = !queue.is_empty();
    let mut production: BTreeSet<String> = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if production.insert(name.clone()) {
            queue.extend(edges.get(&name).cloned().unwrap_or_default());
        }
    }
    for package in packages {
        let name = package.get("name").and_then(Node::text).map(normalized).unwrap_or_default();
        let group = match (rooted, production.contains(&name)) {
            (false, _) => Group::Unknown,
            (true, true) => Group::Production,
            (true, false) => Group::Development("dev".to_owned()),
        };
        if !is_local(package) {
            add(sink, package, group);
        }
    }
}

fn is_local(package: &Node) -> bool {
    let source = package.get("source");
    ["editable", "virtual", "directory"]
        .iter()
        .any(|key| source.and_then(|source| source.get(key)).is_some())
}

fn names(list: Option<&Node>) -> Vec<String> {
    let items = list.map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| Some(normalized(item.get("name")?.text()?))).collect()
}

fn pylock(sink: &mut Sink<'_>, name: &str, tree: &Node) {
    let group = match name.strip_prefix("pylock.").and_then(|rest| rest.strip_suffix(".toml")) {
        Some(part) => Group::of_name(part),
        None => Group::Production,
    };
    for package in tree.get("packages").map(Node::items).unwrap_or_default() {
        let marker = package.get("marker").and_then(Node::text).unwrap_or_default();
        let optional = marker.contains("dependency_groups") || marker.contains("extras");
        add(sink, package, if optional { Group::Unknown } else { group.clone() });
    }
}
