//! The packages of one Django project.

use std::str::FromStr;

use djsec_base::{FileId, FileKind, Files, Role, Span, Utf8Path};
use pep440_rs::Version;

use crate::imports::{candidates, distribution};
use crate::package::{Group, Origin, Package, Pin, normalized};
use crate::read;
use crate::specifier::lower_bound;

/// What the files of a project say about its packages.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Every mention of a package, in order of the files and of their text.
    pub packages: Vec<Package>,
    /// The files that were read.
    pub files: Vec<FileId>,
}

/// A version, and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The version.
    pub version: Version,
    /// Whether it is this version, and not only the lowest that is let in.
    pub exact: bool,
    /// Where it stands.
    pub source: Span,
}

impl Inventory {
    /// Reads the dependency files of the project at `root`: those in its folder and below, and those
    /// of the folders that it lies in.
    pub fn read(files: &Files, root: &Utf8Path) -> Self {
        let sample = files
            .iter()
            .any(|(_, file)| file.role == Role::Example && file.path == root.join("manage.py"));
        let wanted: Vec<FileId> = files
            .iter()
            .filter(|(_, file)| {
                let role = file.role == Role::Application || (sample && file.role == Role::Example);
                role && is_dependency_file(file.kind) && belongs(&file.path, root)
            })
            .map(|(id, _)| id)
            .collect();
        let packages = read::all(files, &wanted);
        Self { packages, files: wanted }
    }

    /// All mentions of a package, by any spelling of its name.
    pub fn mentions<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Package> {
        let name = normalized(name);
        self.packages.iter().filter(move |package| package.name == name)
    }

    /// The version of a package: a lock file beats a pin, a pin beats the lower bound of a specifier;
    /// what production installs beats the rest, and what stands higher up in the tree comes first.
    pub fn version_of(&self, name: &str) -> Option<Resolved> {
        let rank = |package: &Package| match package.group {
            Group::Production => 0,
            Group::Unknown => 1,
            Group::Development(_) => 2,
        };
        let exact = self
            .mentions(name)
            .filter_map(|package| match &package.pin {
                Pin::Exact(version) => Some((package, Version::from_str(version).ok()?)),
                _ => None,
            })
            // Lock files may hold one version per Python version: the newest counts.
            .min_by(|(a, a_version), (b, b_version)| {
                (a.origin, rank(a)).cmp(&(b.origin, rank(b))).then(b_version.cmp(a_version))
            });
        if let Some((package, version)) = exact {
            return Some(Resolved { version, exact: true, source: package.source });
        }
        self.mentions(name)
            .filter_map(|package| match &package.pin {
                Pin::Specifier(specifier) => Some((package, lower_bound(specifier)?)),
                _ => None,
            })
            .min_by_key(|(package, _)| (package.origin, rank(package)))
            .map(|(package, version)| Resolved { version, exact: false, source: package.source })
    }

    /// Whether production installs what provides an import; `None` when the files do not say.
    pub fn is_installed_in_production(&self, import: &str) -> Option<bool> {
        let names = candidates(import);
        let mentions: Vec<&Package> = self
            .packages
            .iter()
            .filter(|package| {
                package.origin != Origin::Constraints && names.contains(&package.name)
            })
            .collect();
        if mentions.iter().any(|package| package.group == Group::Production) {
            return Some(true);
        }
        // A lock that does not say what a package is for leaves the word to the other files.
        let other: Vec<&&Package> = mentions
            .iter()
            .filter(|package| package.origin != Origin::Lock || package.group != Group::Unknown)
            .collect();
        if !mentions.is_empty() {
            let open = other.is_empty() || other.iter().any(|it| it.group == Group::Unknown);
            return (!open).then_some(false);
        }
        (distribution(import).is_some() && self.lists_everything()).then_some(false)
    }

    /// Whether a file lists all that production installs, what others ask for included.
    fn lists_everything(&self) -> bool {
        self.packages
            .iter()
            .any(|package| package.origin == Origin::Lock && package.group == Group::Production)
    }
}

const fn is_dependency_file(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Requirements
            | FileKind::Lock
            | FileKind::Pyproject
            | FileKind::Pipfile
            | FileKind::SetupCfg
    )
}

/// Folders that only group dependency files.
const FOLDERS: &[&str] = &["requirements", "reqs", "requires", "deps", "dependencies", "pip"];

/// Whether a dependency file speaks for the project at `root`.
fn belongs(path: &Utf8Path, root: &Utf8Path) -> bool {
    let mut folder = path.parent().unwrap_or(Utf8Path::new(""));
    if folder.file_name().is_some_and(|name| FOLDERS.contains(&name)) {
        folder = folder.parent().unwrap_or(Utf8Path::new(""));
    }
    folder.starts_with(root) || root.starts_with(folder)
}
