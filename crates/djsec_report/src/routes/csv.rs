//! The table for spreadsheets (RFC 4180), one row for each route and each gap.

use std::io::{self, Write};

use super::{RouteTable, RouteView, RoutesReport, words};
use crate::redact::mask_addresses;

const HEADINGS: [&str; 21] = [
    "project",
    "app",
    "pattern",
    "name",
    "methods",
    "view",
    "view_place",
    "place",
    "origin",
    "level",
    "access",
    "authentication",
    "guards",
    "csrf",
    "framing",
    "throttle",
    "scoping",
    "templates",
    "condition",
    "public_because",
    "not_known",
];

pub(super) fn write(out: &mut dyn Write, report: &RoutesReport<'_>) -> io::Result<()> {
    record(out, &HEADINGS.map(str::to_owned))?;
    for table in report.tables {
        for route in &table.routes {
            record(out, &row(report, table, route))?;
        }
        for gap in &table.gaps {
            let mut cells: [String; HEADINGS.len()] = Default::default();
            for (heading, cell) in HEADINGS.iter().zip(&mut cells) {
                *cell = match *heading {
                    "project" => table.project.clone(),
                    "pattern" => gap.prefix.clone(),
                    "place" => words::place(report.files, gap.place),
                    "origin" => String::from("gap"),
                    "level" => String::from("unknown"),
                    "not_known" => mask_addresses(&gap.reason),
                    _ => String::new(),
                };
            }
            record(out, &cells)?;
        }
    }
    Ok(())
}

fn row(
    report: &RoutesReport<'_>,
    table: &RouteTable<'_>,
    route: &RouteView,
) -> [String; HEADINGS.len()] {
    let mut authentication: Vec<&str> =
        route.access.iter().flat_map(|access| &access.authentication).map(String::as_str).collect();
    authentication.dedup();
    let guards: Vec<&str> = route.guards.iter().map(|guard| guard.text.as_str()).collect();
    [
        table.project.clone(),
        route.app.as_ref().map(|app| app.label.clone()).unwrap_or_default(),
        route.pattern.clone(),
        route.full_name().unwrap_or_default(),
        words::methods(route),
        route.view.clone().unwrap_or_default(),
        words::place(report.files, route.view_place),
        words::place(report.files, route.place),
        route.origin.to_owned(),
        route.level().name().to_owned(),
        words::access(route).join("; "),
        authentication.join("; "),
        guards.join("; "),
        route.csrf.name().to_owned(),
        route.framing.clone().unwrap_or_else(|| String::from("unknown")),
        words::throttle(route),
        words::scoping(route),
        route.templates.join("; "),
        words::when(route).unwrap_or_default(),
        route.public_because.clone().unwrap_or_default(),
        route.view.as_ref().err().map(|reason| mask_addresses(reason)).unwrap_or_default(),
    ]
}

fn record(out: &mut dyn Write, cells: &[String]) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula: those that would be get an apostrophe in front,
/// as OWASP advises. Line ends and control characters are neutralized.
fn quoted(cell: &str) -> String {
    let clean = crate::neutralize(cell);
    let formula =
        cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let clean = if formula { format!("'{clean}") } else { clean.into_owned() };
    if clean.contains([',', '"', '\'', ';', ' ']) {
        format!("\"{}\"", clean.replace('"', "\"\""))
    } else {
        clean
    }
}
