//! From a name in a module to what it means in the whole program.

mod builtins;
mod follow;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(crate) use self::builtins::is_builtin;
pub(crate) use self::follow::Place;
use self::follow::{END, Follow, Found};
use crate::code::{ClassId, Code, FunctionId};
use crate::summary::{Binding, BindingKind, ClassSummary};
use crate::{ModuleId, Program};

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

impl Program {
    /// What a dotted name means where a module uses it at module level, after all of it has run.
    /// Names imported inside functions count where the module itself has no such name. Answers are kept.
    pub fn resolve(&self, module: ModuleId, dotted: &str) -> QualifiedName {
        if self.is_installed(module) {
            return self.installed_name(module, dotted);
        }
        self.kept.get_or(&module, dotted, || match Follow::new(self).dotted(module, dotted, END) {
            Found::Absent => Follow::new(self).local(module, dotted).into_name(),
            found => found.into_name(),
        })
    }

    /// The binding behind a name defined in the project.
    pub fn binding(&self, name: &QualifiedName) -> Option<&Binding> {
        let QualifiedName::Project(module, path) = name else { return None };
        let follow = || match Follow::new(self).dotted(*module, path, END) {
            Found::Definition(definition) => Some(definition),
            _ => None,
        };
        // A binding cannot be kept beside the module that has it, but its place can.
        let keep = || match follow() {
            None => Place::Nowhere,
            Some(definition) => definition.place(self),
        };
        match self.kept_bindings.get_or(module, path, keep) {
            Place::Nowhere => None,
            Place::At(module, at) => self.module(module)?.summary.bindings.get(at),
            Place::Within => follow().map(|definition| definition.binding),
        }
    }

    /// The class behind a name defined in the project.
    pub fn class(&self, name: &QualifiedName) -> Option<&ClassSummary> {
        match &self.binding(name)?.kind {
            BindingKind::Class(class) => Some(class),
            _ => None,
        }
    }

    /// The code of a module; absent for tests, migrations, vendored code and what was not read.
    pub fn code(&self, module: ModuleId) -> Option<&Code> {
        self.module(module)?.code()
    }

    /// The code of a class of the project.
    pub fn class_code(&self, name: &QualifiedName) -> Option<(&Code, ClassId)> {
        let QualifiedName::Project(module, path) = name else { return None };
        let code = self.code(*module)?;
        Some((code, code.class_at(path)?))
    }

    /// The code of a function or method of the project.
    pub fn function_code(&self, name: &QualifiedName) -> Option<(&Code, FunctionId)> {
        let QualifiedName::Project(module, path) = name else { return None };
        let code = self.code(*module)?;
        Some((code, code.function_at(path)?))
    }

    /// The absolute dotted name; `None` for [`QualifiedName::Unknown`].
    pub fn dotted(&self, name: &QualifiedName) -> Option<String> {
        match name {
            QualifiedName::External(name) => Some(name.to_string()),
            QualifiedName::Module(module) => Some(self.module(*module)?.name.to_string()),
            QualifiedName::Project(module, path) => {
                Some(format!("{}.{path}", self.module(*module)?.name))
            }
            QualifiedName::Unknown => None,
        }
    }

    /// The bases of a class in source order; [`QualifiedName::Unknown`] for what is no plain name.
    pub fn bases(&self, class: &QualifiedName) -> Vec<QualifiedName> {
        let QualifiedName::Project(module, path) = class else { return Vec::new() };
        match Follow::new(self).dotted(*module, path, END) {
            Found::Definition(definition) => {
                Follow::new(self).bases(&definition).into_iter().map(Found::into_name).collect()
            }
            _ => Vec::new(),
        }
    }
}
