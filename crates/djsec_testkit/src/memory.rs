//! An audited tree that exists only in memory.

use std::collections::BTreeMap;

use djsec_base::{EntryKind, System, SystemError, Utf8Path, Utf8PathBuf, WalkEntry};

/// A tree in memory. Unlike a real walk, its walk excludes nothing but what is put in as ignored.
#[derive(Debug, Clone, Default)]
pub struct MemorySystem {
    entries: BTreeMap<Utf8PathBuf, Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    File(Vec<u8>),
    Ignored(Vec<u8>),
    Unreadable(String),
    Link,
}

impl MemorySystem {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file. Paths are relative to the root, with `/` between parts.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Utf8Path>, content: impl Into<Vec<u8>>) -> Self {
        self.insert(path, content);
        self
    }

    /// Adds a file that exists and can be read, but that the walk leaves out (ignored by git, say).
    #[must_use]
    pub fn with_ignored(self, path: impl AsRef<Utf8Path>, content: impl Into<Vec<u8>>) -> Self {
        self.with_entry(path.as_ref(), Entry::Ignored(content.into()))
    }

    /// Adds a file that the walk sees and nobody can read, for this reason.
    #[must_use]
    pub fn with_unreadable(self, path: impl AsRef<Utf8Path>, reason: impl Into<String>) -> Self {
        self.with_entry(path.as_ref(), Entry::Unreadable(reason.into()))
    }

    /// Adds a symbolic link; it leads nowhere.
    #[must_use]
    pub fn with_link(self, path: impl AsRef<Utf8Path>) -> Self {
        self.with_entry(path.as_ref(), Entry::Link)
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl AsRef<Utf8Path>, content: impl Into<Vec<u8>>) {
        self.entries.insert(path.as_ref().to_owned(), Entry::File(content.into()));
    }

    fn with_entry(mut self, path: &Utf8Path, entry: Entry) -> Self {
        self.entries.insert(path.to_owned(), entry);
        self
    }
}

impl System for MemorySystem {
    fn walk(&self, found: &mut dyn FnMut(Result<WalkEntry, SystemError>)) {
        for (path, entry) in &self.entries {
            let kind = match entry {
                Entry::File(_) | Entry::Unreadable(_) => EntryKind::File,
                Entry::Link => EntryKind::Link,
                Entry::Ignored(_) => continue,
            };
            found(Ok(WalkEntry { path: path.clone(), kind }));
        }
    }

    fn size(&self, path: &Utf8Path) -> u64 {
        match self.entries.get(path) {
            Some(Entry::File(content) | Entry::Ignored(content)) => {
                u64::try_from(content.len()).unwrap_or(u64::MAX)
            }
            _ => 0,
        }
    }

    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        let reason = match self.entries.get(path) {
            Some(Entry::File(content) | Entry::Ignored(content)) => return Ok(content.clone()),
            Some(Entry::Unreadable(reason)) => reason,
            Some(Entry::Link) | None => "No such file or directory",
        };
        Err(SystemError { path: path.to_owned(), reason: reason.to_owned() })
    }

    fn exists(&self, path: &Utf8Path) -> bool {
        self.entries.keys().any(|entry| entry.starts_with(path))
    }
}

#[cfg(test)]
mod tests;
