//! Modules and their identity.

use std::sync::{Arc, OnceLock};

use djsec_base::FileId;
use djsec_syntax::python;
use memchr::memmem;

use crate::Summary;
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
    pub(crate) code: LazyCode,
}

impl Module {
    /// Its code; absent for tests, migrations, vendored code and what was not read.
    pub fn code(&self) -> Option<&Code> {
        self.code.get()
    }

    /// Whether its code mentions a name anywhere.
    pub fn mentions(&self, name: &str) -> bool {
        self.code.may_mention(name) && self.code().is_some_and(|code| code.symbol(name).is_some())
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

/// The code of a module, lowered already or as soon as it is asked for.
#[derive(Debug, Default)]
pub(crate) struct LazyCode {
    lowered: OnceLock<Option<Code>>,
    source: Option<Arc<str>>,
}

impl LazyCode {
    /// Code at hand, or none at all.
    pub(crate) fn known(code: Option<Code>) -> Self {
        Self { lowered: OnceLock::from(code), source: None }
    }

    /// The code that this source has.
    pub(crate) fn of(source: Arc<str>) -> Self {
        Self { lowered: OnceLock::new(), source: Some(source) }
    }

    /// Looks at the source where the code was not lowered yet: most modules are not worth to be.
    fn may_mention(&self, name: &str) -> bool {
        let source = self.source.as_ref().filter(|_| self.lowered.get().is_none());
        source.is_none_or(|text| memmem::find(text.as_bytes(), name.as_bytes()).is_some())
    }

    fn get(&self) -> Option<&Code> {
        let lower = || {
            let text = self.source.as_deref()?;
            Some(code::lower(&python::parse(text).tree, text, true).0)
        };
        self.lowered.get_or_init(lower).as_ref()
    }
}
