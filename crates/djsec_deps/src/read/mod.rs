//! Reads each kind of dependency file into [`Package`]s.

mod lock;
mod manifest;
mod requirements;
#[cfg(test)]
mod tests;

use djsec_base::{FileId, FileKind, Files, Span, TextRange};
use djsec_syntax::data::Node;

use crate::package::{Group, Origin, Package, Pin, Relation, normalized};

/// Reads files in the order given; files that requirements files include are read with them.
pub(crate) fn all(files: &Files, wanted: &[FileId]) -> Vec<Package> {
    let mut out = Vec::new();
    for id in wanted {
        let Some(file) = files.file(*id) else { continue };
        let mut sink = Sink { file: *id, out: &mut out };
        let text = file.text();
        let name = file.path.file_name().unwrap_or_default();
        match file.kind {
            FileKind::Pyproject => manifest::pyproject(&mut sink, text),
            FileKind::SetupCfg => manifest::setup_cfg(&mut sink, text),
            FileKind::Pipfile => manifest::pipfile(&mut sink, text),
            FileKind::Lock => lock::read(&mut sink, name, text),
            _ => {}
        }
    }
    requirements::read(files, wanted, &mut out);
    relate(files, &mut out);
    out.sort_by_key(|package| (package.source.file, package.source.range.start()));
    out
}

/// What a file says goes here.
struct Sink<'a> {
    file: FileId,
    out: &'a mut Vec<Package>,
}

impl Sink<'_> {
    fn add(&mut self, name: &str, pin: Pin, range: TextRange, group: Group, origin: Origin) {
        let relation = match origin {
            Origin::Manifest => Relation::Direct,
            _ => Relation::Unknown,
        };
        let source = Span::new(self.file, range);
        let name = normalized(name);
        if !name.is_empty() {
            self.out.push(Package { name, pin, source, group, relation, origin });
        }
    }

    /// A list of requirement lines.
    fn requirements(&mut self, list: &Node, group: &Group, origin: Origin) {
        for item in list.items() {
            let Some(text) = item.text() else { continue };
            if let Some(requirement) = djsec_syntax::requirements::requirement(text) {
                let pin = requirements::pin(&requirement);
                self.add(&requirement.name, pin, item.range, group.clone(), origin);
            }
        }
    }
}

/// Packages of a lock or compiled requirements file are direct when a manifest (or the `.in` file)
/// names them, and transitive when there is one that does not.
fn relate(files: &Files, packages: &mut [Package]) {
    let direct: std::collections::BTreeSet<String> = packages
        .iter()
        .filter(|package| {
            package.origin == Origin::Manifest
                || files.path(package.source.file).extension() == Some("in")
        })
        .map(|package| package.name.clone())
        .collect();
    for package in packages {
        if package.relation != Relation::Unknown {
            continue;
        }
        let compiled = package.origin == Origin::Lock
            || files.path(package.source.file).file_stem().is_some_and(|stem| {
                let path = files.path(package.source.file).with_file_name(format!("{stem}.in"));
                files.find(&path).is_some()
            });
        package.relation = match (compiled, direct.contains(&package.name)) {
            (false, _) | (true, true) => Relation::Direct,
            (true, false) if direct.is_empty() => Relation::Unknown,
            (true, false) => Relation::Transitive,
        };
    }
}
