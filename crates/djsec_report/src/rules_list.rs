//! `djsec rules`: the list of rules.

use std::io;

use djsec_base::RuleMeta;
use serde::Serialize;

use crate::Options;
use crate::json::v1::{Rule, Tool};
use crate::json::write_document;
use crate::text::style::{BOLD, DIM, Look, columns, count, of_severity, pad, wrap};

/// Writes the rules by group for a terminal.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_text(
    out: &mut dyn io::Write,
    rules: &[&'static RuleMeta],
    options: &Options<'_>,
) -> io::Result<()> {
    let look = Look::of(options);
    let rules = sorted(rules);
    let widest = rules.iter().map(|rule| columns(rule.id)).max().unwrap_or(0);
    // `critical` is the longest severity.
    let indent = 2 + widest + 2 + 8 + 2;
    let narrow = indent + 24 > look.width;
    let mut group = "";
    for rule in &rules {
        if rule.group != group {
            if !group.is_empty() {
                writeln!(out)?;
            }
            group = rule.group;
            writeln!(out, "{}", look.paint(BOLD, group))?;
        }
        let severity = look.paint(of_severity(rule.severity), &pad(rule.severity.name(), 8));
        if narrow {
            writeln!(out, "  {severity}  {}", rule.id)?;
            for line in wrap(rule.summary, look.width - 12) {
                writeln!(out, "            {}", look.paint(DIM, &line))?;
            }
            continue;
        }
        let mut lines = wrap(rule.summary, look.width - indent).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(out, "  {severity}  {}  {}", pad(rule.id, widest), look.paint(DIM, &first))?;
        for line in lines {
            writeln!(out, "{}{}", " ".repeat(indent), look.paint(DIM, &line))?;
        }
    }
    let number = count(rules.len(), "rule");
    writeln!(out, "\n{}", look.paint(DIM, &format!("{number}; run `djsec explain RULE`")))
}

#[derive(Debug, Serialize)]
struct List {
    version: u32,
    tool: Tool,
    rules: Vec<Rule>,
}

/// Writes the rules as JSON.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_json(
    out: &mut dyn io::Write,
    rules: &[&'static RuleMeta],
    options: &Options<'_>,
) -> io::Result<()> {
    let rules = sorted(rules).into_iter().map(Rule::of).collect();
    write_document(out, &List { version: 1, tool: Tool::djsec(options.tool_version), rules })
}

fn sorted(rules: &[&'static RuleMeta]) -> Vec<&'static RuleMeta> {
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| (rule.group, rule.id));
    rules
}
