//! Modules and their identity.

use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use djsec_base::FileId;
use djsec_syntax::python;
use memchr::memmem;

use crate::Summary;
use crate::calls::Sites;
use crate::code::{self, Code};

/// Identifies a module of a [`crate::Program`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// A Python file as the importer sees it.
#[derive(Debug)]
pub struct Module {
    /// Absolute dotted name, seen from the source root nearest above the file.
    pub name: Arc<str>,
    /// The file.
    pub file: FileId,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
    /// What it defines and imports.
    pub summary: Summary,
    pub(crate) lowered: Lazy,
}

impl Module {
    /// Its code; absent for tests, migrations, vendored code and what was not read.
    pub fn code(&self) -> Option<&Code> {
        if self.lowered.own { self.lowered.get().map(|lowered| &lowered.code) } else { None }
    }

    /// Whether its code may mention a name; `false` where it surely does not.
    pub fn may_mention(&self, name: &str) -> bool {
        self.lowered.may_mention(name)
    }

    /// Whether its code mentions a name anywhere. No code counts that is not the project's own.
    pub fn mentions(&self, name: &str) -> bool {
        self.may_mention(name) && self.code().is_some_and(|code| code.symbol(name).is_some())
    }

    /// What is called in it.
    pub(crate) fn calls(&self) -> Option<&Sites> {
        self.lowered.get().map(|lowered| &lowered.calls)
    }
}

/// When the code of modules is lowered: most of a program's time and memory beside its parsing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lowering {
    /// As soon as a file is parsed: for who is going to ask for all of it.
    AtOnce,
    /// Once it is asked for, at the cost of parsing that file again: for who asks for little of it.
    WhenAsked,
}

/// What is made of a module's tree besides its summary.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) code: Code,
    pub(crate) calls: Sites,
}

/// It, made already or as soon as it is asked for.
#[derive(Debug, Default)]
pub(crate) struct Lazy {
    lowered: OnceLock<Lowered>,
    source: Option<Arc<str>>,
    /// Whether it is the application's own code, which others may see.
    own: bool,
}

impl Lazy {
    /// Made already.
    pub(crate) fn known(lowered: Lowered) -> Self {
        Self { lowered: OnceLock::from(lowered), source: None, own: true }
    }

    /// To be made of this source.
    pub(crate) fn of(source: Arc<str>, own: bool) -> Self {
        Self { lowered: OnceLock::new(), source: Some(source), own }
    }

    /// Looks at the source where nothing was made of it yet: most modules are not worth it.
    pub(crate) fn may_mention(&self, name: &str) -> bool {
        self.unlowered().is_none_or(|text| memmem::find(text.as_bytes(), name.as_bytes()).is_some())
    }

    /// The same of several names, where the code is the project's own.
    pub(crate) fn may_hold(&self, names: &AhoCorasick) -> bool {
        self.own && self.unlowered().is_none_or(|text| names.is_match(text))
    }

    /// The text, as long as nothing was made of it.
    fn unlowered(&self) -> Option<&str> {
        self.source.as_deref().filter(|_| self.lowered.get().is_none())
    }

    fn get(&self) -> Option<&Lowered> {
        if let Some(known) = self.lowered.get() {
            return Some(known);
        }
        let text = self.source.as_deref()?;
        let lower = || {
            let (code, visited) = code::lower(&python::parse(text).tree, text);
            Lowered { code, calls: visited.calls }
        };
        Some(self.lowered.get_or_init(lower))
    }
}
