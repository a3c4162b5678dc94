//! `djsec completions SHELL`.

use anyhow::Result;
use clap::CommandFactory;

use crate::{
    cli::{Cli, Completions},
    show::to_stdout,
};

pub(super) fn run(options: &Completions) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "djsec", &mut script);
    to_stdout(&script)?;
    Ok(0)
}
