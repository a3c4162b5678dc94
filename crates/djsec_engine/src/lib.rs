//! Runs the stages one after the other and settles what they found with the user's config,
//! exceptions and baseline. Everything here is a function of its arguments: the tree comes through
//! [`System`], and "today" is handed in.

mod baseline;
mod catalog;
pub mod config;
mod discover;
mod fingerprint;
mod judge;
mod model;
mod run;
mod settle;
mod similar;
mod suppress;
#[cfg(test)]
mod testing;
mod trace;

pub use baseline::{Baseline, BaselineEntry, BaselineError};
pub use catalog::{Catalog, Selector, UnknownRule};
pub use config::Config;
pub use discover::discover;
pub use run::{Depth, Run, catalog, run, understand};
pub use settle::settle;
pub use similar::{did_you_mean, nearest};
pub use trace::{Answer, NoAnswer, Question, known_sinks, trace};

pub use djsec_flow::{Data, Grade, Kind, Observed, Watched};

pub use djsec_base::System;
