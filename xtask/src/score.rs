//! `cargo xtask score`: what the data-flow engine finds and misses in the corpus.

use std::process::Command;

use crate::Result;
use crate::repository::Repository;

pub(crate) fn run(repository: &Repository) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "-p", "djsec_flow", "--test", "corpus", "--", "--score"])
        .current_dir(repository.root())
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("the corpus is not answered as it says".to_owned()) }
}
