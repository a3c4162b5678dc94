//! What a project depends on, and in which versions: read from requirements files, `pyproject.toml`,
//! `setup.cfg`, `Pipfile` and lock files, without asking any package index.

#![warn(missing_docs)]

pub mod browser;
mod django;
mod imports;
mod inventory;
mod package;
mod read;
mod specifier;

pub use django::{Date, DjangoVersion, SUPPORT, SupportWindow};
pub use imports::distribution;
pub use inventory::{Inventory, Resolved};
pub use package::{Group, Origin, Package, Pin, Relation, normalized};
pub use pep440_rs::Version;
