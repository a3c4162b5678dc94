//! What was audited, as what: one block per Django project.

use std::io::{self, Write};

use djsec_base::{Certainty, EvidenceLine, Outcome, ProfileSummary, ProjectSummary, Utf8Path};

use super::style::{BAD, BOLD, DIM, GOOD, Look, WARN, columns, join, pad, wrap};
use crate::Report;
use crate::neutral::neutralize;
use crate::redact::{mask_addresses, mask_evidence};

/// The column in which the values start.
const INDENT: usize = 14;
/// Lines of evidence or environment shown without `-v`.
const FEW: usize = 6;

/// Ways in which the start fails that are listed without `-v`.
const FEW_FAILURES: usize = 3;
/// The kinds of settings, best known first.
const KINDS: [&str; 6] = ["known", "env", "file", "union", "partial", "opaque"];

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, look: &Look<'_>) -> io::Result<()> {
    if report.outcome.projects.is_empty() {
        let text = "No Django project was found: only what can be said without one was checked.";
        return writeln!(out, "{}\n", look.paint(WARN, text));
    }
    for project in &report.outcome.projects {
        Block { report, look, project }.write(out)?;
    }
    Ok(())
}

/// `Stated` and its like, as the end of a sentence about the profile.
pub(crate) const fn certainty_words(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated => "as you stated",
        Certainty::Deployed => "what the deployment starts",
        Certainty::Fallback => "the fallback of wsgi.py or asgi.py",
        Certainty::Guessed => "a guess: no deployment file says so",
    }
}

/// The folder of a project; for the audited folder itself its own name.
pub(crate) fn root_name<'a>(report: &Report<'a>, project: &'a ProjectSummary) -> &'a str {
    let audited = report.options.root.and_then(Utf8Path::file_name).unwrap_or(".");
    let root = project.root.as_str();
    if root.is_empty() { audited } else { root }
}

/// The project of an outcome, if there is exactly one.
pub(super) fn only_project(outcome: &Outcome) -> Option<&ProjectSummary> {
    outcome.projects.first().filter(|_| outcome.projects.len() == 1)
}

struct Block<'a> {
    report: &'a Report<'a>,
    look: &'a Look<'a>,
    project: &'a ProjectSummary,
}

impl Block<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let root = self.look.paint(BOLD, &neutralize(root_name(self.report, self.project)));
        self.row(out, "Project", &format!("{root}  {}", self.django()))?;
        if let Some(profile) = &self.project.profile {
            self.profile(out, profile)?;
        } else {
            let text = "no settings module was found: nothing is known of production";
            self.row(out, "Production", &self.look.paint(WARN, text))?;
        }
        writeln!(out)
    }

    fn row(&self, out: &mut dyn Write, label: &str, value: &str) -> io::Result<()> {
        writeln!(out, "{} {value}", self.look.paint(DIM, &pad(label, INDENT - 1)))
    }

    fn django(&self) -> String {
        let Some(version) = &self.project.django else {
            return self.look.paint(WARN, "Django, version unknown");
        };
        let version = neutralize(version);
        match self.project.django_source {
            Some(source) => {
                let place = self.look.place(self.report, source);
                format!("Django {version} {}", self.look.paint(DIM, &format!("({place})")))
            }
            None => format!("Django {version}"),
        }
    }

    fn profile(&self, out: &mut dyn Write, profile: &ProfileSummary) -> io::Result<()> {
        let module = self.look.paint(BOLD, &neutralize(&profile.module));
        let module = profile
            .file
            .map_or(module.clone(), |file| self.look.link(self.report.files, file, &module));
        let style = match profile.certainty {
            Certainty::Stated | Certainty::Deployed => GOOD,
            Certainty::Fallback | Certainty::Guessed => WARN,
        };
        let words = self.look.paint(style, certainty_words(profile.certainty));
        if profile.for_development {
            let text = "not in this tree: what follows is of settings for development";
            self.row(out, "Production", &self.look.paint(WARN, text))?;
            let hint = "name the settings that production loads with --settings MODULE";
            self.row(out, "", &self.look.paint(WARN, hint))?;
            self.row(out, "Development", &format!("{module}  {words}"))?;
        } else {
            self.row(out, "Production", &format!("{module}  {words}"))?;
        }
        self.lines(out, "", &profile.evidence)?;
        self.lines(out, "Environment", &profile.environment)?;
        let kinds = join(&kinds(profile), " · ", self.look.width - INDENT);
        for (at, line) in kinds.iter().enumerate() {
            self.row(out, if at == 0 { "Settings" } else { "" }, line)?;
        }
        self.failures(out, profile)
    }

    /// The conditions under which the settings cannot be imported, the likeliest first.
    fn failures(&self, out: &mut dyn Write, profile: &ProfileSummary) -> io::Result<()> {
        let all = profile.fails_when.len();
        let shown = if self.report.options.verbose { all } else { FEW_FAILURES.min(all) };
        for (at, condition) in profile.fails_when.iter().take(shown).enumerate() {
            let label = if at == 0 { "Cannot start" } else { "" };
            let always = condition.starts_with("always");
            let when = if always { "" } else { "when " };
            let text = format!("{when}{}", mask_addresses(&neutralize(condition)));
            for (line, words) in wrap(&text, self.look.width - INDENT).iter().enumerate() {
                let label = if line == 0 { label } else { "" };
                self.row(out, label, &self.look.paint(BAD, words))?;
            }
        }
        if shown < all {
            let more = format!("and {} more ways (-v lists them)", all - shown);
            self.row(out, "", &self.look.paint(DIM, &more))?;
        }
        Ok(())
    }

    /// Lines of evidence, with their places in a column of their own where there is room.
    fn lines(&self, out: &mut dyn Write, label: &str, lines: &[EvidenceLine]) -> io::Result<()> {
        let shown = if self.report.options.verbose { lines.len() } else { FEW.min(lines.len()) };
        for (at, line) in lines.iter().take(shown).enumerate() {
            let text = mask_evidence(&neutralize(&line.text));
            let mut wrapped = wrap(&text, self.look.width - INDENT);
            let mut last = wrapped.pop().unwrap_or_default();
            for (number, words) in wrapped.iter().enumerate() {
                self.row(out, if at + number == 0 { label } else { "" }, words)?;
            }
            let label = if at == 0 && wrapped.is_empty() { label } else { "" };
            if let Some(location) = line.location {
                let plain =
                    neutralize(&crate::place::short(self.report.files, location)).into_owned();
                let place = self.look.paint(DIM, &self.look.place(self.report, location));
                if INDENT + columns(&last) + 2 + columns(&plain) > self.look.width {
                    self.row(out, label, &last)?;
                    self.row(out, "", &format!("  {place}"))?;
                    continue;
                }
                last = format!("{last}  {place}");
            }
            self.row(out, label, &last)?;
        }
        if shown < lines.len() {
            let more = format!("and {} more (-v lists them)", lines.len() - shown);
            self.row(out, "", &self.look.paint(DIM, &more))?;
        }
        Ok(())
    }
}

/// `212 known`, `14 from the environment`, `2 unknown`
fn kinds(profile: &ProfileSummary) -> Vec<String> {
    let listed = KINDS.iter().filter_map(|kind| Some((*kind, *profile.kinds.get(kind)?)));
    let others = profile.kinds.iter().filter(|(kind, _)| !KINDS.contains(kind));
    let parts: Vec<_> = listed
        .chain(others.map(|(kind, number)| (*kind, *number)))
        .filter(|(_, number)| *number > 0)
        .map(|(kind, number)| format!("{number} {}", kind_words(kind)))
        .collect();
    if parts.is_empty() { vec![String::from("none read")] } else { parts }
}

/// What the kinds mean, in a word or three.
fn kind_words(kind: &str) -> &str {
    match kind {
        "env" => "from the environment",
        "file" => "from a file",
        "union" => "with several values",
        "partial" => "partly known",
        "opaque" => "unknown",
        kind => kind,
    }
}
