//! A small tree and three rules for the unit tests of this crate.

use std::collections::BTreeMap;

use djsec_base::{
    EntryKind, Finding, RuleMeta, Severity, Span, System, SystemError, TextRange, Utf8Path,
    Utf8PathBuf, WalkEntry, path_order,
};

use crate::Catalog;

const fn rule(id: &'static str, group: &'static str, severity: Severity) -> RuleMeta {
    RuleMeta {
        id,
        group,
        summary: "something is wrong",
        docs: "",
        severity,
        cwe: &[16],
        owasp: &[],
        asvs: &[],
        checklist: &[],
        django: &[],
        since: "next",
        source: "",
    }
}

pub(crate) static DEBUG: RuleMeta = rule("debug-enabled", "settings", Severity::High);
pub(crate) static HSTS: RuleMeta = rule("hsts-missing", "transport", Severity::Low);
pub(crate) static PRELOAD: RuleMeta = rule("hsts-weak-policy", "transport", Severity::Medium);

pub(crate) fn catalog() -> Catalog {
    Catalog::new([&DEBUG, &HSTS, &PRELOAD])
}

/// A tree in memory. A file whose bytes are `None` cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, Option<Vec<u8>>>,
    pub(crate) sizes: BTreeMap<String, u64>,
    pub(crate) errors: Vec<SystemError>,
}

impl Tree {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.files.insert((*path).to_owned(), Some(text.as_bytes().to_vec()));
        }
        tree
    }

    pub(crate) fn bytes(mut self, path: &str, bytes: &[u8]) -> Self {
        self.files.insert(path.to_owned(), Some(bytes.to_vec()));
        self
    }

    pub(crate) fn unreadable(mut self, path: &str) -> Self {
        self.files.insert(path.to_owned(), None);
        self
    }

    /// A file that claims this size and must not be read.
    pub(crate) fn huge(mut self, path: &str, size: u64) -> Self {
        self.files.insert(path.to_owned(), None);
        self.sizes.insert(path.to_owned(), size);
        self
    }
}

impl System for Tree {
    fn walk(&self, found: &mut dyn FnMut(Result<WalkEntry, SystemError>)) {
        let mut paths: Vec<Utf8PathBuf> = self.files.keys().map(Utf8PathBuf::from).collect();
        paths.sort_by(|a, b| path_order(a, b));
        for path in paths {
            found(Ok(WalkEntry { path, kind: EntryKind::File }));
        }
        for error in &self.errors {
            found(Err(error.clone()));
        }
    }

    fn size(&self, path: &Utf8Path) -> u64 {
        let bytes = || self.files.get(path.as_str()).and_then(Option::as_ref);
        let claimed = self.sizes.get(path.as_str()).copied();
        claimed.unwrap_or_else(|| bytes().map_or(0, |bytes| bytes.len() as u64))
    }

    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        self.files.get(path.as_str()).cloned().flatten().ok_or_else(|| SystemError {
            path: path.to_owned(),
            reason: "permission denied".to_owned(),
        })
    }

    fn exists(&self, path: &Utf8Path) -> bool {
        self.files.keys().any(|file| Utf8Path::new(file).starts_with(path))
    }
}

/// A finding of `rule` at the first place where `needle` stands in the file.
pub(crate) fn finding_at(
    files: &djsec_base::Files,
    rule: &'static RuleMeta,
    path: &str,
    needle: &str,
) -> Finding {
    let file = files.find(path.into()).expect("the file is in the tree");
    let at = files.text(file).find(needle).expect("the needle is in the file");
    let range = TextRange::at(
        u32::try_from(at).expect("small").into(),
        u32::try_from(needle.len()).expect("small").into(),
    );
    Finding::new(rule, Span::new(file, range).into(), needle, format!("`{needle}` is wrong"))
}
