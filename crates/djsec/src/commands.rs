//! One module per command; each gives the exit status.

mod check;
mod completions;
mod csp;
mod explain;
mod routes;
mod routes_scoping;
mod routes_view;
mod rules;
mod settings;
mod trace;
mod view;

use anyhow::Result;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::cli::{Cli, Command};

/// Runs the command that was asked for.
pub(crate) fn run(cli: &Cli) -> Result<u8> {
    match &cli.command {
        Command::Check(options) => check::run(options, &cli.look),
        Command::Settings(options) => settings::run(options, &cli.look),
        Command::Routes(options) => routes::run(options, &cli.look),
        Command::Csp(options) => csp::run(options, &cli.look),
        Command::Explain(options) => explain::run(options, &cli.look),
        Command::Rules(options) => rules::run(options, &cli.look),
        Command::Completions(options) => completions::run(options),
    }
}

/// Today in UTC: the same everywhere.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
