//! Turns text into trees with spans, one module per language. Nothing here knows Django or the
//! project, nothing fails: what cannot be read becomes a [`SyntaxError`] beside the tree.

#![warn(missing_docs)]

pub mod data;
pub mod dockerfile;
pub mod dotenv;
pub mod ini;
pub mod json;
pub mod nginx;
pub mod procfile;
pub mod python;
pub mod requirements;
pub mod shell;
pub mod toml;
pub mod yaml;

mod parsed;

pub use parsed::{Parsed, SyntaxError, Text, under};
