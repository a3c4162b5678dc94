//! Reads one file, within bounds, and decides by its text what it is.

use std::sync::Arc;

use djsec_base::{File, FileKind, Notice, Role, System, Utf8PathBuf};
use djsec_syntax::python::{self, Decoded};

use super::kind::{Guess, Sniff, decide, head};
use super::unreadable;

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
/// How much of a file is searched for the zero bytes that text does not have.
const BINARY_PROBE: usize = 8 * 1024;

/// What to do with one file.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) path: Utf8PathBuf,
    pub(super) guess: Guess,
    pub(super) role: Role,
    /// In bytes; of files that are not read, whatever it is.
    pub(super) size: u64,
    pub(super) read: bool,
}

/// The largest size at which a file is read.
pub(super) fn bound(guess: Guess) -> u64 {
    match (guess.kind, guess.sniff) {
        (FileKind::Python, _) => MAX_PYTHON,
        (FileKind::Lock, _) => MAX_LOCK,
        (_, Some(Sniff::Library)) => MAX_LIBRARY,
        (FileKind::Script, _) | (_, Some(Sniff::Shebang)) => MAX_SCRIPT,
        _ => MAX_TEXT,
    }
}

impl Plan {
    /// The file, with its text where that was read, and what is to be said about it.
    pub(super) fn read(self, system: &dyn System) -> (File, Vec<Notice>) {
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
pub(super) fn human(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..1_048_576 => format!("{} KB", bytes / KIB),
        _ => format!("{} MB", bytes / (KIB * KIB)),
    }
}
