//! Modules and their identity.

use std::sync::Arc;

use djsec_base::FileId;

use crate::Summary;
use crate::code::Code;

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
    /// Its code; kept for the application's own modules, not for tests, migrations and vendored code.
    pub code: Option<Code>,
}
