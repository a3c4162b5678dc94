//! Decides, entry by entry of the walk, which files are read.

use djsec_base::{FileId, FileKind, Notice, Role, System, Utf8Path, Utf8PathBuf};

use super::kind::{Guess, Sniff, guess};
use super::reading::{Plan, bound, human};
use super::role::{Folder, Layout, Marks};
use crate::Depth;

/// How much of a tree is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// How many files it may have.
    pub(super) files: usize,
    /// How many bytes are read in all.
    pub(super) bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { files: 300_000, bytes: 2 * 1024 * 1024 * 1024 }
    }
}

/// What is known of the tree so far.
pub(super) struct Planner<'s> {
    system: &'s dyn System,
    depth: Depth,
    bounds: Bounds,
    /// Files seen, and how many bytes of them are read.
    seen: usize,
    bytes: u64,
    /// Files that would have been read, were there not too much of others.
    left_out: usize,
    marks: Marks,
    /// The folder of the last file: neighbours share one most of the time.
    last: (Utf8PathBuf, Folder),
    /// What lies in folders that are no part of the application, unless they turn out to be apps of it.
    doubtful: Vec<(FileId, Plan)>,
}

impl<'s> Planner<'s> {
    pub(super) fn new(system: &'s dyn System, depth: Depth, bounds: Bounds) -> Self {
        Self {
            system,
            depth,
            bounds,
            seen: 0,
            bytes: 0,
            left_out: 0,
            marks: Marks::default(),
            last: (Utf8PathBuf::new(), Layout::default().folder("")),
            doubtful: Vec::new(),
        }
    }

    /// The next file, in the order of paths: which number it has, and what to do with it. `None`: there are too many.
    pub(super) fn plan(&mut self, path: Utf8PathBuf) -> Option<(FileId, Plan)> {
        self.seen += 1;
        if self.seen > self.bounds.files {
            return None;
        }
        let id = FileId(u32::try_from(self.seen - 1).ok()?);
        self.marks.see(&path);
        let folder = self.folder(&path);
        let plan = self.plan_in(folder, path);
        if folder.is_foreign() {
            self.doubtful.push((id, plan.clone()));
        }
        Some((id, plan))
    }

    fn plan_in(&mut self, folder: Folder, path: Utf8PathBuf) -> Plan {
        let guess = guess(&path);
        let role = Layout::role(folder, &path, guess.kind);
        let wanted = self.wants(guess, role);
        let size = if wanted { self.system.size(&path) } else { 0 };
        // What is too large is looked at, too: that says so.
        let read = wanted && (size > bound(guess) || self.affords(size));
        Plan { path, guess, role, size, read }
    }

    /// Whether somebody is going to ask for the text.
    fn wants(&self, guess: Guess, role: Role) -> bool {
        let page = matches!(guess.kind, FileKind::Template | FileKind::Script)
            || guess.sniff == Some(Sniff::Library);
        // What tests keep (recorded answers of servers, by the megabyte) does not deploy anything.
        let fixture = guess.kind == FileKind::Yaml && matches!(role, Role::Test | Role::Vendored);
        guess.wanted() && !fixture && (self.depth == Depth::Structure || !page)
    }

    fn folder(&mut self, path: &Utf8Path) -> Folder {
        let folder = path.parent().map_or("", Utf8Path::as_str);
        if self.last.0.as_str() != folder {
            self.last = (folder.into(), Layout::default().folder(folder));
        }
        self.last.1
    }

    fn affords(&mut self, size: u64) -> bool {
        let affords = self.bytes + size <= self.bounds.bytes;
        if affords {
            self.bytes += size;
        } else {
            self.left_out += 1;
        }
        affords
    }

    /// Files whose folder the whole tree says more about than its name did, with their right role.
    pub(super) fn misjudged(&mut self) -> Vec<(FileId, Plan)> {
        let layout = std::mem::take(&mut self.marks).layout();
        let doubtful = std::mem::take(&mut self.doubtful);
        if layout.is_empty() {
            return Vec::new();
        }
        let mut last: Option<(Utf8PathBuf, Folder)> = None;
        let right = |(id, plan): (FileId, Plan)| {
            let at = plan.path.parent().unwrap_or(Utf8Path::new(""));
            let folder = match &last {
                Some((known, folder)) if known == at => *folder,
                _ => last.insert((at.to_owned(), layout.folder(at.as_str()))).1,
            };
            let role = Layout::role(folder, &plan.path, plan.guess.kind);
            let plan = match plan.role {
                known if known == role => return None,
                // What was counted once is not counted again.
                known if self.wants(plan.guess, known) => Plan { role, ..plan },
                _ => self.plan_in(folder, plan.path),
            };
            Some((id, plan))
        };
        doubtful.into_iter().filter_map(right).collect()
    }

    /// What the bounds cut off.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let Bounds { files, bytes } = self.bounds;
        if self.seen > files {
            let message = format!(
                "the tree has {} files; only the first {files} in order of their paths were looked at",
                self.seen
            );
            notices.push(Notice::incomplete("too-many-files", message));
        }
        if self.left_out > 0 {
            let message = format!(
                "{} files were not read: the tree holds more than {} of text",
                self.left_out,
                human(bytes)
            );
            notices.push(Notice::incomplete("too-much-text", message));
        }
        notices
    }
}
