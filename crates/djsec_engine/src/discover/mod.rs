//! Finds and reads the files of the tree, within bounds.

mod installed;
mod kind;
mod role;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_base::{
    EntryKind, File, FileId, FileKind, Files, Location, Notice, Role, System, SystemError,
    Utf8Path, Utf8PathBuf, WalkEntry, path_order,
};
use djsec_syntax::python::{self, Decoded};
use rayon::prelude::*;
use tracing::info_span;

pub(crate) use self::installed::installed;
use self::{
    kind::{Guess, Sniff, decide, guess, head},
    role::Layout,
};
use crate::{Config, Depth};

/// Python files above this size are not read: generated data, not code.
const MAX_PYTHON: u64 = 5 * 1024 * 1024;
/// Other files above this size are not read.
const MAX_TEXT: u64 = 2 * 1024 * 1024;
/// Lock files of large projects pass the usual bound.
const MAX_LOCK: u64 = 16 * 1024 * 1024;
/// A file without an extension is only opened to look for `#!`.
const MAX_SCRIPT: u64 = 256 * 1024;
/// Libraries for browsers pass the bound of scripts, and only their first lines are kept.
const MAX_LIBRARY: u64 = 2 * 1024 * 1024;
/// How many files a tree may have.
const MAX_FILES: usize = 300_000;
/// How many bytes are read in all.
const MAX_TOTAL: u64 = 2 * 1024 * 1024 * 1024;
/// How much of a file is searched for the zero bytes that text does not have.
const BINARY_PROBE: usize = 8 * 1024;

/// Walks the tree, gives each file a kind and a role, and reads those that djsec understands.
///
/// Templates and scripts are not read where only settings are asked for.
///
/// Total: what cannot be read becomes a notice, and a file without text.
pub fn discover(system: &dyn System, config: &Config, depth: Depth) -> (Files, Vec<Notice>) {
    let (files, _, notices) = discover_with(system, config, depth, |_, _| ());
    (files, notices)
}

/// The same, with what `each` makes of every file as soon as it is read, side by side: while its text is at hand.
pub(crate) fn discover_with<T: Send>(
    system: &dyn System,
    config: &Config,
    depth: Depth,
    each: impl Fn(FileId, &File) -> T + Sync,
) -> (Files, Vec<T>, Vec<Notice>) {
    discover_within(system, config, depth, (MAX_FILES, MAX_TOTAL), each)
}

fn discover_within<T: Send>(
    system: &dyn System,
    config: &Config,
    depth: Depth,
    (max_files, max_total): (usize, u64),
    each: impl Fn(FileId, &File) -> T + Sync,
) -> (Files, Vec<T>, Vec<Notice>) {
    let (mut entries, mut errors) = info_span!("walk").in_scope(|| system.walk());
    entries.retain(|entry| entry.kind == EntryKind::File && !config.excludes(&entry.path));
    entries.sort_by(|a, b| path_order(&a.path, &b.path));
    // What follows counts on it that a file's place among these is its number.
    entries.dedup_by(|a, b| a.path == b.path);
    errors.retain(|error| !config.excludes(&error.path));

    let mut notices: Vec<Notice> = errors.iter().map(unreadable).collect();
    if entries.len() > max_files {
        notices.push(Notice::incomplete(
            "too-many-files",
            format!(
                "the tree has {} files; only the first {max_files} in order of their paths were \
                 looked at",
                entries.len()
            ),
        ));
        entries.truncate(max_files);
    }

    let layout = Layout::new(entries.iter().map(|entry| entry.path.as_path()));
    let plans = plan(entries, &layout, depth, max_total, &mut notices);
    let read = |(at, plan): (usize, Plan)| {
        let (file, found) = plan.read(system);
        let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let made = each(id, &file);
        (file, made, found.into_iter().map(|notice| notice.at(Location::File(id))).collect())
    };
    // In small parts: files differ a lot in what they cost.
    let plans = plans.into_par_iter().enumerate().with_max_len(8);
    let read: Vec<(File, T, Vec<Notice>)> = plans.map(read).collect();

    let mut files = Vec::with_capacity(read.len());
    let mut all = Vec::with_capacity(read.len());
    for (file, made, found) in read {
        files.push(file);
        all.push(made);
        notices.extend(found);
    }
    (Files::new(files), all, notices)
}

/// What cannot be opened is missing from the audit, unless its name says that it holds no code.
fn unreadable(error: &SystemError) -> Notice {
    let message = format!("{} could not be read: {}", error.path, error.reason);
    if guess(&error.path).wanted() {
        Notice::incomplete("unreadable", message)
    } else {
        Notice::info("unreadable", message)
    }
}

/// What to do with one file.
#[derive(Debug)]
struct Plan {
    path: Utf8PathBuf,
    guess: Guess,
    role: Role,
    size: u64,
    read: bool,
}

fn plan(
    entries: Vec<WalkEntry>,
    layout: &Layout,
    depth: Depth,
    max_total: u64,
    notices: &mut Vec<Notice>,
) -> Vec<Plan> {
    let mut total = 0;
    let mut left_out = 0;
    // Neighbours share a folder most of the time.
    let mut last = (Utf8PathBuf::new(), layout.folder(""));
    let plans = entries
        .into_iter()
        .map(|entry| {
            let guess = guess(&entry.path);
            let folder = entry.path.parent().map_or("", Utf8Path::as_str);
            if last.0.as_str() != folder {
                last = (folder.into(), layout.folder(folder));
            }
            let role = Layout::role(last.1, &entry.path, guess.kind);
            let fits = entry.size <= bound(guess);
            let affordable = total + entry.size <= max_total;
            let page = matches!(guess.kind, FileKind::Template | FileKind::Script)
                || guess.sniff == Some(Sniff::Library);
            let wanted = guess.wanted() && (depth == Depth::Structure || !page);
            if wanted && fits {
                if affordable {
                    total += entry.size;
                } else {
                    left_out += 1;
                }
            }
            let read = wanted && (affordable || !fits);
            Plan { path: entry.path, guess, role, size: entry.size, read }
        })
        .collect();
    if left_out > 0 {
        notices.push(Notice::incomplete(
            "too-much-text",
            format!(
                "{left_out} files were not read: the tree holds more than {} of text",
                human(max_total)
            ),
        ));
    }
    plans
}

/// The largest size at which a file is read.
fn bound(guess: Guess) -> u64 {
    match (guess.kind, guess.sniff) {
        (FileKind::Python, _) => MAX_PYTHON,
        (FileKind::Lock, _) => MAX_LOCK,
        (_, Some(Sniff::Library)) => MAX_LIBRARY,
        (FileKind::Script, _) | (_, Some(Sniff::Shebang)) => MAX_SCRIPT,
        _ => MAX_TEXT,
    }
}

impl Plan {
    fn read(self, system: &dyn System) -> (File, Vec<Notice>) {
        if !self.read {
            return (self.without_text(), Vec::new());
        }
        let bound = bound(self.guess);
        if self.size > bound {
            let notices = self.too_large(self.size, bound).into_iter().collect();
            return (self.without_text(), notices);
        }
        let bytes = match system.read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) => return (self.without_text(), vec![unreadable(&error)]),
        };
        // The file may have grown since the walk.
        let size = bytes.len() as u64;
        if size > bound {
            let notices = self.too_large(size, bound).into_iter().collect();
            return (self.without_text(), notices);
        }
        if is_binary(&bytes) {
            let notices = self.binary().into_iter().collect();
            return (self.without_text(), notices);
        }
        self.with_text(bytes)
    }

    fn without_text(self) -> File {
        File::new(self.path, self.guess.kind, self.role, None)
    }

    fn with_text(self, bytes: Vec<u8>) -> (File, Vec<Notice>) {
        let decoded = decode(self.guess.kind, bytes);
        let name = self.path.file_name().unwrap_or_default();
        let kind = decide(self.guess, name, &decoded.text);
        let mut notices = Vec::new();
        if kind == FileKind::Python && decoded.lossy {
            notices.push(Notice::info(
                "invalid-encoding",
                format!(
                    "{} is not valid {}; the bytes that are not were replaced, and Python would \
                     refuse the file",
                    self.path, decoded.encoding
                ),
            ));
        }
        let text = match kind {
            FileKind::Other => None,
            FileKind::Library => Some(Arc::from(head(&decoded.text))),
            // What is called like a library is read whatever its size.
            FileKind::Script if decoded.text.len() as u64 > MAX_SCRIPT => None,
            _ => Some(Arc::from(decoded.text)),
        };
        (File::new(self.path, kind, self.role, text), notices)
    }

    /// Application code that is not read makes the run incomplete; anything else is only said.
    fn too_large(&self, size: u64, bound: u64) -> Option<Notice> {
        // A large script is one that a program put together.
        let sniff = self.guess.sniff;
        if matches!(sniff, Some(Sniff::Shebang | Sniff::Library))
            || self.guess.kind == FileKind::Script
        {
            return None;
        }
        Some(self.skipped(
            "file-too-large",
            format!(
                "{} was not read: it has {}, more than {}",
                self.path,
                human(size),
                human(bound)
            ),
        ))
    }

    fn binary(&self) -> Option<Notice> {
        (self.guess.kind == FileKind::Python).then(|| {
            self.skipped("not-text", format!("{} was not read: it holds zero bytes", self.path))
        })
    }

    fn skipped(&self, id: &'static str, message: String) -> Notice {
        if self.guess.kind == FileKind::Python && self.role == Role::Application {
            Notice::incomplete(id, message)
        } else {
            Notice::info(id, message)
        }
    }
}

/// Python decodes itself by its coding line; everything else is taken as UTF-8.
fn decode(kind: FileKind, mut bytes: Vec<u8>) -> Decoded {
    if kind == FileKind::Python {
        return python::decode(bytes);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    // The plain check is several times as fast as the one that replaces, and nearly always enough.
    let (text, lossy) = match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    Decoded { text, lossy, encoding: "utf-8" }
}

/// Text has no zero bytes, unless it is UTF-16, which Windows tools write and Python refuses.
fn is_binary(bytes: &[u8]) -> bool {
    let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    !utf_16 && memchr::memchr(0, bytes.get(..BINARY_PROBE).unwrap_or(bytes)).is_some()
}

/// A size as people read it.
fn human(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..1_048_576 => format!("{} KB", bytes / KIB),
        _ => format!("{} MB", bytes / (KIB * KIB)),
    }
}
