//! Holds trees and errors against what Django's parser said: see `vectors/README.md`, `templates/`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test harness fails loudly and prints its differences"
)]

mod cases;
mod packages;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use djsec_templates::error::{Error, ErrorCode};
use djsec_templates::library::{self, Knowledge, Known, Library};
use serde_json::Value;

/// The environment of the recording: Django and all packages are installed, and nothing else.
struct Recorded<'n> {
    name: &'n str,
    libraries: BTreeMap<String, Library>,
}

impl<'n> Recorded<'n> {
    fn new(name: &'n str) -> Self {
        let packages = library::parse(include_str!("../../data/packages.txt"));
        let named = packages.into_iter().filter_map(|(name, library)| {
            let (_, name) = name.split_once(':')?;
            Some((name.to_owned(), library))
        });
        Self { name, libraries: named.collect() }
    }
}

impl Knowledge for Recorded<'_> {
    fn library(&self, name: &str) -> Known<'_> {
        match self.libraries.get(name) {
            Some(library) => Known::Library(library),
            None if library::of_django(name, self.django()).is_some() => Known::Unknown,
            None => Known::Absent,
        }
    }

    fn django(&self) -> Option<(u8, u8)> {
        Some((6, 1))
    }

    fn builtins(&self) -> Option<Vec<&Library>> {
        Some(Vec::new())
    }

    fn template_name(&self) -> Option<&str> {
        Some(self.name)
    }
}

/// The lines of a recording, without the first, which names the versions.
fn recorded(file: &Path) -> Vec<Value> {
    let path = root().join("vectors/templates").join(file);
    let text = std::fs::read_to_string(&path).expect("recorded");
    let lines = text.split('\n').filter(|line| !line.is_empty()).skip(1);
    lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An error as the recording has it.
fn described(error: &Error) -> Value {
    let span = [u32::from(error.span.start()), u32::from(error.span.end())];
    let mut value = serde_json::json!({"error": error.message});
    if let ErrorCode::Crash(exception) = error.code {
        value["exception"] = exception.into();
    }
    value["line"] = error.line.into();
    value["span"] = span.as_slice().into();
    value
}
