//! Finds and reads the files of the tree, within bounds.
//!
//! Files are read and handed on while the walk still goes on: by the time the last one is found, most of the others
//! are done.

mod installed;
mod kind;
mod planner;
mod reading;
mod role;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};

use djsec_base::{
    EntryKind, File, FileId, Files, Location, Notice, System, SystemError, WalkEntry,
};
use rayon::prelude::*;
use tracing::info_span;

pub(crate) use self::installed::installed;
use self::{
    kind::guess,
    planner::{Bounds, Planner},
    reading::Plan,
};
use crate::{Config, Depth};

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
/// It may be asked twice of one file: where only the end of the walk says what a folder is.
pub(crate) fn discover_with<T: Send>(
    system: &dyn System,
    config: &Config,
    depth: Depth,
    each: impl Fn(FileId, &File) -> T + Sync,
) -> (Files, Vec<T>, Vec<Notice>) {
    discover_within(system, config, depth, Bounds::default(), each)
}

fn discover_within<T: Send>(
    system: &dyn System,
    config: &Config,
    depth: Depth,
    bounds: Bounds,
    each: impl Fn(FileId, &File) -> T + Sync,
) -> (Files, Vec<T>, Vec<Notice>) {
    let reader = Reader { system, each };
    let mut planner = Planner::new(system, depth, bounds);
    let mut errors = Vec::new();
    let read = Mutex::new(Vec::new());
    rayon::scope(|scope| {
        let mut found = |entry| match entry {
            Ok(WalkEntry { path, kind: EntryKind::File }) if !config.excludes(&path) => {
                let Some((id, plan)) = planner.plan(path) else { return };
                let (reader, read) = (&reader, &read);
                scope.spawn(move |_| {
                    let file = reader.read(id, plan);
                    read.lock().unwrap_or_else(PoisonError::into_inner).push(file);
                });
            }
            Err(error) => errors.push(error),
            Ok(_) => {}
        };
        info_span!("walk").in_scope(|| system.walk(&mut found));
    });
    errors.retain(|error: &SystemError| !config.excludes(&error.path));
    let mut read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    read.sort_unstable_by_key(|file| file.id);
    let again = planner.misjudged().into_par_iter().with_max_len(8);
    let again: Vec<Read<T>> = again.map(|(id, plan)| reader.read(id, plan)).collect();
    for file in again {
        if let Some(first) = read.get_mut(file.id.0 as usize) {
            *first = file;
        }
    }

    let mut notices: Vec<Notice> = errors.iter().map(unreadable).collect();
    notices.extend(planner.notices());
    let mut files = Vec::with_capacity(read.len());
    let mut all = Vec::with_capacity(read.len());
    for one in read {
        files.push(one.file);
        all.push(one.made);
        notices.extend(one.notices);
    }
    (Files::new(files), all, notices)
}

/// Reads files, and has something made of each.
struct Reader<'s, E> {
    system: &'s dyn System,
    each: E,
}

/// A file, what was made of it, and what is to be said about it.
struct Read<T> {
    id: FileId,
    file: File,
    made: T,
    notices: Vec<Notice>,
}

impl<T, E: Fn(FileId, &File) -> T> Reader<'_, E> {
    fn read(&self, id: FileId, plan: Plan) -> Read<T> {
        let (file, found) = plan.read(self.system);
        let made = (self.each)(id, &file);
        let notices = found.into_iter().map(|notice| notice.at(Location::File(id))).collect();
        Read { id, file, made, notices }
    }
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
