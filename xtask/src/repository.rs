//! The checkout that a chore works on.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;

/// A checkout; tests use one of their own in a temporary folder.
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The checkout that this program was built from.
    pub(crate) fn here() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: package.parent().unwrap_or(package).to_owned() }
    }

    #[cfg(test)]
    pub(crate) const fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file; `None` when there is no such file.
    pub(crate) fn read(&self, path: &str) -> Result<Option<String>> {
        match fs::read_to_string(self.root.join(path)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("cannot read {path}: {error}")),
        }
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<()> {
        let target = self.root.join(path);
        let written = target
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&target, text));
        written.map_err(|error| format!("cannot write {path}: {error}"))
    }

    pub(crate) fn remove(&self, path: &str) -> Result<()> {
        fs::remove_file(self.root.join(path))
            .map_err(|error| format!("cannot remove {path}: {error}"))
    }

    /// The names in a folder, sorted; folders end in `/`. Empty when there is no such folder.
    pub(crate) fn list(&self, folder: &str) -> Result<Vec<String>> {
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(format!("cannot list {folder}: {error}")),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| format!("cannot list {folder}: {error}"))?;
            let mut name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                name.push('/');
            }
            names.push(name);
        }
        names.sort();
        Ok(names)
    }
}

#[cfg(test)]
pub(crate) mod scratch {
    use super::Repository;

    /// An empty checkout in the system's temporary folder, removed when it goes out of scope.
    pub(crate) struct Scratch(pub(crate) Repository);

    impl Scratch {
        pub(crate) fn new(name: &str) -> Self {
            let folder = format!("djsec-xtask-{}-{name}", std::process::id());
            let root = std::env::temp_dir().join(folder);
            std::fs::create_dir_all(&root).expect("the temporary folder is writable");
            Self(Repository::at(root))
        }

        /// Writes a file whose text stands in for a rule's.
        pub(crate) fn rule(&self, path: &str) {
            self.0.write(path, "declare_rule! {}\n").expect("the scratch folder is writable");
        }

        pub(crate) fn text(&self, path: &str) -> String {
            self.0.read(path).expect("readable").unwrap_or_else(|| panic!("{path} is missing"))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let removed = std::fs::remove_dir_all(self.0.root());
            drop(removed);
        }
    }
}
