//! Where untrusted data goes in a whole Django project.
//!
//! Every function is run once in the abstract: values stand for what they are, as far as calls depend
//! on it, and for the untrusted data in them. What comes out is a *summary* in terms of its
//! parameters: what of them is in what it gives back, which of them it writes to, and in which sinks
//! they end. Summaries are solved bottom-up over the calls of the project, side by side. Where data of
//! a request meets a sink, there is a [`Flow`], with every step on its way.
//!
//! What packages do is data: see [`Catalog`].

mod args;
mod argv;
mod attributes;
mod captured;
mod catalog;
mod dispatch;
mod entry;
mod env;
mod flow;
mod globals;
mod groundwork;
mod hits;
#[cfg(test)]
mod hostile;
mod index;
mod kind;
mod listed;
mod pages;
mod parsing;
mod registered;
mod run;
mod secret;
mod solve;
mod summary;
mod taint;
#[cfg(test)]
mod tests;
mod trail;
mod value;
mod variants;
mod wait;
mod watch;

pub use catalog::{Catalog, ModelError, Sink};
pub use flow::{Flow, Flows};
pub use groundwork::Groundwork;
pub use kind::{Kind, Kinds};
pub use solve::{Request, flows};
pub use taint::{Grade, Source};
pub use trail::Step;
pub use watch::{Data, Observed, Watched, watch};
