//! Colors, links and line breaking.

use std::fmt::Write as _;

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use djsec_base::{FileId, Files, Location, Severity, Utf8Path};
use unicode_width::UnicodeWidthStr;

use crate::neutral::neutralize;
use crate::place::{Place, short};
use crate::{Options, Report};

pub(crate) const BOLD: Style = Style::new().effects(Effects::BOLD);
pub(crate) const DIM: Style = Style::new().effects(Effects::DIMMED);
pub(crate) const CODE: Style = AnsiColor::Cyan.on_default();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
pub(crate) const BAD: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);

/// The color of a severity.
pub(crate) const fn of_severity(severity: Severity) -> Style {
    let color = match severity {
        Severity::Critical => AnsiColor::BrightMagenta,
        Severity::High => AnsiColor::BrightRed,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low => AnsiColor::BrightBlue,
        // Green is for what to do, cyan for places that belong to a finding.
        Severity::Info => return BOLD,
    };
    color.on_default().effects(Effects::BOLD)
}

/// How text is dressed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    color: bool,
    root: Option<&'a Utf8Path>,
    pub(crate) width: usize,
}

/// Narrower terminals get lines of this width, which they break themselves.
const NARROWEST: usize = 40;
/// Wider lines are hard to read.
const WIDEST: usize = 120;

impl<'a> Look<'a> {
    pub(crate) fn of(options: &Options<'a>) -> Self {
        Self {
            color: options.color,
            root: options.root.filter(|_| options.hyperlinks),
            width: options.width.clamp(NARROWEST, WIDEST),
        }
    }

    /// `text` in a style, when there is color.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Whether there is color.
    pub(crate) const fn colored(&self) -> bool {
        self.color
    }

    /// `text` as a hyperlink to a file of the audited tree, when links are wanted.
    pub(crate) fn link(&self, files: &Files, file: FileId, text: &str) -> String {
        let Some(root) = self.root else { return text.to_owned() };
        let mut uri = String::from("file://");
        percent_encode(root.join(files.path(file)).as_str(), &mut uri);
        format!("\u{1b}]8;;{uri}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
    }

    /// `path:line`, harmless, as a link.
    pub(crate) fn place(&self, report: &Report<'_>, location: Location) -> String {
        let text = short(report.files, location);
        let text = neutralize(&text);
        match Place::of(report.files, location) {
            Some(place) => self.link(report.files, place.file, &text),
            None => text.into_owned(),
        }
    }
}

/// Appends `path` with everything but unreserved characters and `/` encoded.
pub(crate) fn percent_encode(path: &str, out: &mut String) {
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
}

/// Columns that `text` takes; escape sequences must not be in it.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` padded with blanks to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Breaks `text` at blanks into lines of at most `width` columns; longer words stay whole.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && columns(&line) + 1 + columns(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Joins `pieces` into lines of at most `width` columns; pieces stay whole.
pub(crate) fn join(pieces: &[String], separator: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if columns(line) + columns(separator) + columns(piece) <= width => {
                line.push_str(separator);
                line.push_str(piece);
            }
            _ => lines.push(piece.clone()),
        }
    }
    lines
}

/// `1 finding`, `2 findings`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let number_text = thousands(number);
    if number == 1 { format!("1 {noun}") } else { format!("{number_text} {noun}s") }
}

/// `24112` as `24,112`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
