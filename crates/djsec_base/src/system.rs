//! The one door to the outside: everything else in the analysis is a pure function.

use camino::{Utf8Path, Utf8PathBuf};

/// What the walk found at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link; it is not followed.
    Link,
    /// Something else (socket, device).
    Special,
}

/// One entry of the walk.
#[derive(Debug, Clone)]
pub struct WalkEntry {
    /// Path relative to the root, with `/` between parts.
    pub path: Utf8PathBuf,
    /// What it is.
    pub kind: EntryKind,
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemError {
    /// The path, relative to the root.
    pub path: Utf8PathBuf,
    /// The operating system's reason, in words.
    pub reason: String,
}

/// Reads the audited tree. Paths are relative to its root; an absolute path is one that the user names.
pub trait System: Sync {
    /// Hands over the entries that a walk with the usual exclusions sees, each as soon as it is found, in
    /// [`path_order`](crate::path_order); and, in between, what failed.
    fn walk(&self, found: &mut dyn FnMut(Result<WalkEntry, SystemError>));

    /// The size of a file in bytes; 0 where it has none that is known. Asked only of files that matter: of a
    /// large tree, the sizes of all take as long as their names.
    fn size(&self, path: &Utf8Path) -> u64;

    /// The bytes of a file.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError>;

    /// Whether the path exists although the walk may have left it out (ignored by git, say).
    fn exists(&self, path: &Utf8Path) -> bool;

    /// Whether a path leads to something inside of the root, with all links followed.
    fn contains(&self, path: &Utf8Path) -> bool {
        self.exists(path)
    }
}
