//! The tree on disk.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use camino::{Utf8Path, Utf8PathBuf};
use djsec_base::{EntryKind, System, SystemError, WalkEntry};
use ignore::{DirEntry, WalkBuilder};

/// Nothing above this size is read, whatever the walk said about it.
const MAX_READ: u64 = 64 * 1024 * 1024;

/// Folders that never hold the project's own code.
const SKIPPED: [&str; 19] = [
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".tox",
    ".nox",
    ".eggs",
    ".idea",
    ".vscode",
    ".venv",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    "__pycache__",
    "__pypackages__",
    "node_modules",
    "site-packages",
    "htmlcov",
];

/// A folder on disk.
pub(crate) struct Disk {
    root: Utf8PathBuf,
}

impl Disk {
    pub(crate) const fn new(root: Utf8PathBuf) -> Self {
        Self { root }
    }

    /// Git's rules hold in a repository, up to its top; elsewhere only ignore files of the tree do,
    /// so that a `.gitignore` in the home directory cannot empty the audit.
    fn walker(&self) -> WalkBuilder {
        let in_repository = self
            .root
            .canonicalize_utf8()
            .is_ok_and(|root| root.ancestors().any(|folder| folder.join(".git").exists()));
        let mut walker = WalkBuilder::new(&self.root);
        walker
            .hidden(false)
            .ignore(false)
            .git_global(false)
            .git_ignore(true)
            .git_exclude(in_repository)
            .require_git(in_repository)
            .parents(in_repository)
            .follow_links(false)
            .sort_by_file_name(OsStr::cmp)
            .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry));
        walker
    }

    fn relative(&self, path: &Path) -> Result<Utf8PathBuf, SystemError> {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        let Some(text) = path.to_str() else {
            let reason = "its name is not valid UTF-8".to_owned();
            return Err(SystemError { path: path.to_string_lossy().into_owned().into(), reason });
        };
        let text = if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() };
        Ok(text.into())
    }

    /// The entry of the walk; `None` for folders.
    fn entry(&self, entry: &DirEntry) -> Result<Option<WalkEntry>, SystemError> {
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { return Ok(None) };
        let path = self.relative(entry.path())?;
        let kind = if kind.is_symlink() {
            EntryKind::Link
        } else if kind.is_file() {
            EntryKind::File
        } else {
            EntryKind::Special
        };
        Ok(Some(WalkEntry { path, kind }))
    }

    fn error(&self, error: &ignore::Error) -> SystemError {
        let path = path_of(error).unwrap_or_else(|| Path::new(""));
        let path = self.relative(path).unwrap_or_else(|error| error.path);
        let reason = error.io_error().map_or_else(|| error.to_string(), reason);
        SystemError { path, reason }
    }
}

impl System for Disk {
    fn walk(&self, found: &mut dyn FnMut(Result<WalkEntry, SystemError>)) {
        for result in self.walker().build() {
            match &result {
                Ok(entry) => {
                    if let Some(entry) = self.entry(entry).transpose() {
                        found(entry);
                    }
                }
                // A line of a .gitignore that git would not understand either.
                Err(error) if error.io_error().is_none() => {}
                Err(error) => found(Err(self.error(error))),
            }
        }
    }

    fn size(&self, path: &Utf8Path) -> u64 {
        self.root.join(path).symlink_metadata().map_or(0, |metadata| metadata.len())
    }

    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        let read = || -> io::Result<Vec<u8>> {
            let file = File::open(self.root.join(path))?;
            let size = file.metadata()?.len().min(MAX_READ);
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
            file.take(MAX_READ + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error| SystemError { path: path.to_owned(), reason: reason(&error) })
    }

    fn exists(&self, path: &Utf8Path) -> bool {
        self.root.join(path).exists()
    }

    fn contains(&self, path: &Utf8Path) -> bool {
        let root = self.root.canonicalize_utf8();
        let path = self.root.join(path).canonicalize_utf8();
        root.is_ok_and(|root| path.is_ok_and(|path| path.starts_with(root)))
    }
}

/// The operating system's reason without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    // The walk wraps what the system said, and says the path again.
    let wrapped = error.get_ref().and_then(|wrapper| wrapper.source());
    let error = wrapped.and_then(|inner| inner.downcast_ref::<io::Error>()).unwrap_or(error);
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

/// Whether a folder holds something else than the project's own code, wherever git stands on it.
fn is_skipped(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let path = entry.path();
    let Some(name) = entry.file_name().to_str() else { return false };
    SKIPPED.contains(&name)
        || name.ends_with(".egg-info")
        || name.ends_with(".dist-info")
        || path.join("pyvenv.cfg").is_file()
        || matches!(name, "build" | "dist") && is_build_output(path)
        // `collectstatic` writes here; the app of this name in a checkout of Django is code.
        || name == "staticfiles" && !path.join("__init__.py").is_file()
}

/// Whether packaging tools wrote this folder: a project may have an app named `build`.
fn is_build_output(path: &Path) -> bool {
    let Ok(entries) = fs::read_dir(path) else { return false };
    path.join("PKG-INFO").is_file()
        || entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("bdist.")
                || name.ends_with(".whl")
                || name.ends_with(".tar.gz")
                || entry.path().join("PKG-INFO").is_file()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_hands_over_entries_in_the_order_of_their_paths() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for path in ["a/z.py", "a.py", "a-b/c.py", "a/b/c.py", "Z.py", "ä.py"] {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), "1\n").unwrap();
        }
        let disk = Disk::new(root.to_owned());
        let mut seen = Vec::new();
        disk.walk(&mut |entry| seen.push(entry.unwrap().path));
        assert_eq!(seen.len(), 6);
        assert!(seen.is_sorted_by(|a, b| djsec_base::path_order(a, b).is_lt()), "{seen:?}");
        assert_eq!(disk.size(Utf8Path::new("a/b/c.py")), 2);
    }
}
