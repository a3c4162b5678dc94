//! `pyproject.toml`, `setup.cfg` and `Pipfile`: what the project itself asks for.

use djsec_syntax::data::{Entry, Node};
use djsec_syntax::{ini, toml};

use super::{Sink, requirements};
use crate::package::{Group, Origin, Pin};
use crate::specifier::poetry;

pub(super) fn pyproject(sink: &mut Sink<'_>, text: &str) {
    let tree = toml::parse(text).tree;
    if let Some(list) = tree.at(&["project", "dependencies"]) {
        sink.requirements(list, &Group::Production, Origin::Manifest);
    }
    for entry in entries(&tree, &["project", "optional-dependencies"]) {
        sink.requirements(&entry.value, &Group::of_name(&entry.key), Origin::Manifest);
    }
    for entry in entries(&tree, &["dependency-groups"]) {
        sink.requirements(&entry.value, &development(&entry.key), Origin::Manifest);
    }
    if let Some(list) = tree.at(&["tool", "uv", "dev-dependencies"]) {
        sink.requirements(list, &Group::Development("dev".to_owned()), Origin::Manifest);
    }
    for entry in entries(&tree, &["tool", "pdm", "dev-dependencies"]) {
        sink.requirements(&entry.value, &development(&entry.key), Origin::Manifest);
    }
    for entry in entries(&tree, &["tool", "hatch", "envs"]) {
        if let Some(list) = entry.value.get("dependencies") {
            sink.requirements(list, &development(&entry.key), Origin::Manifest);
        }
    }
    poetry_tables(sink, &tree);
}

fn poetry_tables(sink: &mut Sink<'_>, tree: &Node) {
    table(sink, tree, &["tool", "poetry", "dependencies"], &Group::Production);
    let dev = Group::Development("dev".to_owned());
    table(sink, tree, &["tool", "poetry", "dev-dependencies"], &dev);
    for entry in entries(tree, &["tool", "poetry", "group"]) {
        let group = development(&entry.key);
        table(sink, &entry.value, &["dependencies"], &group);
    }
}

/// A group that is installed besides the project: for development unless its name says otherwise.
fn development(name: &str) -> Group {
    match Group::of_name(name) {
        Group::Unknown => Group::Development(name.to_owned()),
        known => known,
    }
}

fn entries<'a>(tree: &'a Node, path: &[&str]) -> Vec<&'a Entry> {
    tree.at(path).map(Node::entries).unwrap_or_default()
}

/// A table of names and constraints, as Poetry and Pipfile have it.
fn table(sink: &mut Sink<'_>, tree: &Node, path: &[&str], group: &Group) {
    for entry in entries(tree, path) {
        if entry.key == "python" {
            continue;
        }
        let optional = entry.value.get("optional").and_then(Node::as_bool) == Some(true);
        let group = if optional { Group::Unknown } else { group.clone() };
        let pin = constraint(entry.value.items().last().unwrap_or(&entry.value));
        sink.add(&entry.key, pin, entry.range(), group, Origin::Manifest);
    }
}

fn constraint(value: &Node) -> Pin {
    if let Some(text) = value.text() {
        return poetry(text);
    }
    let version = value.get("version").and_then(Node::text);
    let url = ["git", "url", "path", "file"].iter().find_map(|key| value.get(key)?.text());
    match (version, url) {
        (Some(version), _) => poetry(version),
        (None, Some(url)) => Pin::Url(url.to_owned()),
        (None, None) => Pin::Any,
    }
}

pub(super) fn pipfile(sink: &mut Sink<'_>, text: &str) {
    let tree = toml::parse(text).tree;
    table(sink, &tree, &["packages"], &Group::Production);
    table(sink, &tree, &["dev-packages"], &Group::Development("dev-packages".to_owned()));
}

pub(super) fn setup_cfg(sink: &mut Sink<'_>, text: &str) {
    for entry in ini::parse(text).tree.entries {
        let group = match (entry.section.as_str(), entry.key.as_str()) {
            ("options", "install_requires") => Group::Production,
            ("options", "tests_require") => Group::Development("tests_require".to_owned()),
            ("options.extras_require", extra) => Group::of_name(extra),
            _ => continue,
        };
        for line in &entry.lines {
            if let Some(requirement) = djsec_syntax::requirements::requirement(line.as_str()) {
                let pin = requirements::pin(&requirement);
                sink.add(&requirement.name, pin, line.range, group.clone(), Origin::Manifest);
            }
        }
    }
}
