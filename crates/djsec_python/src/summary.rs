//! What linking needs to know of one module, without its syntax tree.

use djsec_base::TextRange;

/// The outside of one module, compact enough to keep for every file.
#[derive(Debug, Default)]
pub struct Summary {
    /// Names bound at module level, in source order; a name may appear several times.
    pub bindings: Vec<Binding>,
    /// What `__all__` says, if there is one.
    pub exports: Option<Exports>,
    /// Names imported inside functions.
    pub local_imports: Vec<Binding>,
    /// Whether the file could not be read, so that nothing follows from what is absent here.
    pub unread: bool,
}

/// The contents of `__all__`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exports {
    /// The names listed, in source order.
    pub names: Vec<Box<str>>,
    /// Whether parts of it could not be read (`__all__ = make()`), so that more names may be in it.
    pub partial: bool,
}

/// A name bound at module level or in a class body.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// The name; empty for a star import.
    pub name: Box<str>,
    /// The statement, or for one name of an import the name.
    pub range: TextRange,
    /// What it is bound to.
    pub kind: BindingKind,
    /// Under which circumstances.
    pub condition: Condition,
}

/// Under which circumstances a statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Always, as far as imports go.
    Always,
    /// In a branch, a loop, or a `try` whose handlers do not expect a failing import.
    Branch,
    /// In a `try` with a handler for `ImportError` or more.
    TryImport,
    /// In that handler.
    ImportFailed,
    /// Under `if TYPE_CHECKING:`.
    TypeChecking,
}

/// The module that a `from` import names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportTarget {
    /// Leading dots.
    pub level: u32,
    /// The dotted name after the dots.
    pub module: Option<Box<str>>,
}

/// What a name is bound to. Dotted names are as written, to be resolved in their module.
#[derive(Debug, Clone, PartialEq)]
pub enum BindingKind {
    /// `import a.b` (binds `a`) or `import a.b as c` (binds `a.b`, held here).
    Import(Box<str>),
    /// `from module import name`.
    From(ImportTarget, Box<str>),
    /// `from module import *`.
    Star(ImportTarget),
    /// A function, with the dotted names of its decorators (the called name of `@a(…)`).
    Function(Box<[Box<str>]>),
    /// A class.
    Class(Box<ClassSummary>),
    /// `name = a.b`.
    Alias(Box<str>),
    /// `name = "text"`.
    Text(Box<str>),
    /// `name = a.b(…)`: the called name.
    Call(Box<str>),
    /// Anything else.
    Other,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClassSummary {
    /// Dotted names of the bases in order; empty text for a base that is not a name.
    pub bases: Vec<Box<str>>,
    /// Dotted names of the decorators.
    pub decorators: Vec<Box<str>>,
    /// Methods, nested classes and assignments of the body.
    pub attributes: Vec<Binding>,
}
