//! The report for people.

mod finding;
mod header;
mod repeats;
pub(crate) mod style;
mod summary;
#[cfg(test)]
mod tests;

use std::io;

use djsec_base::{FileId, Files, Finding};

use crate::Report;
use crate::neutral::neutralize;
use crate::place::home;
use crate::redact::Secrets;
pub(crate) use finding::safety_words;
pub(crate) use header::{certainty_words, root_name};
use style::{BOLD, DIM, Look, columns, count};
pub(crate) use summary::{by_severity, verdict_words, write_notice};

/// Writes the header of each project, the findings by file, the notices and the summary.
pub(crate) fn write(out: &mut dyn io::Write, report: &Report<'_>) -> io::Result<()> {
    let look = Look::of(&report.options);
    header::write(out, report, &look)?;
    let mut secrets = Secrets::default();
    let mut groups = by_file(report);
    let repeated = repeats::taken_out(report, &mut groups);
    for (file, findings) in groups {
        write_file_line(out, report, &look, file, findings.len())?;
        for finding in findings {
            finding::write(out, report, &look, &mut secrets, finding)?;
        }
    }
    repeats::write(out, report, &look, &repeated)?;
    summary::write(out, report, &look)
}

/// Findings under the file that each is listed with; those without one come first.
pub(crate) fn by_file<'a>(report: &Report<'a>) -> Vec<(Option<FileId>, Vec<&'a Finding>)> {
    let mut groups = std::collections::BTreeMap::<Option<FileId>, Vec<&Finding>>::new();
    for finding in &report.outcome.findings {
        let file = home(report.outcome, finding.primary, finding.project);
        groups.entry(file).or_default().push(finding);
    }
    groups.into_iter().collect()
}

/// `── shop/settings.py ──────────── 2 findings ──`
fn write_file_line(
    out: &mut dyn io::Write,
    report: &Report<'_>,
    look: &Look<'_>,
    file: Option<FileId>,
    findings: usize,
) -> io::Result<()> {
    let path = file.map_or("the project as a whole", |id| report.files.path(id).as_str());
    write_title(out, look, &neutralize(path), file.map(|file| (report.files, file)), findings)
}

/// A title over findings, as a link where it names a file.
fn write_title(
    out: &mut dyn io::Write,
    look: &Look<'_>,
    title: &str,
    link: Option<(&Files, FileId)>,
    findings: usize,
) -> io::Result<()> {
    let number = count(findings, "finding");
    let used = columns(title) + columns(&number) + 8;
    let rule = "─".repeat(look.width.saturating_sub(used).max(1));
    let shown = look.paint(BOLD, title);
    let shown = link.map_or(shown.clone(), |(files, file)| look.link(files, file, &shown));
    let (left, right) = (look.paint(DIM, "──"), look.paint(DIM, &format!("{rule} {number} ──")));
    writeln!(out, "{left} {shown} {right}\n")
}
