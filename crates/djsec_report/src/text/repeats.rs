//! What is found over and over: the first few in full, the others by their places, so that a hundred calls
//! without a timeout do not hide the one finding that matters.

use std::collections::BTreeMap;
use std::io::{self, Write};

use djsec_base::{FileId, Finding, Location};

use super::style::{BOLD, DIM, Look, count, of_severity, wrap};
use super::write_title;
use crate::Report;
use crate::neutral::neutralize;
use crate::place::{Place, short};

/// A rule with no more findings than these is shown in full throughout.
const FEW: usize = 10;
/// So many of the others are.
const WHOLE: usize = 3;

/// Findings by the file that each is listed with.
type ByFile<'a> = Vec<(Option<FileId>, Vec<&'a Finding>)>;

/// Takes out what is only listed by its place: of rules with many findings, none of which fails the run.
pub(super) fn taken_out<'a>(report: &Report<'_>, all: &mut ByFile<'a>) -> Vec<Vec<&'a Finding>> {
    if report.options.verbose {
        return Vec::new();
    }
    let mut counts = BTreeMap::<&str, (usize, bool)>::new();
    for finding in all.iter().flat_map(|(_, findings)| findings) {
        let (number, fails) = counts.entry(finding.rule.id).or_default();
        *number += 1;
        *fails |= finding.severity >= report.options.fail_on;
    }
    let is_listed =
        |id: &str| counts.get(id).is_some_and(|(number, fails)| *number > FEW && !fails);
    let mut taken = BTreeMap::<&str, Vec<&Finding>>::new();
    let mut seen = BTreeMap::<&str, usize>::new();
    for (_, findings) in all.iter_mut() {
        findings.retain(|finding| {
            let id = finding.rule.id;
            if !is_listed(id) {
                return true;
            }
            let number = seen.entry(id).or_default();
            *number += 1;
            if *number > WHOLE {
                taken.entry(id).or_default().push(finding);
            }
            *number <= WHOLE
        });
    }
    all.retain(|(_, findings)| !findings.is_empty());
    taken.into_values().collect()
}

/// Lists them.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    look: &Look<'_>,
    taken: &[Vec<&Finding>],
) -> io::Result<()> {
    if taken.is_empty() {
        return Ok(());
    }
    let number = taken.iter().map(Vec::len).sum();
    write_title(out, look, "more of the same", None, number)?;
    for findings in taken {
        let Some(first) = findings.first() else { continue };
        let worst = findings.iter().map(|finding| finding.severity).max();
        let severity = worst.unwrap_or(first.severity);
        let name = format!("{}[{}]", severity.name(), first.rule.id);
        let name = look.paint(of_severity(severity), &name);
        let more = format!(": {}", count(findings.len(), "more place"));
        let hint = look.paint(DIM, "(-v shows them in full)");
        writeln!(out, "{name}{} {hint}", look.paint(BOLD, &more))?;
        for line in places(report, look, findings) {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// `    shop/views.py:12, 40, 81`: the places in each file, broken into lines.
fn places(report: &Report<'_>, look: &Look<'_>, findings: &[&Finding]) -> Vec<String> {
    const INDENT: &str = "    ";
    let mut by_place = BTreeMap::<Option<FileId>, (String, Vec<String>)>::new();
    for finding in findings {
        let place = Place::of(report.files, finding.primary);
        let file = place.as_ref().map(|place| place.file);
        let location = file.map_or(finding.primary, Location::File);
        let name = || (neutralize(&short(report.files, location)).into_owned(), Vec::new());
        let (_, lines) = by_place.entry(file).or_insert_with(name);
        let line = place.and_then(|place| place.region).map(|at| at.start.line.to_string());
        lines.extend(line.filter(|line| lines.last() != Some(line)));
    }
    let mut all = Vec::new();
    for (file, (name, lines)) in by_place {
        let colon = if lines.is_empty() { "" } else { ":" };
        let text = format!("{name}{colon}{}", lines.join(", "));
        for (at, line) in wrap(&text, look.width - INDENT.len() * 2).into_iter().enumerate() {
            let (hang, line) = match (at, file, line.strip_prefix(&name)) {
                (0, Some(file), Some(rest)) => {
                    ("", format!("{}{rest}", look.link(report.files, file, &name)))
                }
                (0, ..) => ("", line),
                _ => (INDENT, line),
            };
            all.push(format!("{INDENT}{hang}{line}"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use djsec_base::{FileKind, Files, Outcome, RuleMeta, Severity, Span, TextRange, TextSize};

    use super::*;
    use crate::sample::{DEBUG, KEY, RULES, file};
    use crate::{Format, Options, write};

    fn found(files: &[(&str, u32)], rule: &'static RuleMeta, severity: Severity) -> Outcome {
        let mut outcome = Outcome::default();
        for (at, (_, lines)) in (0..).zip(files) {
            for line in 0..*lines {
                let range = TextRange::at(TextSize::new(line * 2), TextSize::new(1));
                let span = Span::new(FileId(at), range);
                let finding = Finding::new(rule, span.into(), "X", "here").severity(severity);
                outcome.findings.push(finding);
            }
        }
        outcome
    }

    fn render(files: &[(&str, u32)], outcome: &Outcome, options: Options<'_>) -> String {
        let text = "x\n".repeat(200);
        let all = files.iter().map(|(path, _)| file(path, FileKind::Python, &text)).collect();
        let files = Files::new(all);
        let mut out = Vec::new();
        let report = Report { outcome, files: &files, rules: &RULES, options };
        write(&mut out, Format::Text, &report).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_first_few_are_shown_in_full_and_the_others_by_their_places() {
        let tree = [("a.py", 2), ("b.py", 9), ("c.py", 40)];
        let mut outcome = found(&tree, &DEBUG, Severity::Low);
        let serious = found(&[("a.py", 1)], &KEY, Severity::High);
        outcome.findings.extend(serious.findings);
        let options = Options { width: 60, ..Options::default() };
        let text = render(&tree, &outcome, options);
        let start = text.find("──").unwrap();
        insta::assert_snapshot!(text.get(start..).unwrap());
    }

    #[test]
    fn everything_is_shown_in_full_where_it_is_wanted_fails_the_run_or_is_little() {
        let tree = [("a.py", 40)];
        let low = found(&tree, &DEBUG, Severity::Low);
        let verbose = Options { verbose: true, ..Options::default() };
        assert_eq!(render(&tree, &low, verbose).matches("--> a.py").count(), 40);
        let strict = Options { fail_on: Severity::Low, ..Options::default() };
        assert_eq!(render(&tree, &low, strict).matches("--> a.py").count(), 40);
        let few = found(&[("a.py", 10)], &DEBUG, Severity::Low);
        assert_eq!(render(&tree, &few, Options::default()).matches("--> a.py").count(), 10);
        assert_eq!(render(&tree, &low, Options::default()).matches("--> a.py").count(), 3);
    }
}
