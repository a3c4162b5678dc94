//! One finding: what is wrong, where, how the data gets there, and what to do.

use std::fmt::Write as _;

use djsec_base::{FileId, Files, Finding, Location, SuppressedBy};

use super::code::figure;
use crate::excerpt::{Mark, excerpts, marks_by_file};
use crate::markdown::html_spans;
use crate::page::escaped;
use crate::place::short;
use crate::redact::{Mask, Secrets};
use crate::text::safety_words;

/// A finding as an article.
pub(super) fn article(files: &Files, secrets: &mut Secrets, finding: &Finding) -> String {
    let mask = Mask::of(files, finding, secrets);
    let mut item = Item { files, secrets, finding, mask, out: String::new() };
    item.headline();
    item.places();
    item.trace();
    item.advice();
    item.facts();
    item.out.push_str("</article>\n");
    item.out
}

struct Item<'a> {
    files: &'a Files,
    secrets: &'a mut Secrets,
    finding: &'a Finding,
    mask: Mask,
    out: String,
}

impl Item<'_> {
    /// Text with its code marked, without the finding's secrets.
    fn text(&self, text: &str) -> String {
        html_spans(&self.mask.text(text))
    }

    fn headline(&mut self) {
        let Finding { severity, rule, message, fingerprint, .. } = self.finding;
        let (name, message) = (severity.name(), self.text(message));
        let _ = write!(
            self.out,
            "<article id=\"{}\" data-severity=\"{name}\">\n<h3><span class=\"badge {name}\">{name}\
             </span> {message} <a class=\"rule\" href=\"#rule-{rule}\">{rule}</a></h3>\n",
            escaped(fingerprint),
            rule = escaped(rule.id),
        );
    }

    /// The primary place and the related ones; those in one file share its excerpts.
    fn places(&mut self) {
        self.place(self.finding.primary, "");
        for note in &self.finding.related {
            self.place(note.location, &format!("{}: ", self.text(&note.text)));
        }
        for (file, marks) in marks_by_file(self.finding, |text| self.mask.text(text)) {
            self.excerpts(file, marks);
        }
    }

    /// A place that has no excerpt.
    fn place(&mut self, location: Location, said: &str) {
        if !matches!(location, Location::Span(_)) {
            let place = escaped(&short(self.files, location));
            let _ = writeln!(self.out, "<p class=\"place\">{said}<code>{place}</code></p>");
        }
    }

    fn trace(&mut self) {
        if self.finding.trace.is_empty() {
            return;
        }
        self.out.push_str("<h4>How the value gets there</h4>\n<ol class=\"trace\">\n");
        for step in &self.finding.trace {
            let said = self.text(&step.text);
            let _ = writeln!(self.out, "<li>{said}");
            self.place(step.location, "");
            if let Location::Span(span) = step.location {
                let mark = Mark { range: span.range, label: None, primary: false };
                self.excerpts(span.file, vec![mark]);
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol>\n");
    }

    fn excerpts(&mut self, file: FileId, marks: Vec<Mark>) {
        let labels: Vec<String> = marks.iter().filter_map(|mark| mark.label.clone()).collect();
        let cut = excerpts(self.files, file, marks, self.secrets, self.mask.about_secrets);
        if cut.is_empty() {
            let place = escaped(self.files.path(file).as_str());
            let said: Vec<String> = labels.iter().map(|label| escaped(label)).collect();
            let _ = writeln!(
                self.out,
                "<p class=\"place\"><code>{place}</code> {}</p>",
                said.join("; ")
            );
        }
        for excerpt in &cut {
            self.out.push_str(&figure(self.files, file, excerpt));
        }
    }

    fn advice(&mut self) {
        if let Some(help) = &self.finding.help {
            let help = self.text(help);
            let _ = writeln!(self.out, "<p class=\"advice\"><strong>Help:</strong> {help}</p>");
        }
        if let Some(fix) = &self.finding.fix {
            let safety = safety_words(fix.applicability);
            let title = self.text(&fix.title);
            let _ =
                writeln!(self.out, "<p class=\"advice\"><strong>Fix:</strong> {title}{safety}</p>");
        }
    }

    fn facts(&mut self) {
        let mut facts = Vec::new();
        facts.extend(self.finding.django_check.map(|id| format!("Django: {id}")));
        facts.extend(self.finding.rule.cwe.iter().map(|cwe| format!("CWE-{cwe}")));
        facts.push(format!("confidence: {}", self.finding.confidence.name()));
        let _ = writeln!(self.out, "<p class=\"facts\">{}</p>", escaped(&facts.join(" · ")));
    }
}

/// What keeps a finding out of the verdict, in words.
pub(super) fn kept_out(files: &Files, by: &SuppressedBy) -> String {
    match by {
        SuppressedBy::Comment { span, reason } => {
            format!("by the comment at {}: {reason}", short(files, (*span).into()))
        }
        SuppressedBy::Config { reason, owner, until } => {
            let owner = owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
            let until = until.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
            format!("by the config: {reason}{owner}{until}")
        }
        SuppressedBy::Baseline => "by the baseline".to_owned(),
    }
}
