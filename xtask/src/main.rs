//! Repository chores: `cargo xtask gen`, `cargo xtask new-rule`, `cargo xtask ci`.
//!
//! Only the standard library, and none of our crates: the registry must be repairable while the
//! rules do not compile.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its terminal")]

mod ci;
mod new_rule;
mod record;
mod registry;
mod repository;
mod score;
#[cfg(test)]
mod tidy;

use std::process::ExitCode;

use repository::Repository;

const USAGE: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  gen [--check]               write the lists of rules from the rule files; --check only compares
  new-rule <GROUP> <RULE-ID>  start a rule: its file, its first case, and its place in the lists
  ci                          run what CI runs (.ci/run)
  score                       recall and precision on the corpus of data flows, by weakness
  record <WHAT>               ask the real Django again: environments, defaults, names, deploy,
                              idioms, readers or routes (vectors/README.md)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments, &Repository::here()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// Errors are sentences for the person at the terminal; nothing here recovers from one.
type Result<T> = std::result::Result<T, String>;

fn run(arguments: &[&str], repository: &Repository) -> Result<()> {
    match arguments {
        ["gen"] => {
            for path in registry::write(repository)? {
                println!("wrote {path}");
            }
            Ok(())
        }
        ["gen", "--check"] => registry::check(repository),
        ["new-rule", group, id] => {
            for path in new_rule::create(repository, group, id)? {
                println!("wrote {path}");
            }
            println!("Next: fill in the rule and its case, then `cargo test -p djsec_rules {id}`.");
            Ok(())
        }
        ["ci"] => ci::run(repository),
        ["score"] => score::run(repository),
        ["record", what] => record::run(repository, what),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("unknown command: {}\n\n{USAGE}", arguments.join(" "))),
    }
}
