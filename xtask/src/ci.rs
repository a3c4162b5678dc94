//! `cargo xtask ci`: what CI runs. `.ci/run` is the one list of steps, so the two cannot differ.

use std::process::Command;

use crate::Result;
use crate::repository::Repository;

pub(crate) fn run(repository: &Repository) -> Result<()> {
    let status = Command::new("bash")
        .arg(".ci/run")
        .current_dir(repository.root())
        .status()
        .map_err(|error| format!("cannot start bash for .ci/run: {error}"))?;
    if status.success() { Ok(()) } else { Err("a step of .ci/run failed".to_owned()) }
}
