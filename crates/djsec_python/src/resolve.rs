//! From a name in a module to what it means in the whole program.

use std::sync::Arc;

use crate::ModuleId;

/// What a dotted name means, after following imports, re-exports and aliases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QualifiedName {
    /// A name outside of the project, such as `django.conf.settings` or `builtins.eval`.
    External(Arc<str>),
    /// A module of the project.
    Module(ModuleId),
    /// Something defined in a module of the project, with its path in there (`Shop.Meta.ordering`).
    Project(ModuleId, Arc<str>),
    /// Nobody knows.
    Unknown,
}

impl QualifiedName {
    /// Whether it is this name outside of the project.
    pub fn is_external(&self, name: &str) -> bool {
        matches!(self, Self::External(found) if &**found == name)
    }
}
