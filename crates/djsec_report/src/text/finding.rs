//! One finding: headline, excerpts, the way of the value, and what to do.

use std::io::{self, Write};

use annotate_snippets::renderer::Style;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Padding, Renderer, Snippet,
};
use djsec_base::{Applicability, FileId, Finding, Location};

use super::style::{BOLD, CODE, DIM, GOOD, Look, columns, join, of_severity, wrap};
use crate::Report;
use crate::excerpt::{Excerpt, Mark, excerpts, marks_by_file};
use crate::neutral::neutralize;
use crate::place::short;
use crate::redact::{Mask, Secrets};

/// Steps of a trace shown without `-v`; the middle of longer ones is left out.
const STEPS: usize = 12;
/// What continued lines of the headline start with.
const HANG: &str = "    ";

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    look: &Look<'_>,
    secrets: &mut Secrets,
    finding: &Finding,
) -> io::Result<()> {
    let mask = Mask::of(report.files, finding, secrets);
    let mut page = Page { report, look, secrets, finding, mask, printed: Vec::new() };
    page.headline(out)?;
    let rendered = page.body();
    writeln!(out, "{}\n", page.linked(&rendered))
}

struct Page<'a> {
    report: &'a Report<'a>,
    look: &'a Look<'a>,
    secrets: &'a mut Secrets,
    finding: &'a Finding,
    mask: Mask,
    /// The places that the excerpts name, in order.
    printed: Vec<Printed>,
}

/// A place as an excerpt names it.
struct Printed {
    file: FileId,
    path: String,
    at: Option<(usize, usize)>,
}

impl Page<'_> {
    /// Harmless text without the finding's secrets.
    fn clean(&self, text: &str) -> String {
        neutralize(&self.mask.text(text)).into_owned()
    }

    /// `high[debug-enabled]: message`, broken into lines.
    fn headline(&self, out: &mut dyn Write) -> io::Result<()> {
        let severity = self.finding.severity;
        let name = format!("{}[{}]", severity.name(), self.finding.rule.id);
        let message = self.clean(&self.finding.message);
        let style = of_severity(severity);
        // The name takes part in the line breaking as a word of its own.
        let stand_in = "x".repeat(columns(&name) + 1);
        let whole = format!("{stand_in} {message}");
        let lines = wrap(&whole, self.look.width.saturating_sub(HANG.len()));
        for (at, line) in lines.iter().enumerate() {
            let line = match line.strip_prefix(stand_in.as_str()).filter(|_| at == 0) {
                Some(rest) => {
                    let name = self.look.paint(style, &name);
                    format!("{name}{}", self.look.paint(BOLD, &format!(":{rest}")))
                }
                None => format!("{HANG}{}", self.look.paint(BOLD, line)),
            };
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn body(&mut self) -> String {
        let mut groups = vec![Group::with_level(Level::ERROR).elements(self.places())];
        if !self.finding.trace.is_empty() {
            let title = Level::NOTE.secondary_title("how the value gets there");
            groups.push(Group::with_title(title).elements(self.trace()));
        }
        let words = self.words();
        if let Some(last) = groups.pop() {
            let gap = (!groups.is_empty()).then_some(Padding);
            groups.push(last.elements(gap).elements(words));
        }
        self.renderer().render(&groups)
    }

    fn renderer(&self) -> Renderer {
        let renderer = Renderer::plain().term_width(self.look.width);
        if !self.look.colored() {
            return renderer;
        }
        renderer
            .error(of_severity(self.finding.severity))
            .note(BOLD)
            .help(GOOD)
            .context(CODE)
            .line_num(DIM)
            .emphasis(BOLD)
    }

    /// The primary place and the related ones: those in the same file share its excerpt.
    fn places(&mut self) -> Vec<Element<'static>> {
        let mut elements = Vec::new();
        if !matches!(self.finding.primary, Location::Span(_)) {
            elements.push(self.origin(self.finding.primary));
        }
        for (file, marks) in marks_by_file(self.finding, |text| self.clean(text)) {
            self.excerpts(file, marks, &mut elements);
        }
        elements
    }

    /// The steps, numbered; neighbors in the same file share an excerpt.
    fn trace(&mut self) -> Vec<Element<'static>> {
        let steps = &self.finding.trace;
        let (head, tail) = if self.report.options.verbose || steps.len() <= STEPS {
            (steps.len(), 0)
        } else {
            (STEPS / 2, STEPS / 2)
        };
        let mut elements = Vec::new();
        let mut open: Option<(FileId, Vec<Mark>)> = None;
        for (at, step) in steps.iter().enumerate() {
            if at >= head && at + tail < steps.len() {
                if at == head {
                    self.close(&mut open, &mut elements);
                    let left_out = steps.len() - head - tail;
                    let text = format!("… {left_out} steps (-v shows them)");
                    elements.push(message(self.look.paint(DIM, &text)));
                }
                continue;
            }
            let label = format!("{}. {}", at + 1, self.clean(&step.text));
            if let Location::Span(span) = step.location {
                let mark = Mark { range: span.range, label: Some(label), primary: false };
                match &mut open {
                    Some((file, marks)) if *file == span.file => marks.push(mark),
                    _ => {
                        self.close(&mut open, &mut elements);
                        open = Some((span.file, vec![mark]));
                    }
                }
            } else {
                self.close(&mut open, &mut elements);
                let place = neutralize(&short(self.report.files, step.location)).into_owned();
                elements.push(message(format!("{label} ({place})")));
            }
        }
        self.close(&mut open, &mut elements);
        elements
    }

    fn close(
        &mut self,
        open: &mut Option<(FileId, Vec<Mark>)>,
        elements: &mut Vec<Element<'static>>,
    ) {
        if let Some((file, marks)) = open.take() {
            self.excerpts(file, marks, elements);
        }
    }

    fn excerpts(&mut self, file: FileId, marks: Vec<Mark>, elements: &mut Vec<Element<'static>>) {
        let labels: Vec<_> = marks.iter().filter_map(|mark| mark.label.clone()).collect();
        let about_secrets = self.mask.about_secrets;
        let cut = excerpts(self.report.files, file, marks, self.secrets, about_secrets);
        if cut.is_empty() {
            elements.push(self.origin(Location::File(file)));
            elements.extend(labels.into_iter().map(message));
        }
        for excerpt in cut {
            let path = neutralize(self.report.files.path(file).as_str()).into_owned();
            self.printed.push(Printed { file, path: path.clone(), at: Some(excerpt.start) });
            elements.push(snippet(excerpt, path));
        }
    }

    /// `--> path`
    fn origin(&mut self, location: Location) -> Element<'static> {
        let path = neutralize(&short(self.report.files, location)).into_owned();
        if let Location::File(file) = location {
            self.printed.push(Printed { file, path: path.clone(), at: None });
        }
        Origin::path(path).into()
    }

    /// Notes without an excerpt, what to do, and where to read more.
    fn words(&self) -> Vec<Element<'static>> {
        let mut words = Vec::new();
        for note in &self.finding.related {
            if !matches!(note.location, Location::Span(_)) {
                let place = short(self.report.files, note.location);
                self.word(&mut words, "note", BOLD, &format!("{} ({place})", note.text));
            }
        }
        if let Some(fix) = &self.finding.fix {
            let safety = safety_words(fix.applicability);
            let change = match fix.edits.as_slice() {
                [edit] if (1..60).contains(&edit.text.len()) && !edit.text.contains('\n') => {
                    format!(": `{}`", edit.text)
                }
                _ => String::new(),
            };
            self.word(&mut words, "fix", GOOD, &format!("{}{change}{safety}", fix.title));
        }
        if let Some(help) = &self.finding.help {
            self.word(&mut words, "help", GOOD, help);
        }
        let mut facts = Vec::new();
        facts.extend(self.finding.django_check.map(|id| format!("django: {id}")));
        facts.extend(self.finding.rule.cwe.first().map(|cwe| format!("CWE-{cwe}")));
        facts.push(format!("confidence: {}", self.finding.confidence.name()));
        facts.push(format!("run `djsec explain {}`", self.finding.rule.id));
        let facts = join(&facts, " · ", self.room(0));
        let facts: Vec<_> = facts.iter().map(|line| self.look.paint(DIM, line)).collect();
        words.push(message(facts.join("\n")));
        words
    }

    /// A message with a colored name and lines under each other.
    fn word(&self, words: &mut Vec<Element<'static>>, name: &str, style: Style, text: &str) {
        let lines = wrap(&self.clean(text), self.room(name.len() + 2));
        let indent = format!("\n{}", " ".repeat(name.len() + 2));
        let name = self.look.paint(style, &format!("{name}:"));
        words.push(message(format!("{name} {}", lines.join(&indent))));
    }

    /// Columns left for words after the line numbers and `used` columns.
    fn room(&self, used: usize) -> usize {
        self.look.width.saturating_sub(8 + used)
    }

    /// Turns the places that excerpts name into links, and puts the true line and column there.
    /// The renderer can do neither: it rightly neutralizes escape sequences in paths, and it
    /// counts in the excerpt, where secrets are hidden and long lines cut.
    fn linked(&self, rendered: &str) -> String {
        let mut out = String::with_capacity(rendered.len());
        let mut rest = rendered;
        for Printed { file, path, at } in &self.printed {
            let Some(arrow) = [rest.find("--> "), rest.find("::: ")].into_iter().flatten().min()
            else {
                break;
            };
            let Some((head, tail)) = rest.split_at_checked(arrow) else { break };
            let Some((between, after)) = tail.split_once(path.as_str()) else { break };
            out.push_str(head);
            out.push_str(between);
            let place = match at {
                Some((line, column)) => format!("{path}:{line}:{column}"),
                None => path.clone(),
            };
            let counted = |c: char| at.is_some() && (c == ':' || c.is_ascii_digit());
            rest = after.trim_start_matches(counted);
            out.push_str(&self.look.link(self.report.files, *file, &place));
        }
        out.push_str(rest);
        out
    }
}

/// How safely a fix may be applied, as the end of a sentence about it.
pub(crate) const fn safety_words(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "",
        Applicability::Unsafe => " (unsafe: check that it fits)",
        Applicability::DisplayOnly => " (a suggestion)",
    }
}

fn message(text: String) -> Element<'static> {
    Level::NOTE.no_name().message(text).into()
}

fn snippet(excerpt: Excerpt, path: String) -> Element<'static> {
    let marks = excerpt.marks.into_iter().map(|(range, mark)| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(range).label(mark.label)
    });
    Snippet::source(excerpt.source)
        .path(path)
        .line_start(excerpt.first_line)
        .annotations(marks)
        .into()
}
