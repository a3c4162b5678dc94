//! Mistakes on the command line: what clap found out, in one line and a hint.

use std::{env, path::Path, process::ExitCode};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use djsec_engine::did_you_mean;

use crate::failure::{self, Failure};

/// Writes what clap has to say: help and version to stdout with status 0, mistakes to stderr with
/// status 2.
pub(crate) fn report(error: &clap::Error) -> ExitCode {
    match failure_of(error) {
        Some(failure) => failure::report(&failure.into()),
        None => {
            let _ = error.print();
        }
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// A mistake as one line and a hint; nothing for help and version.
fn failure_of(error: &clap::Error) -> Option<Failure> {
    let help = help_command();
    Some(match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::InvalidSubcommand => unknown_command(error),
        ErrorKind::UnknownArgument => unknown_argument(error, &help),
        ErrorKind::InvalidValue => wrong_value(error, &help),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            Failure::new(format!("{}{why}", no_value(error))).hint(help)
        }
        ErrorKind::MissingRequiredArgument => {
            Failure::new(format!("{} is missing", several(error, ContextKind::InvalidArg)))
                .hint(help)
        }
        ErrorKind::ArgumentConflict => {
            let one = option(&one(error, ContextKind::InvalidArg)).to_owned();
            let other = several(error, ContextKind::PriorArg);
            let line = if other == one {
                format!("{one} is given twice")
            } else {
                format!("{one} and {other} exclude each other")
            };
            Failure::new(line).hint(help)
        }
        ErrorKind::InvalidUtf8 => not_utf8(),
        _ => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            Failure::new(line.trim_start_matches("error: ")).hint(help)
        }
    })
}

fn unknown_command(error: &clap::Error) -> Failure {
    let name = one(error, ContextKind::InvalidSubcommand);
    // A folder of that name is more likely meant than a command of another.
    if Path::new(&name).is_dir() {
        return Failure::new(format!("unknown command '{name}'"))
            .hint(format!("`djsec check {name}` audits that folder"));
    }
    let near = suggestion(error, ContextKind::SuggestedSubcommand);
    Failure::new(format!("unknown command '{name}'{}", did_you_mean(near.as_deref())))
        .hint("the commands are check, settings, routes, csp, explain, rules and completions")
}

fn unknown_argument(error: &clap::Error, help: &str) -> Failure {
    let name = one(error, ContextKind::InvalidArg);
    let near = suggestion(error, ContextKind::SuggestedArg);
    if name.starts_with('-') {
        let near = did_you_mean(near.as_deref());
        return Failure::new(format!("unknown option '{name}'{near}")).hint(help);
    }
    Failure::new(format!("one argument too many: '{name}'")).hint(help)
}

fn wrong_value(error: &clap::Error, help: &str) -> Failure {
    let near = suggestion(error, ContextKind::SuggestedValue);
    let valid = several(error, ContextKind::ValidValue);
    let value = one(error, ContextKind::InvalidValue);
    if value.is_empty() {
        let name = one(error, ContextKind::InvalidArg);
        let hint = if valid.is_empty() { help.to_owned() } else { format!("choose {valid}") };
        return Failure::new(format!("{} wants a value", option(&name))).hint(hint);
    }
    Failure::new(format!("{}{}", no_value(error), did_you_mean(near.as_deref())))
        .hint(if valid.is_empty() { help.to_owned() } else { format!("choose {valid}") })
}

fn no_value(error: &clap::Error) -> String {
    let name = one(error, ContextKind::InvalidArg);
    let value = one(error, ContextKind::InvalidValue);
    format!("'{value}' is no value for {}", option(&name))
}

/// Names the argument whose bytes are no text, as far as it can be shown.
fn not_utf8() -> Failure {
    let argument = env::args_os().skip(1).find(|argument| argument.to_str().is_none());
    let shown = argument.map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    Failure::new(format!("the argument '{}' is not valid UTF-8", shown.escape_debug()))
        .hint("run djsec inside the folder, or rename it")
}

/// `--fail-on` of `--fail-on <SEVERITY>`, `--check-lock` of `--check-lock[=<FILE>]`; `SHELL` of `<SHELL>`.
fn option(name: &str) -> &str {
    let first = name.split_whitespace().next().unwrap_or(name);
    let first = first.split_once("[=").map_or(first, |(option, _)| option);
    first.trim_matches(['<', '>', '[', ']'])
}

fn one(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// "a, b or c".
fn several(error: &clap::Error, kind: ContextKind) -> String {
    let names: Vec<&str> = match error.get(kind) {
        Some(ContextValue::String(text)) => vec![option(text)],
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| option(text)).collect(),
        _ => vec![],
    };
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// The nearest name that clap knows.
fn suggestion(error: &clap::Error, kind: ContextKind) -> Option<String> {
    Some(one(error, kind)).filter(|text| !text.is_empty())
}

/// Where the options of the command in use are listed.
fn help_command() -> String {
    const COMMANDS: [&str; 7] =
        ["check", "settings", "routes", "csp", "explain", "rules", "completions"];
    let command = env::args().skip(1).find(|argument| COMMANDS.contains(&argument.as_str()));
    let command = command.map(|it| format!("{it} ")).unwrap_or_default();
    format!("`djsec {command}--help` lists arguments and options")
}
