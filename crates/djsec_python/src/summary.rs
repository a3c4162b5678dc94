//! What linking needs to know of one module, without its syntax tree.

mod collect;
mod expression;
mod folders;
mod reads;
#[cfg(test)]
mod tests;

use djsec_base::{TextRange, Utf8Path};
use djsec_syntax::python::ast;

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
    /// Positions in `bindings`, ordered by name, then position.
    by_name: Box<[u32]>,
    /// Positions of star imports in `bindings`, ascending.
    stars: Box<[u32]>,
    /// Positions in `bindings` of names that stand for something that is called otherwise elsewhere.
    renames: Box<[u32]>,
}

impl Summary {
    /// The bindings of a name with their positions, in source order.
    pub fn named(&self, name: &str) -> impl DoubleEndedIterator<Item = (u32, &Binding)> {
        let of = |at: &u32| self.bindings.get(*at as usize);
        let start =
            self.by_name.partition_point(|at| of(at).is_some_and(|found| *found.name < *name));
        let rest = self.by_name.get(start..).unwrap_or_default();
        let length = rest.partition_point(|at| of(at).is_some_and(|found| *found.name == *name));
        rest.get(..length)
            .unwrap_or_default()
            .iter()
            .filter_map(|at| Some((*at, self.bindings.get(*at as usize)?)))
    }

    /// The star imports with their positions, in source order.
    pub fn star_imports(&self) -> impl DoubleEndedIterator<Item = (u32, &Binding)> {
        self.stars.iter().filter_map(|at| Some((*at, self.bindings.get(*at as usize)?)))
    }

    /// The bindings of names that stand for something that may be called otherwise elsewhere.
    pub(crate) fn renames(&self) -> impl Iterator<Item = &Binding> {
        let known = self.renames.iter().filter_map(|at| self.bindings.get(*at as usize));
        known.chain(self.local_imports.iter().filter(|import| import.renames()))
    }

    /// Sorts the positions that lookups need; to be called when all bindings are there.
    fn index(&mut self) {
        let count = u32::try_from(self.bindings.len()).unwrap_or(u32::MAX);
        let is_star = |at: &u32| {
            matches!(
                self.bindings.get(*at as usize),
                Some(Binding { kind: BindingKind::Star(_), .. })
            )
        };
        let (stars, mut named): (Vec<u32>, Vec<u32>) = (0..count).partition(is_star);
        named.sort_by_key(|at| (self.bindings.get(*at as usize).map(|found| &*found.name), *at));
        self.by_name = named.into();
        self.stars = stars.into();
        let renames = |at: &u32| self.bindings.get(*at as usize).is_some_and(Binding::renames);
        self.renames = (0..count).filter(renames).collect();
    }
}

/// The contents of `__all__`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exports {
    /// The names listed, in source order.
    pub names: Vec<Box<str>>,
    /// Modules whose own `__all__` is part of it (`__all__ += other.__all__`), as written.
    pub included: Vec<Box<str>>,
    /// Whether parts of it could not be read (`__all__ = make()`), so that more names may be in it.
    pub partial: bool,
}

impl Binding {
    /// Whether it stands for something that may be called otherwise elsewhere.
    pub(crate) fn renames(&self) -> bool {
        match &self.kind {
            BindingKind::From(_, original) => **original != *self.name,
            BindingKind::Alias(_) => true,
            _ => false,
        }
    }
}

/// A name bound at module level or in a class body.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// The name; empty for a star import.
    pub name: Box<str>,
    /// The statement, or for one name of an import that name.
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
    /// In a branch, a loop, or a handler that does not expect a failing import.
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
    /// `import a.b` (binds `a`, and `a` is held here) or `import a.b as c` (`a.b` is held).
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

impl BindingKind {
    /// Whether it says what the name means, rather than only that it has some value.
    pub fn informative(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Call(_) | Self::Other)
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClassSummary {
    /// Dotted names of the bases in order, type parameters removed; empty for a base that is not a name.
    pub bases: Vec<Box<str>>,
    /// Dotted names of the decorators.
    pub decorators: Vec<Box<str>>,
    /// Methods, nested classes and assignments of the body, in source order.
    pub attributes: Vec<Binding>,
}

/// Everything that is read from one tree.
#[derive(Debug, Default)]
pub(crate) struct Digest {
    pub(crate) summary: Summary,
    pub(crate) reads: Reads,
    pub(crate) folders: Vec<PathEdit>,
}

pub(crate) use collect::import_bindings;
pub(crate) use expression::{dotted, string};
pub(crate) use folders::{PathEdit, joined};
pub(crate) use reads::{Access, Reader, Reads, Visited, mention_hash};

/// What linking needs of a tree, with what was noted while it was lowered. `path` is the file's
/// place in the audited tree.
pub(crate) fn digest(
    tree: &ast::ModModule,
    text: &str,
    path: &Utf8Path,
    visited: Visited,
) -> Digest {
    let mut summary = Summary::default();
    collect::module_level(&tree.body, text, &mut summary);
    summary.local_imports = visited.local_imports;
    summary.index();
    let folders =
        if visited.edits_path { folders::path_edits(&tree.body, path) } else { Vec::new() };
    Digest { summary, reads: visited.reads, folders }
}
