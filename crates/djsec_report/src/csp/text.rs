//! The policy for a terminal: what to paste, then what to do and what is not known.

use std::io::{self, Write};

use djsec_base::{Files, Outcome};

use super::snippet::snippet;
use super::{CspView, NoteView, Style};
use crate::neutral::neutralize;
use crate::text::style::{BOLD, CODE, DIM, GOOD, Look, WARN, count, join, wrap};
use crate::{Options, Report};

/// Places that are shown of each note; `-v` shows all.
const SHOWN: usize = 4;

/// Writes the policy of each project.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_text(
    out: &mut dyn Write,
    files: &Files,
    views: &[CspView],
    options: &Options<'_>,
) -> io::Result<()> {
    let look = Look::of(options);
    let outcome = Outcome::default();
    // Places are printed as in a report.
    let report = Report { outcome: &outcome, files, rules: &[], options: *options };
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
    view: &'a CspView,
}

impl Sheet<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let view = self.view;
        self.head(out)?;
        self.verdict(out)?;
        for line in snippet(view).lines() {
            let line = neutralize(line);
            if line.is_empty() {
                writeln!(out)?;
            } else {
                writeln!(out, "    {}", self.look.paint(CODE, &line))?;
            }
        }
        self.notes(out, "Before it is enforced, change", &view.tasks)?;
        self.notes(out, "Looser than it could be, because of", &view.looser)?;
        self.notes(out, "'strict-dynamic' is not in it, because of", &view.strict)?;
        self.notes(out, "Not known", &view.unknown)
    }

    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let view = self.view;
        let place = match view.project.as_str() {
            "" => String::new(),
            root => format!(" in {}", neutralize(root)),
        };
        let module = neutralize(&view.module);
        writeln!(out, "{}{place}", self.look.paint(BOLD, &module))?;
        let django = view.django.as_deref().unwrap_or("of unknown version");
        let facts = [format!("Django {}", neutralize(django)), count(view.pages, "page")];
        for line in join(&facts, "; ", self.look.width) {
            writeln!(out, "{}", self.look.paint(DIM, &line))?;
        }
        for present in &view.present {
            let sent = if present.enforced { "enforced" } else { "only reported" };
            let place = present.place.map(|place| self.look.place(self.report, place));
            let place = place.map(|place| format!("  {place}")).unwrap_or_default();
            let text = format!("set now: {} ({sent})", neutralize(&present.setting));
            writeln!(out, "{}{}", self.look.paint(DIM, &text), self.look.paint(DIM, &place))?;
        }
        writeln!(out)
    }

    /// What the policy is good for.
    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let (style, text) = if self.view.pages == 0 {
            (WARN, "djsec found no templates, so this policy is only a start:")
        } else if self.view.can_be_enforced() {
            (
                GOOD,
                "This policy allows all that djsec sees in the templates. What it does not see stands \
                 below, so let it only be reported for a while before:",
            )
        } else {
            (
                WARN,
                "This policy is as strict as the templates can get. It would block some of what they do \
                 now, so it is only reported until that is changed:",
            )
        };
        for line in wrap(text, self.look.width) {
            writeln!(out, "{}", self.look.paint(style, &line))?;
        }
        if self.view.style == Style::Nginx {
            let text = "(one header for all pages: it can have no nonces)";
            writeln!(out, "{}", self.look.paint(DIM, text))?;
        }
        writeln!(out)
    }

    fn notes(&self, out: &mut dyn Write, title: &str, notes: &[NoteView]) -> io::Result<()> {
        if notes.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", self.look.paint(BOLD, title))?;
        for note in notes {
            self.note(out, note)?;
        }
        Ok(())
    }

    fn note(&self, out: &mut dyn Write, note: &NoteView) -> io::Result<()> {
        let room = self.look.width.saturating_sub(4);
        let number = if note.places.len() > SHOWN && !starts_with_number(&note.text) {
            format!(" ({})", count(note.places.len(), "place"))
        } else {
            String::new()
        };
        for (at, line) in
            wrap(&neutralize(&format!("{}{number}", note.text)), room).iter().enumerate()
        {
            writeln!(out, "{}{line}", if at == 0 { "  - " } else { "    " })?;
        }
        if let Some(help) = &note.help {
            for line in wrap(&neutralize(help), room) {
                writeln!(out, "    {}", self.look.paint(CODE, &line))?;
            }
        }
        let verbose = self.report.options.verbose;
        let shown = if verbose { note.places.len() } else { SHOWN };
        for span in note.places.iter().take(shown) {
            let place = self.look.place(self.report, (*span).into());
            writeln!(out, "    {}", self.look.paint(DIM, &place))?;
        }
        if note.places.len() > shown {
            let more = note.places.len() - shown;
            let text = format!("and {more} more (-v lists them)");
            writeln!(out, "    {}", self.look.paint(DIM, &text))?;
        }
        Ok(())
    }
}

fn starts_with_number(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_digit())
}
