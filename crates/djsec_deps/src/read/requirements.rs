//! Requirements files with what they include.

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{FileId, FileKind, Files, Utf8Component, Utf8Path, Utf8PathBuf};
use djsec_syntax::requirements::{Line, Requirement, parse};

use super::Sink;
use crate::package::{Group, Origin, Package, Pin};
use crate::specifier::pep440;

/// Reads the requirements files among `wanted` and all that they include.
pub(super) fn read(files: &Files, wanted: &[FileId], out: &mut Vec<Package>) {
    let mut documents: BTreeMap<FileId, Document> = BTreeMap::new();
    let mut queue: Vec<FileId> = wanted
        .iter()
        .copied()
        .filter(|id| files.file(*id).is_some_and(|file| file.kind == FileKind::Requirements))
        .collect();
    while let Some(id) = queue.pop() {
        if documents.contains_key(&id) {
            continue;
        }
        let document = Document::new(files, id);
        queue.extend(document.includes.iter().map(|include| include.0));
        documents.insert(id, document);
    }
    let groups = groups(files, &documents);
    let constraints: BTreeSet<FileId> = documents
        .values()
        .flat_map(|document| &document.includes)
        .filter(|(_, constraint)| *constraint)
        .map(|(id, _)| *id)
        .collect();
    for (id, document) in &documents {
        let constrains = constraints.contains(id)
            || files.path(*id).file_name().is_some_and(|name| name.starts_with("constraints"));
        let origin = if constrains { Origin::Constraints } else { Origin::Requirements };
        let group = groups.get(id).cloned().unwrap_or(Group::Unknown);
        let mut sink = Sink { file: *id, out };
        for requirement in &document.requirements {
            let pin = pin(requirement);
            sink.add(&requirement.name, pin, requirement.range, group.clone(), origin);
        }
    }
}

/// What a requirement asks for.
pub(super) fn pin(requirement: &Requirement) -> Pin {
    match &requirement.url {
        Some(url) => Pin::Url(url.clone()),
        None => pep440(requirement.specifier.as_str()),
    }
}

struct Document {
    requirements: Vec<Requirement>,
    /// Included files, and whether they only constrain.
    includes: Vec<(FileId, bool)>,
}

impl Document {
    fn new(files: &Files, id: FileId) -> Self {
        let mut document = Self { requirements: Vec::new(), includes: Vec::new() };
        let folder = files.path(id).parent().unwrap_or(Utf8Path::new(""));
        for line in parse(files.text(id)).tree {
            match line {
                Line::Requirement(requirement) => document.requirements.push(requirement),
                Line::Include { path, constraint } => {
                    let path = joined(folder, path.as_str());
                    if let Some(included) = files.find(&path) {
                        document.includes.push((included, constraint));
                    }
                }
                Line::Option { .. } => {}
            }
        }
        document
    }
}

/// A path relative to a folder, with `..` resolved.
fn joined(folder: &Utf8Path, path: &str) -> Utf8PathBuf {
    let mut out = folder.to_path_buf();
    for component in Utf8Path::new(path.trim_matches(['"', '\''])).components() {
        match component {
            Utf8Component::ParentDir => {
                out.pop();
            }
            Utf8Component::Normal(part) => out.push(part),
            Utf8Component::CurDir | Utf8Component::RootDir | Utf8Component::Prefix(_) => {}
        }
    }
    out
}

/// The group of each file: what a production file includes is production; else its name tells; a name
/// that tells nothing takes the group of the files that include it.
fn groups(files: &Files, documents: &BTreeMap<FileId, Document>) -> BTreeMap<FileId, Group> {
    let mut groups: BTreeMap<FileId, Group> =
        documents.keys().map(|id| (*id, own_group(files.path(*id)))).collect();
    // Each round carries the groups one include further; cycles end with the rounds.
    for _ in 0..documents.len().min(16) {
        let before = groups.clone();
        for (id, document) in documents {
            let Some(own) = before.get(id) else { continue };
            for (included, _) in document.includes.iter().filter(|(_, constraint)| !constraint) {
                let Some(theirs) = groups.get_mut(included) else { continue };
                if *own == Group::Production || *theirs == Group::Unknown {
                    theirs.clone_from(own);
                }
            }
        }
        if before == groups {
            break;
        }
    }
    groups
}

fn own_group(path: &Utf8Path) -> Group {
    let stem = path.file_stem().unwrap_or_default();
    match Group::of_name(stem) {
        Group::Unknown => {
            // `requirements/dev/base.txt`, `docs/requirements.txt`.
            path.parent().and_then(Utf8Path::file_name).map_or(Group::Unknown, |folder| {
                match Group::of_name(folder) {
                    Group::Development(name) => Group::Development(name),
                    _ => Group::Unknown,
                }
            })
        }
        Group::Production => {
            match path.parent().and_then(Utf8Path::file_name).map(Group::of_name) {
                Some(Group::Development(name)) => Group::Development(name),
                _ => Group::Production,
            }
        }
        development @ Group::Development(_) => development,
    }
}
