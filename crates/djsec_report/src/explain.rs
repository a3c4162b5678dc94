//! `djsec explain RULE`: the page of one rule.

use std::io;

use djsec_base::RuleMeta;
use serde::Serialize;

use crate::json::v1::{Rule, Tool};
use crate::json::write_document;
use crate::text::style::{BOLD, DIM, Look, of_severity, pad};
use crate::{Options, markdown};

/// Writes the page for a terminal.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_text(
    out: &mut dyn io::Write,
    rule: &'static RuleMeta,
    options: &Options<'_>,
) -> io::Result<()> {
    let look = Look::of(options);
    writeln!(out, "{}  {}", look.paint(BOLD, rule.id), rule.summary)?;
    writeln!(out)?;
    let severity = look.paint(of_severity(rule.severity), rule.severity.name());
    let row = |out: &mut dyn io::Write, label: &str, value: &str| {
        if value.is_empty() {
            return Ok(());
        }
        writeln!(out, "{} {value}", look.paint(DIM, &pad(label, 10)))
    };
    let cwe: Vec<_> = rule.cwe.iter().map(|cwe| format!("CWE-{cwe}")).collect();
    row(out, "Severity", &severity)?;
    row(out, "Group", rule.group)?;
    row(out, "CWE", &cwe.join(", "))?;
    row(out, "OWASP", &rule.owasp.join(", "))?;
    row(out, "ASVS", &rule.asvs.join(", "))?;
    row(out, "Checklist", &rule.checklist.join(", "))?;
    row(out, "Django", &rule.django.join(", "))?;
    row(out, "Since", if rule.since == "next" { "the next release" } else { rule.since })?;
    writeln!(out)?;
    write!(out, "{}", markdown::render(rule.docs, &look))
}

#[derive(Debug, Serialize)]
struct Page {
    version: u32,
    tool: Tool,
    #[serde(flatten)]
    rule: Rule,
    docs: &'static str,
}

/// Writes the rule with its page in Markdown as JSON.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_json(
    out: &mut dyn io::Write,
    rule: &'static RuleMeta,
    options: &Options<'_>,
) -> io::Result<()> {
    let tool = Tool::djsec(options.tool_version);
    write_document(out, &Page { version: 1, tool, rule: Rule::of(rule), docs: rule.docs.trim() })
}
