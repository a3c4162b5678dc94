//! Templates as Django's parser and a browser read them: trees, and where in HTML each value lands.
//! Nothing here knows Python or the project, nothing fails, nothing judges.

#![warn(missing_docs)]

pub mod error;
pub mod filter;
mod frame;
mod guess;
pub mod html;
pub mod jinja;
pub mod library;
pub mod page;
pub mod parse;
mod print;
mod python;
pub mod script;
pub mod tags;
pub mod token;
pub mod tree;
