//! The settings for a terminal, in alphabetical order.

use std::io::{self, Write};

use annotate_snippets::renderer::Style;
use djsec_base::{Files, Outcome};

use super::{SettingView, SettingsView, ValueView, shown};
use crate::neutral::neutralize;
use crate::redact::mask_addresses;
use crate::text::certainty_words;
use crate::text::style::{BAD, BOLD, CODE, DIM, GOOD, Look, WARN, columns, count, join, pad, wrap};
use crate::{Options, Report};

/// Windows narrower than this show each value below its name.
const NARROW: usize = 64;
/// Names longer than this push their value to the next line.
const NAMES: usize = 32;
/// Columns of the kind: `partial` is the longest but for `unknown`.
const KIND: usize = 8;

/// Writes the settings of each project.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_text(
    out: &mut dyn Write,
    files: &Files,
    views: &[SettingsView<'_>],
    options: &Options<'_>,
) -> io::Result<()> {
    let look = Look::of(options);
    let outcome = Outcome::default();
    // Places are printed as in a report.
    let report = Report { outcome: &outcome, files, rules: &[], options: *options };
    if views.is_empty() {
        return writeln!(out, "{}", look.paint(WARN, "No Django project was found."));
    }
    for (at, view) in views.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        Sheet { report: &report, look: &look, view }.write(out)?;
    }
    Ok(())
}

struct Sheet<'a> {
    report: &'a Report<'a>,
    look: &'a Look<'a>,
    view: &'a SettingsView<'a>,
}

impl Sheet<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)?;
        writeln!(out)?;
        let mut settings: Vec<_> = self.view.settings.iter().collect();
        settings.sort_by(|a, b| a.name.cmp(&b.name));
        let widest = settings.iter().map(|setting| columns(&setting.name)).max().unwrap_or(0);
        let names = widest.min(NAMES).min(self.look.width / 3);
        for setting in &settings {
            self.setting(out, setting, names)?;
        }
        let number = count(settings.len(), "setting");
        writeln!(out)?;
        for line in wrap(&format!("{number}{}", Self::kinds(&settings)), self.look.width) {
            writeln!(out, "{}", self.look.paint(DIM, &line))?;
        }
        Ok(())
    }

    /// What the settings are those of, and when they cannot be loaded.
    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let profile = &self.view.profile;
        let module = neutralize(&profile.module);
        let django = self.view.django.as_deref().unwrap_or("of unknown version");
        let django = format!("Django {}", neutralize(django));
        let place = match self.view.project.as_str() {
            "" => String::new(),
            root => format!(" in {}", neutralize(root)),
        };
        let facts = [certainty_words(profile.certainty).to_owned(), django];
        writeln!(out, "{}{place}", self.look.paint(BOLD, &module))?;
        for line in join(&facts, "; ", self.look.width) {
            writeln!(out, "{}", self.look.paint(DIM, &line))?;
        }
        for failure in &self.view.fails_when {
            let error = failure.error.as_deref().map(|error| format!(" ({error})"));
            let text = format!("cannot start when {}{}", failure.when, error.unwrap_or_default());
            for line in wrap(&mask_addresses(&neutralize(&text)), self.look.width) {
                writeln!(out, "{}", self.look.paint(BAD, &line))?;
            }
            if let Some(place) = failure.place {
                let place = self.look.place(self.report, place);
                writeln!(out, "{}", self.look.paint(DIM, &format!("  --> {place}")))?;
            }
        }
        Ok(())
    }

    /// `: 12 known, 3 env`
    fn kinds(settings: &[&SettingView]) -> String {
        let parts: Vec<_> = ["known", "env", "file", "union", "partial", "opaque", "absent"]
            .iter()
            .map(|kind| (kind, settings.iter().filter(|setting| setting.kind == *kind).count()))
            .filter(|(_, number)| *number > 0)
            .map(|(kind, number)| format!("{number} {kind}"))
            .collect();
        if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
    }

    fn setting(&self, out: &mut dyn Write, setting: &SettingView, names: usize) -> io::Result<()> {
        let name = neutralize(&setting.name);
        // Beside a column of names there is no room for values in a narrow window.
        let narrow = self.look.width < NARROW;
        let kind = if narrow { setting.kind.to_owned() } else { pad(setting.kind, KIND) };
        let kind = self.look.paint(kind_style(setting.kind), &kind);
        let indent = if narrow { 4 } else { names + KIND + 2 };
        if narrow {
            writeln!(out, "{} {kind}", self.look.paint(BOLD, &name))?;
        } else {
            write!(out, "{}", self.look.paint(BOLD, &pad(&name, names)))?;
            if columns(&name) > names {
                write!(out, "\n{}", " ".repeat(names))?;
            }
            write!(out, " {kind} ")?;
        }
        let mut lines = Vec::new();
        for value in &setting.values {
            lines.extend(self.value(setting, value, indent));
        }
        if setting.values.is_empty() {
            lines.push(self.look.paint(DIM, "nothing is known of its value"));
        }
        lines.extend(self.sources(setting, indent));
        for (at, line) in lines.iter().enumerate() {
            let indent = if at == 0 && !narrow { String::new() } else { " ".repeat(indent) };
            writeln!(out, "{indent}{line}")?;
        }
        Ok(())
    }

    /// The value, its guard, and whether Django supplies it.
    fn value(&self, setting: &SettingView, value: &ValueView, indent: usize) -> Vec<String> {
        let room = self.look.width.saturating_sub(indent).max(20);
        let (_, python) = shown(setting, value);
        let python = neutralize(&python).into_owned();
        let limit = if self.report.options.verbose { usize::MAX } else { room * 3 };
        let mut text: String = python.chars().take(limit).collect();
        if text.len() < python.len() {
            text.push('…');
        }
        let mut lines: Vec<_> =
            wrap(&text, room).iter().map(|line| self.look.paint(CODE, line)).collect();
        let mut remarks = Vec::new();
        remarks.extend(value.when.as_deref().map(|when| format!("when {when}")));
        if value.default {
            remarks.push(String::from("Django's default"));
        }
        let remarks = mask_addresses(&neutralize(&remarks.join("; ")));
        if remarks.is_empty() {
            return lines;
        }
        if lines.len() == 1 && columns(&text) + 2 + columns(&remarks) <= room {
            if let Some(line) = lines.last_mut() {
                *line = format!("{line}  {}", self.look.paint(DIM, &remarks));
            }
        } else {
            let words = wrap(&remarks, room - 2);
            lines.extend(words.iter().map(|line| format!("  {}", self.look.paint(DIM, line))));
        }
        lines
    }

    /// `set base.py:12, extended prod.py:40 · decided by $DEBUG`
    fn sources(&self, setting: &SettingView, indent: usize) -> Vec<String> {
        let room = self.look.width.saturating_sub(indent).max(20);
        let mut lines = Vec::new();
        if !setting.environment.is_empty() {
            let names: Vec<_> =
                setting.environment.iter().map(|name| format!("${}", neutralize(name))).collect();
            let text = format!("decided by {}", names.join(", "));
            lines.extend(wrap(&text, room).iter().map(|line| self.look.paint(DIM, line)));
        }
        for step in &setting.provenance {
            let place = self.look.place(self.report, step.place);
            lines.push(self.look.paint(DIM, &format!("{} {place}", neutralize(&step.word))));
        }
        lines
    }
}

fn kind_style(kind: &str) -> Style {
    match kind {
        "known" => GOOD,
        "env" | "file" | "union" => CODE,
        "partial" | "opaque" => WARN,
        _ => DIM,
    }
}
