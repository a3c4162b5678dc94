//! What stands around the findings: what was audited as what, what is missing, and what was left out.

use std::fmt::Write as _;

use djsec_base::{EvidenceLine, NoticeKind, ProfileSummary, ProjectSummary};

use super::finding::kept_out;
use crate::page::{escaped, small};
use crate::place::short;
use crate::redact::{Mask, Secrets, mask_addresses, mask_evidence};
use crate::text::style::count;
use crate::text::{certainty_words, root_name};
use crate::{Report, markdown};

/// What is missing, before anything else is said.
pub(super) fn notices(report: &Report<'_>) -> String {
    let mut out = String::new();
    for notice in &report.outcome.notices {
        let (class, word) = match notice.kind {
            NoticeKind::Incomplete => ("incomplete", "Incomplete"),
            NoticeKind::Config => ("note", "Config"),
            NoticeKind::Info => ("note", "Note"),
        };
        let place = notice.location.map(|place| small(&short(report.files, place)));
        let _ = writeln!(
            out,
            "<p class=\"{class}\" role=\"note\"><strong>{word}:</strong> {}{}</p>",
            markdown::html_spans(&mask_addresses(&notice.message)),
            place.unwrap_or_default(),
        );
    }
    out
}

/// One block for each Django project.
pub(super) fn projects(report: &Report<'_>) -> String {
    if report.outcome.projects.is_empty() {
        let text = "No Django project was found: only what can be said without one was checked.";
        return format!("<p class=\"incomplete\">{text}</p>\n");
    }
    let mut out = String::new();
    for project in &report.outcome.projects {
        out.push_str("<dl class=\"project\">\n");
        let name = escaped(root_name(report, project));
        row(&mut out, "Project", &format!("<strong>{name}</strong> {}", django(report, project)));
        match &project.profile {
            Some(profile) => profile_rows(&mut out, report, profile),
            None => row(&mut out, "Production", "no settings module was found"),
        }
        out.push_str("</dl>\n");
    }
    out
}

fn row(out: &mut String, label: &str, value: &str) {
    let _ = writeln!(out, "<dt>{label}</dt><dd>{value}</dd>");
}

fn django(report: &Report<'_>, project: &ProjectSummary) -> String {
    let Some(version) = &project.django else { return "Django, version unknown".to_owned() };
    let place = project.django_source.map(|place| small(&short(report.files, place)));
    format!("Django {}{}", escaped(version), place.unwrap_or_default())
}

fn profile_rows(out: &mut String, report: &Report<'_>, profile: &ProfileSummary) {
    let label = if profile.for_development { "Development" } else { "Production" };
    let module = format!(
        "<code>{}</code>, {}",
        escaped(&profile.module),
        certainty_words(profile.certainty)
    );
    if profile.for_development {
        row(out, "Production", "not in this tree: what follows is of settings for development");
    }
    row(out, label, &format!("{module}{}", lines(report, &profile.evidence)));
    if !profile.environment.is_empty() {
        row(out, "Environment", &lines(report, &profile.environment));
    }
    if !profile.fails_when.is_empty() {
        let ways: Vec<String> = profile
            .fails_when
            .iter()
            .map(|when| format!("<li>{}</li>", escaped(&mask_addresses(when))))
            .collect();
        row(out, "Cannot start when", &format!("<ul>{}</ul>", ways.concat()));
    }
}

fn lines(report: &Report<'_>, lines: &[EvidenceLine]) -> String {
    let line = |line: &EvidenceLine| {
        let place = line.location.map(|place| format!(" ({})", short(report.files, place)));
        small(&format!("{}{}", mask_evidence(&line.text), place.unwrap_or_default()))
    };
    lines.iter().map(line).collect()
}

/// What could not be decided, and what does not count.
pub(super) fn left_out(report: &Report<'_>, secrets: &mut Secrets) -> String {
    let mut out = String::new();
    let outcome = report.outcome;
    if !outcome.undecided.is_empty() {
        let _ = writeln!(
            out,
            "<details>\n<summary>{} undecided</summary>\n<ul>",
            count(outcome.undecided.len(), "question")
        );
        for undecided in &outcome.undecided {
            let _ = writeln!(
                out,
                "<li><strong>{}</strong> ({}): {}{}</li>",
                escaped(&undecided.subject),
                escaped(undecided.rule),
                markdown::html_spans(&mask_addresses(&undecided.reason)),
                small(&short(report.files, undecided.location)),
            );
        }
        out.push_str("</ul>\n</details>\n");
    }
    if !outcome.suppressed.is_empty() {
        let _ = writeln!(
            out,
            "<details>\n<summary>{} suppressed</summary>\n<ul>",
            count(outcome.suppressed.len(), "finding")
        );
        for suppressed in &outcome.suppressed {
            let finding = &suppressed.finding;
            let mask = Mask::of(report.files, finding, secrets);
            let _ = writeln!(
                out,
                "<li><span class=\"badge {0}\">{0}</span> {1} ({2}){3}{4}</li>",
                finding.severity.name(),
                markdown::html_spans(&mask.text(&finding.message)),
                escaped(finding.rule.id),
                small(&short(report.files, finding.primary)),
                small(&mask.text(&kept_out(report.files, &suppressed.by))),
            );
        }
        out.push_str("</ul>\n</details>\n");
    }
    out
}

/// The pages of the rules that found something, folded away.
pub(super) fn rules(report: &Report<'_>) -> String {
    let mut rules: Vec<_> = report.outcome.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    if rules.is_empty() {
        return String::new();
    }
    let mut out = String::from("<section>\n<h2>The rules behind it</h2>\n");
    for rule in rules {
        let cwe: Vec<String> = rule.cwe.iter().map(|cwe| format!("CWE-{cwe}")).collect();
        let named = [cwe.join(", "), rule.owasp.join(", "), rule.asvs.join(", ")];
        let named: Vec<&str> =
            named.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let _ = writeln!(
            out,
            "<details id=\"rule-{id}\">\n<summary><code>{id}</code> {}</summary>\n{}{}</details>",
            escaped(rule.summary),
            small(&named.join(" · ")),
            markdown::html(rule.docs),
            id = escaped(rule.id),
        );
    }
    out.push_str("</section>\n");
    out
}
