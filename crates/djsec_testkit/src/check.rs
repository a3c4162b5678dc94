//! Compares what an audit reports with what a case expects.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use djsec_base::{Files, Finding, Location, NoticeKind, Outcome, System, Utf8PathBuf};
use similar::TextDiff;

use crate::case::{Case, CaseFile, Expected};
use crate::fixes;
use crate::markdown::Problem;

/// What is tested. The engine is handed in, so that the kit depends on nothing that it tests.
pub trait Auditor: Sync {
    /// Audits a tree with every rule and every confidence.
    fn audit(&self, system: &dyn System) -> Audited;

    /// The report of an audit, as `snapshot` blocks show it; without colour, paths of this
    /// machine, timings, or anything else that differs between runs.
    fn render(&self, audited: &Audited) -> String;
}

/// An outcome, and the files that its ids mean.
#[derive(Debug)]
pub struct Audited {
    /// The files of the tree.
    pub files: Files,
    /// What came out.
    pub outcome: Outcome,
}

/// What came out of a case.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What does not match, apart from outdated blocks.
    pub problems: Vec<Problem>,
    /// Blocks whose text is not what came out; blessing writes them anew.
    pub outdated: Vec<Outdated>,
}

/// A `snapshot` or `fixed` block whose text is not what came out.
#[derive(Debug)]
pub struct Outdated {
    /// Where the text stands in the case, in bytes.
    pub range: Range<usize>,
    /// What came out.
    pub text: String,
    /// The difference.
    pub problem: Problem,
}

impl Verdict {
    /// Everything that does not match.
    pub fn into_problems(self) -> Vec<Problem> {
        let outdated = self.outdated.into_iter().map(|outdated| outdated.problem);
        self.problems.into_iter().chain(outdated).collect()
    }

    /// The text of the case with what came out in its blocks.
    pub fn bless(&self, case: &str) -> String {
        let mut outdated: Vec<&Outdated> = self.outdated.iter().collect();
        outdated.sort_by_key(|outdated| outdated.range.start);
        let mut blessed = String::with_capacity(case.len());
        let mut at = 0;
        for Outdated { range, text, .. } in outdated {
            blessed.push_str(case.get(at..range.start).unwrap_or_default());
            blessed.push_str(text);
            at = range.end;
        }
        blessed.push_str(case.get(at..).unwrap_or_default());
        blessed
    }

    fn compare(&mut self, expected: &Expected, actual: &str, name: &str) {
        let text = with_line_end(actual);
        if text == expected.text {
            return;
        }
        let diff = TextDiff::from_lines(expected.text.as_str(), text.as_str());
        let diff = diff.unified_diff().header("in the case", "came out").to_string();
        let message = format!("{name} is outdated (BLESS=1 writes it anew)\n{}", diff.trim_end());
        let problem = Problem::at(expected.line, message);
        self.outdated.push(Outdated { range: expected.range.clone(), text, problem });
    }
}

/// Audits a case and compares. `rule` is the id of the rule under test.
pub fn check_case(case: &Case, rule: &str, auditor: &dyn Auditor) -> Verdict {
    let system = case.system();
    let audited = auditor.audit(&system);
    let mut verdict = Verdict::default();
    check_notices(&audited, &mut verdict);
    check_marks(case, rule, &audited, &mut verdict);
    check_fixes(case, rule, &audited, auditor, &mut verdict);
    if let Some(snapshot) = &case.snapshot {
        let mut audited = audited;
        audited.outcome.findings.retain(|finding| finding.rule.id == rule);
        verdict.compare(snapshot, &auditor.render(&audited), "the snapshot");
    }
    verdict
}

fn check_notices(audited: &Audited, verdict: &mut Verdict) {
    for notice in &audited.outcome.notices {
        if notice.kind == NoticeKind::Incomplete {
            let text = format!("the audit was incomplete: {} ({})", notice.message, notice.id);
            verdict.problems.push(Problem::general(text));
        }
    }
}

/// Where a finding is expected or reported: a line of a file, or no place at all.
type Place = Option<(Utf8PathBuf, u32)>;

fn check_marks(case: &Case, rule: &str, audited: &Audited, verdict: &mut Verdict) {
    let mut expected: BTreeMap<(&str, Place), usize> = BTreeMap::new();
    let mut named = BTreeSet::from([rule]);
    for (file, mark) in case.marks() {
        let id = mark.rule.as_deref().unwrap_or(rule);
        named.insert(id);
        let place = file.map(|file| (file.path.clone(), mark.line));
        *expected.entry((id, place)).or_default() += 1;
    }
    let mut reported: BTreeMap<(&str, Place), Vec<&Finding>> = BTreeMap::new();
    let of_interest = |finding: &&Finding| named.contains(finding.rule.id);
    for finding in audited.outcome.findings.iter().filter(of_interest) {
        let place = place(case, audited, finding.primary);
        reported.entry((finding.rule.id, place)).or_default().push(finding);
    }
    for ((id, place), count) in &expected {
        let found = reported.get(&(*id, place.clone())).map_or(0, Vec::len);
        if found < *count {
            let text = format!("expected {}, found {found}", findings(*count, id));
            let text = format!("{text}{}{}", shown(case, place), undecided(id, audited));
            verdict.problems.push(Problem { line: line_in_case(case, place), text });
        }
    }
    for ((id, place), found) in &reported {
        let count = expected.get(&(*id, place.clone())).copied().unwrap_or(0);
        // Another rule is only asked for what is marked; its other findings are its own affair.
        if found.len() > count && (*id == rule || count > 0) {
            let text = format!("expected {}, found {}", findings(count, id), found.len());
            let messages = found.iter().map(|finding| format!("\n  {}", finding.message));
            let messages = messages.collect::<Vec<_>>().concat();
            let text = format!("{text}{}{messages}", shown(case, place));
            verdict.problems.push(Problem { line: line_in_case(case, place), text });
        }
    }
    verdict.problems.sort();
}

/// A finding about a whole file belongs to the first line that the case shows of it.
fn place(case: &Case, audited: &Audited, location: Location) -> Place {
    match location {
        Location::Span(span) => {
            let line = audited.files.line_col(span).line;
            Some((audited.files.path(span.file).to_owned(), line))
        }
        Location::File(file) => {
            let path = audited.files.path(file);
            let hidden = case.file(path).map_or(0, |file| file.hidden_lines);
            Some((path.to_owned(), hidden + 1))
        }
        Location::Project => None,
    }
}

fn findings(count: usize, id: &str) -> String {
    match count {
        0 => format!("no finding of `{id}`"),
        1 => format!("a finding of `{id}`"),
        _ => format!("{count} findings of `{id}`"),
    }
}

fn line_in_case(case: &Case, place: &Place) -> Option<usize> {
    let (path, line) = place.as_ref()?;
    case.file(path)?.line_in_case(*line)
}

/// The place in words, with the line's text.
fn shown(case: &Case, place: &Place) -> String {
    let Some((path, line)) = place else { return " (without a place)".to_owned() };
    let Some(file) = case.file(path) else {
        return format!(" in {path}:{line}, which the case does not show");
    };
    let index = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let text = file.text.lines().nth(index).unwrap_or_default().trim();
    format!(" in {}: {text}", shown_place(file, *line))
}

fn shown_place(file: &CaseFile, line: u32) -> String {
    match line.checked_sub(file.hidden_lines) {
        None | Some(0) => format!("{} (the hidden first line)", file.path),
        Some(line) => format!("{}:{line}", file.path),
    }
}

/// Why the rule may be silent: what it asked and djsec could not answer.
fn undecided(id: &str, audited: &Audited) -> String {
    let asked = audited.outcome.undecided.iter().filter(|undecided| undecided.rule == id);
    let hints = asked.map(|asked| format!("\n  undecided: {}: {}", asked.subject, asked.reason));
    hints.collect::<Vec<_>>().concat()
}

fn check_fixes(
    case: &Case,
    rule: &str,
    audited: &Audited,
    auditor: &dyn Auditor,
    verdict: &mut Verdict,
) {
    let system = case.system();
    let of_rule = |finding: &&Finding| finding.rule.id == rule;
    let findings: Vec<&Finding> = audited.outcome.findings.iter().filter(of_rule).collect();
    for finding in &findings {
        let changed = fixes::apply([*finding], &audited.files);
        if changed.is_empty() {
            continue;
        }
        let after = auditor.audit(&fixes::patched(&system, &audited.files, &changed));
        let title = finding.fix.as_ref().map_or("", |fix| fix.title.as_str());
        let place = place(case, audited, finding.primary);
        let line = line_in_case(case, &place);
        if after.outcome.coverage.syntax_errors > audited.outcome.coverage.syntax_errors {
            let text = format!("the fix \"{title}\" leaves a syntax error behind");
            verdict.problems.push(Problem { line, text });
        }
        if after.outcome.findings.iter().filter(of_rule).count() >= findings.len() {
            let text = format!("after the fix \"{title}\" the finding is still there");
            verdict.problems.push(Problem { line, text });
        }
    }
    let changed = fixes::apply(findings, &audited.files);
    for fixed in &case.fixed {
        let id = audited.files.find(&fixed.path);
        let text =
            id.map_or("", |id| changed.get(&id).map_or(audited.files.text(id), String::as_str));
        let hidden = case.file(&fixed.path).map_or(0, |file| file.hidden_lines);
        let hidden = usize::try_from(hidden).unwrap_or(0);
        let shown: String = text.split_inclusive('\n').skip(hidden).collect();
        verdict.compare(fixed, &shown, &format!("the fixed `{}`", fixed.path));
    }
}

fn with_line_end(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

#[cfg(test)]
mod tests;
