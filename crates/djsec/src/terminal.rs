//! What the terminal can show: colors, hyperlinks, width.

use std::{
    env,
    io::{self, IsTerminal},
};

use crate::cli::When;

/// The width of reports that do not go to a terminal.
const PLAIN_WIDTH: usize = 100;
/// Wider lines are hard to read.
const WIDEST: usize = 120;

/// Whether to write colors to stdout: the option, then `NO_COLOR`, then `CLICOLOR_FORCE`, then
/// whether a terminal is there.
pub(crate) fn color(when: When) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => auto_color(io::stdout().is_terminal()),
    }
}

fn auto_color(terminal: bool) -> bool {
    if is_set("NO_COLOR") {
        return false;
    }
    if is_set("CLICOLOR_FORCE") && env::var_os("CLICOLOR_FORCE").is_some_and(|it| it != "0") {
        return true;
    }
    terminal && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Whether to write hyperlinks to stdout: only terminals known to show them get any.
pub(crate) fn hyperlinks(when: When) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => io::stdout().is_terminal() && !is_set("CI") && shows_links(),
    }
}

fn shows_links() -> bool {
    let program = env::var("TERM_PROGRAM").unwrap_or_default();
    let term = env::var("TERM").unwrap_or_default();
    let vte = env::var("VTE_VERSION").ok().and_then(|version| version.parse().ok());
    matches!(program.as_str(), "iTerm.app" | "WezTerm" | "vscode" | "ghostty" | "Hyper" | "zed")
        || term.contains("kitty")
        || term.contains("alacritty")
        || term.contains("foot")
        || vte.is_some_and(|version: u32| version >= 5000)
        || is_set("WT_SESSION")
        || is_set("KONSOLE_VERSION")
}

/// The columns to write within.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return PLAIN_WIDTH;
    }
    terminal_size::terminal_size()
        .map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0).min(WIDEST))
}

/// Colors a word for stderr when people watch.
pub(crate) fn paint_stderr(style: &str, text: &str) -> String {
    if auto_color(io::stderr().is_terminal()) {
        format!("\u{1b}[{style}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}
