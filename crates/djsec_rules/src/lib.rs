//! Every rule, nothing else. A rule asks the project and reports; it never parses, never walks the
//! file system, never resolves a name.

mod admins;
mod backtracking;
mod calls;
mod check;
mod classes;
mod customs;
mod cx;
mod endpoint;
mod findings;
mod fixes;
mod flows;
mod html;
mod json_pages;
mod macros;
mod network;
mod own;
mod passed;
mod payload;
mod privileges;
mod requests;
mod resolvers;
mod rows;
mod rules;
mod sent_as;
mod token_names;
mod weak_random;
mod words;
mod writers;

pub use check::{Check, Rule};
pub use cx::{Api, Class, Cx, FlowModels};
pub use endpoint::Endpoint;
pub use findings::{Findings, Reported};
pub(crate) use macros::declare_rule;
pub use rules::all;
