//! Says what Python names and expressions mean, without knowing Django: the module graph, name
//! resolution across files, and class hierarchies.

#![warn(missing_docs)]

mod calls;
pub mod code;
pub mod eval;
mod kept;
mod kin;
mod library;
mod module;
mod mro;
mod names;
mod program;
mod resolve;
mod roots;
mod summary;
#[cfg(test)]
mod trees;
pub mod value;
pub mod worlds;

pub use calls::{Argument, Call};
pub use kept::{Kept, KeptByText};
pub use kin::Kin;
pub use library::Installed;
pub use module::{Lowering, Module, ModuleId};
pub use mro::Linearizer;
pub use program::{ParseCoverage, Parsed, Program, SettingsRead};
pub use resolve::QualifiedName;
pub use summary::{Binding, BindingKind, ClassSummary, Condition, Exports, ImportTarget, Summary};
