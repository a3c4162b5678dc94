//! Notices, counts, coverage, and what the exit status will be.

use std::io::{self, Write};

use djsec_base::{Notice, NoticeKind, Outcome, Severity, SuppressedBy};

use super::header::{certainty_words, only_project};
use super::style::{BAD, BOLD, DIM, GOOD, Look, WARN, count, of_severity, thousands, wrap};
use crate::Report;
use crate::neutral::neutralize;
use crate::redact::mask_addresses;

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, look: &Look<'_>) -> io::Result<()> {
    let mut notices: Vec<_> = report.outcome.notices.iter().collect();
    notices.sort_by_key(|notice| notice.kind);
    for notice in &notices {
        write_notice(out, report, look, notice)?;
    }
    if !notices.is_empty() {
        writeln!(out)?;
    }
    if report.options.verbose {
        write_undecided(out, report, look)?;
    }
    paragraph(out, look, &verdict(report))?;
    paragraph(out, look, &[(checked(report), DIM)])?;
    paragraph(out, look, &status(report))
}

/// The verdict, what was checked, and what the exit status says, each as a paragraph.
pub(crate) fn verdict_words(report: &Report<'_>) -> [String; 3] {
    let words =
        |pieces: Vec<Piece>| pieces.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" ");
    [words(verdict(report)), checked(report), words(status(report))]
}

pub(crate) fn write_notice(
    out: &mut dyn Write,
    report: &Report<'_>,
    look: &Look<'_>,
    notice: &Notice,
) -> io::Result<()> {
    let (word, style) = match notice.kind {
        NoticeKind::Incomplete => ("incomplete", BAD),
        NoticeKind::Config => ("config", WARN),
        NoticeKind::Info => ("note", BOLD),
    };
    let message = mask_addresses(&neutralize(&notice.message));
    let lines = wrap(&message, look.width.saturating_sub(2));
    let head = look.paint(style, &format!("{word}[{}]:", notice.id));
    let first = lines.first().map_or("", String::as_str);
    let fits = word.len() + notice.id.len() + 4 + first.len() <= look.width;
    if lines.len() == 1 && fits {
        writeln!(out, "{head} {first}")?;
    } else {
        writeln!(out, "{head}")?;
        for line in &lines {
            writeln!(out, "  {line}")?;
        }
    }
    if let Some(location) = notice.location {
        let arrow = look.paint(DIM, "  -->");
        writeln!(out, "{arrow} {}", look.place(report, location))?;
    }
    Ok(())
}

fn write_undecided(out: &mut dyn Write, report: &Report<'_>, look: &Look<'_>) -> io::Result<()> {
    if report.outcome.undecided.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", look.paint(BOLD, "Undecided"))?;
    for undecided in &report.outcome.undecided {
        let subject = look.paint(BOLD, &neutralize(&undecided.subject));
        let rule = look.paint(DIM, &format!("[{}]", undecided.rule));
        writeln!(out, "  {subject} {rule}")?;
        for line in wrap(&mask_addresses(&neutralize(&undecided.reason)), look.width - 4) {
            writeln!(out, "    {line}")?;
        }
        let place = look.place(report, undecided.location);
        writeln!(out, "    {}", look.paint(DIM, &format!("--> {place}")))?;
    }
    writeln!(out)
}

type Piece = (String, annotate_snippets::renderer::Style);

/// Writes pieces as one paragraph, broken between words.
fn paragraph(out: &mut dyn Write, look: &Look<'_>, pieces: &[Piece]) -> io::Result<()> {
    let mut used = 0;
    for (text, style) in pieces {
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let width = super::style::columns(word);
            if used > 0 && used + 1 + width > look.width {
                writeln!(out)?;
                used = 0;
            } else if used > 0 {
                write!(out, " ")?;
                used += 1;
            }
            write!(out, "{}", look.paint(*style, word))?;
            used += width;
        }
    }
    if used > 0 { writeln!(out) } else { Ok(()) }
}

const PLAIN: annotate_snippets::renderer::Style = annotate_snippets::renderer::Style::new();

/// How many findings there are of each severity that has some, the worst first.
pub(crate) fn by_severity(outcome: &Outcome) -> impl Iterator<Item = (Severity, usize)> {
    let number = |severity| outcome.findings.iter().filter(|f| f.severity == severity).count();
    let all = Severity::ALL.into_iter().rev().map(move |severity| (severity, number(severity)));
    all.filter(|(_, number)| *number > 0)
}

/// The counts; never a clean bill of health for an incomplete run.
fn verdict(report: &Report<'_>) -> Vec<Piece> {
    let outcome = report.outcome;
    let mut pieces = Vec::new();
    let total = outcome.findings.len();
    if total > 0 {
        pieces.push((format!("{}:", count(total, "finding")), BOLD));
        let counts: Vec<_> = by_severity(outcome).collect();
        for (at, (severity, number)) in counts.iter().enumerate() {
            let comma = if at + 1 < counts.len() { "," } else { "." };
            pieces.push((format!("{number} {}{comma}", severity.name()), of_severity(*severity)));
        }
    } else if outcome.incomplete() {
        pieces.push((String::from("Nothing found in what was looked at."), WARN));
    } else {
        pieces.push((String::from("No findings."), GOOD));
    }
    if !outcome.suppressed.is_empty() {
        pieces.push((format!("{}.", suppressed(outcome)), PLAIN));
    }
    if !outcome.undecided.is_empty() {
        let hint = if report.options.verbose { "" } else { " (-v lists them)" };
        let number = count(outcome.undecided.len(), "question");
        pieces.push((format!("{number} undecided{hint}."), PLAIN));
    }
    pieces
}

/// `4 suppressed (3 by comments, 1 by the baseline)`
fn suppressed(outcome: &Outcome) -> String {
    let by = |wanted: fn(&SuppressedBy) -> bool| {
        outcome.suppressed.iter().filter(|suppressed| wanted(&suppressed.by)).count()
    };
    let parts = [
        (by(|by| matches!(by, SuppressedBy::Comment { .. })), "by comment"),
        (by(|by| matches!(by, SuppressedBy::Config { .. })), "accepted in the config"),
        (by(|by| matches!(by, SuppressedBy::Baseline)), "in the baseline"),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number} {words}"))
        .collect();
    format!("{} suppressed ({})", outcome.suppressed.len(), parts.join(", "))
}

/// What was checked: a verdict without it means nothing.
fn checked(report: &Report<'_>) -> String {
    let coverage = &report.outcome.coverage;
    let errors = match coverage.syntax_errors {
        0 => String::new(),
        number => format!(", {} with syntax errors", thousands(number)),
    };
    let profile = only_project(report.outcome).and_then(|project| project.profile.as_ref());
    let against = match (profile, report.outcome.projects.len()) {
        (Some(profile), _) => {
            let module = neutralize(&profile.module);
            format!("against the settings {module} ({})", certainty_words(profile.certainty))
        }
        (None, 2..) => format!("of {}", count(report.outcome.projects.len(), "project")),
        (None, _) => String::from("without settings"),
    };
    format!(
        "Checked {} on {} ({} Python with {}{errors}) {against}.",
        count(coverage.rules, "rule"),
        count(coverage.files, "file"),
        thousands(coverage.python_files),
        count(coverage.python_lines, "line"),
    )
}

/// Why the exit status is what it is.
fn status(report: &Report<'_>) -> Vec<Piece> {
    let threshold = report.options.fail_on.name();
    let failing = report.failing();
    let status = report.exit_status();
    let threshold = if threshold == "critical" {
        String::from("critical (--fail-on critical)")
    } else {
        format!("{threshold} or above (--fail-on {threshold})")
    };
    match status {
        3 => {
            let skipped = report.outcome.notices.iter();
            let skipped = skipped.filter(|notice| notice.kind == NoticeKind::Incomplete).count();
            let text = format!(
                "The run is incomplete, {} above: exit status 3.",
                if skipped == 1 {
                    String::from("see the notice")
                } else {
                    format!("see the {skipped} notices")
                },
            );
            vec![(text, BAD)]
        }
        0 => vec![(format!("No finding is {threshold}: exit status 0."), DIM)],
        _ => {
            let verb = if failing == 1 { "is" } else { "are" };
            let number = count(failing, "finding");
            vec![(format!("{number} {verb} {threshold}: exit status {status}."), DIM)]
        }
    }
}
