//! The table for issues and wikis: GitHub's Markdown, a section for each project and app.

use std::io::{self, Write};

use djsec_base::NoticeKind;

use super::{RouteTable, RouteView, RoutesReport, words};
use crate::neutral::neutralize;
use crate::redact::mask_addresses;

pub(super) fn write(out: &mut dyn Write, report: &RoutesReport<'_>) -> io::Result<()> {
    writeln!(out, "# Routes\n")?;
    if report.tables.is_empty() {
        writeln!(out, "No Django project was found.")?;
    }
    for table in report.tables {
        section(out, report, table)?;
    }
    let skipped: Vec<_> =
        report.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete).collect();
    if !skipped.is_empty() {
        writeln!(out, "## What was skipped\n")?;
        for notice in skipped {
            writeln!(out, "- {}: {}", notice.id, plain(&mask_addresses(&notice.message)))?;
        }
        writeln!(out)?;
    }
    if report.incomplete() {
        writeln!(out, "**Addresses or views are missing from this table.**")?;
    }
    Ok(())
}

fn section(
    out: &mut dyn Write,
    report: &RoutesReport<'_>,
    table: &RouteTable<'_>,
) -> io::Result<()> {
    let name = table.urlconf.as_deref().unwrap_or(&table.profile.module);
    writeln!(out, "## {}\n", code(name))?;
    let project = match table.project.as_str() {
        "" => String::new(),
        root => format!(" of the project in {}", code(root)),
    };
    let settings = code(&table.profile.module);
    writeln!(out, "{}, under the settings {settings}{project}.\n", words::summary(table))?;
    if table.hidden.routes > 0 {
        let number = crate::text::style::count(table.hidden.routes, "route");
        writeln!(out, "{number} left out by the filters.\n")?;
    }
    if !table.routes.is_empty() {
        let headings =
            ["Methods", "Pattern", "View", "Access", "CSRF", "Throttle", "Objects", "Remarks"];
        writeln!(out, "| {} |", headings.join(" | "))?;
        writeln!(out, "|{}", "---|".repeat(headings.len()))?;
        for route in &table.routes {
            writeln!(out, "| {} |", cells(report, route).join(" | "))?;
        }
        writeln!(out)?;
    }
    if !table.gaps.is_empty() {
        writeln!(out, "### Where addresses may be missing\n")?;
        for gap in &table.gaps {
            let place = words::place(report.files, gap.place);
            let place = if place.is_empty() { place } else { format!(" ({})", code(&place)) };
            let reason = plain(&mask_addresses(&gap.reason));
            writeln!(out, "- under {}: {reason}{place}", code(&gap.prefix))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn cells(report: &RoutesReport<'_>, route: &RouteView) -> Vec<String> {
    let place = words::place(report.files, route.view_place);
    let place = if place.is_empty() { place } else { format!("<br>{}", plain(&place)) };
    let view = route.view.as_ref().map_or_else(|_| String::from("**unknown**"), |view| code(view));
    let access: Vec<String> = words::access(route).iter().map(|line| plain(line)).collect();
    let mut remarks: Vec<String> = Vec::new();
    remarks.extend(route.view.as_ref().err().map(|reason| plain(&mask_addresses(reason))));
    remarks.extend(words::when(route).map(|when| format!("only when {}", plain(&when))));
    remarks.extend(route.public_because.as_deref().map(|why| format!("by nature {}", plain(why))));
    vec![
        plain(&words::methods(route)),
        code(&route.pattern),
        format!("{view}{place}"),
        access.join("<br>"),
        words::csrf(route).to_owned(),
        plain(&words::throttle(route)),
        plain(&words::scoping(route)),
        remarks.join("<br>"),
    ]
}

/// Text with nothing in it that Markdown or HTML would take for markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let clean = neutralize(text);
    let mut characters = clean.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A bare address or mention would become a link.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                out.push('\\');
                out.push(character);
            }
            ':' if characters.peek() == Some(&'/') => out.push_str("&#58;"),
            _ => out.push(character),
        }
    }
    out
}

/// Text as code, whatever backticks and pipes it has.
fn code(text: &str) -> String {
    let clean = neutralize(text);
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if clean.starts_with('`') || clean.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{}{blank}{fence}", clean.replace('|', "\\|"))
}
