//! Errors as users see them: one line that says what is wrong, and a hint that says what to do.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
};

use djsec_engine::UnknownRule;

use crate::terminal::paint_stderr;

/// Why djsec could not do its job.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is wrong; one line each.
    lines: Vec<String>,
    /// What to do about it.
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self { lines: vec![line.into()], hint: None }
    }

    /// Several things that are wrong, such as all mistakes of a config.
    pub(crate) const fn lines(lines: Vec<String>) -> Self {
        Self { lines, hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn unknown_rule(error: &UnknownRule) -> Self {
        Self::new(error.to_string()).hint("`djsec rules` lists the rules and their groups")
    }

    pub(crate) fn crash(what: &str) -> Self {
        let line = what.lines().next().unwrap_or_default();
        Self::new(format!("djsec crashed: {line}"))
            .hint("this is a bug in djsec; please report it with the command and the project")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.lines.join("\n"))
    }
}

impl std::error::Error for Failure {}

/// Writes an error to stderr.
pub(crate) fn report(error: &anyhow::Error) {
    let mut err = io::stderr().lock();
    let label = paint_stderr("1;31", "error:");
    // When stderr is gone, there is nobody to tell.
    match error.downcast_ref::<Failure>() {
        Some(failure) => {
            for line in &failure.lines {
                let _ = writeln!(err, "{label} {line}");
            }
            if let Some(hint) = &failure.hint {
                let _ = writeln!(err, "{} {hint}", paint_stderr("1;36", " hint:"));
            }
        }
        None => {
            let _ = writeln!(err, "{label} {error:#}");
        }
    }
}

/// A word about what was done, for people who watch.
pub(crate) fn say(quiet: bool, text: &str) {
    if !quiet {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// Whether people watch stderr.
pub(crate) fn watched() -> bool {
    io::stderr().is_terminal()
}
