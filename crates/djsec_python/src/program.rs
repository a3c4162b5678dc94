//! All Python of the tree, linked.

use djsec_base::{FileId, Files, Notice, Span, Utf8Path};

use crate::{Binding, Module, ModuleId, QualifiedName};

/// All Python modules of the tree, and what their names mean. Shared by all Django projects in it.
#[derive(Debug, Default)]
pub struct Program {
    modules: Vec<Module>,
}

/// What parsing has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParseCoverage {
    /// Python files parsed.
    pub files: usize,
    /// Lines in them.
    pub lines: usize,
    /// Files with syntax errors, read as far as they can be.
    pub syntax_errors: usize,
    /// Files with statements that were left out because they nest too deep.
    pub too_deep: usize,
}

/// A place that reads one of Django's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRead<'a> {
    /// The setting.
    pub name: &'a str,
    /// The whole expression (`settings.NAME`, `getattr(settings, "NAME", …)`).
    pub span: Span,
    /// Whether an absent setting is provided for (`getattr` with a default, `hasattr`).
    pub has_default: bool,
}

impl Program {
    /// Parses every Python file in parallel, keeps a summary of each and drops the trees.
    pub fn build(_files: &Files) -> (Self, Vec<Notice>, ParseCoverage) {
        (Self::default(), Vec::new(), ParseCoverage::default())
    }

    /// The module with this id.
    pub fn module(&self, id: ModuleId) -> Option<&Module> {
        self.modules.get(id.0 as usize)
    }

    /// All modules, in order of their files.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        (0_u32..).map(ModuleId).zip(&self.modules)
    }

    /// The module of a file.
    pub fn module_of(&self, _file: FileId) -> Option<ModuleId> {
        None
    }

    /// The module that a configuration means by an absolute dotted name, seen from a folder
    /// (a project root) or a file.
    pub fn find(&self, _name: &str, _near: &Utf8Path) -> Option<ModuleId> {
        None
    }

    /// The project module that `import name` would bring in `from` a module. Stricter than
    /// [`Self::find`]: `import stripe` never means the folder `integrations/stripe`.
    pub fn imported(&self, _from: ModuleId, _name: &str) -> Option<ModuleId> {
        None
    }

    /// The absolute dotted name of a relative import; `None` when it leaves the tree.
    pub fn absolute(&self, _from: ModuleId, _level: u32, _module: Option<&str>) -> Option<String> {
        None
    }

    /// The project module that `from <level dots><module> import …` names.
    pub fn import_target(
        &self,
        _from: ModuleId,
        _level: u32,
        _module: Option<&str>,
    ) -> Option<ModuleId> {
        None
    }

    /// What a dotted name means where a module uses it at module level.
    pub fn resolve(&self, _module: ModuleId, _dotted: &str) -> QualifiedName {
        QualifiedName::Unknown
    }

    /// The binding behind a name defined in the project.
    pub fn binding(&self, _name: &QualifiedName) -> Option<&Binding> {
        None
    }

    /// The absolute dotted name; `None` for [`QualifiedName::Unknown`].
    pub fn dotted(&self, _name: &QualifiedName) -> Option<String> {
        None
    }

    /// A class and its bases in method resolution order, externals as leaves.
    pub fn mro(&self, class: &QualifiedName) -> Vec<QualifiedName> {
        vec![class.clone()]
    }

    /// Every read of a Django setting, in order of file and place.
    pub fn settings_reads(&self) -> impl Iterator<Item = SettingsRead<'_>> {
        std::iter::empty()
    }

    /// Whether an upper-case name appears anywhere as a name that is read, an attribute, a keyword
    /// or a string: `false` means that nothing in the tree's Python reads it.
    pub fn mentions_name(&self, _name: &str) -> bool {
        true
    }
}
