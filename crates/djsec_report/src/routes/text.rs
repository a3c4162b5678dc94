//! The table for a terminal: routes by app, in columns where there is room for them.

use std::io::{self, Write};

use annotate_snippets::renderer::Style;
use djsec_base::{Location, Outcome};

use super::{Csrf, Level, RouteTable, RouteView, RoutesReport, Scoping, words};
use crate::Report;
use crate::neutral::neutralize;
use crate::redact::mask_addresses;
use crate::text::certainty_words;
use crate::text::style::{
    BAD, BOLD, CODE, DIM, GOOD, Look, WARN, columns, count, pad, thousands, wrap,
};
use crate::text::write_notice;

/// Windows narrower than this get a block of lines for each route.
const NARROW: usize = 72;
/// The package that pages of the admin are listed under.
const ADMIN: &str = "django.contrib.admin";
/// Blanks between columns.
const GAP: usize = 2;
/// No column gets narrower than this.
const LEAST: usize = 8;

pub(super) fn write(out: &mut dyn Write, report: &RoutesReport<'_>) -> io::Result<()> {
    let look = Look::of(&report.options);
    let outcome = Outcome::default();
    // Places are printed as in a report of findings.
    let shell =
        Report { outcome: &outcome, files: report.files, rules: &[], options: report.options };
    if report.tables.is_empty() {
        writeln!(out, "{}", look.paint(WARN, "No Django project was found."))?;
    }
    for table in report.tables {
        Sheet { report: &shell, look: &look, table }.write(out)?;
        writeln!(out)?;
    }
    for notice in report.notices {
        write_notice(out, &shell, &look, notice)?;
    }
    if !report.notices.is_empty() {
        writeln!(out)?;
    }
    for table in report.tables {
        for line in wrap(&summary_line(report, table), look.width) {
            writeln!(out, "{}", look.paint(BOLD, &line))?;
        }
        for line in hidden_lines(table).iter().flat_map(|text| wrap(text, look.width)) {
            writeln!(out, "{}", look.paint(DIM, &line))?;
        }
    }
    if report.incomplete() {
        let text = "Addresses or views are missing from this, as said above: exit status 3.";
        for line in wrap(text, look.width) {
            writeln!(out, "{}", look.paint(BAD, &line))?;
        }
    }
    Ok(())
}

fn summary_line(report: &RoutesReport<'_>, table: &RouteTable<'_>) -> String {
    let prefix = if report.tables.len() > 1 {
        format!("{}: ", neutralize(words::project(table)))
    } else {
        String::new()
    };
    format!("{prefix}{}.", words::summary(table))
}

fn hidden_lines(table: &RouteTable<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if table.hidden.routes > 0 {
        let number = count(table.hidden.routes, "other route");
        let verb = if table.hidden.routes == 1 { "is" } else { "are" };
        let unknown = match table.hidden.unknown {
            0 => String::new(),
            unknown => {
                format!("; of {} of them it is not known who may reach them", thousands(unknown))
            }
        };
        lines.push(format!("{number} {verb} left out by the filters{unknown}."));
    }
    lines
}

/// A column: its heading, and how much of it there must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Methods,
    Pattern,
    View,
    Access,
    Csrf,
    Throttle,
    Objects,
}

impl Column {
    const ALL: [Self; 7] = [
        Self::Methods,
        Self::Pattern,
        Self::View,
        Self::Access,
        Self::Csrf,
        Self::Throttle,
        Self::Objects,
    ];

    const fn heading(self) -> &'static str {
        match self {
            Self::Methods => "Methods",
            Self::Pattern => "Pattern",
            Self::View => "View",
            Self::Access => "Access",
            Self::Csrf => "CSRF",
            Self::Throttle => "Throttle",
            Self::Objects => "Objects",
        }
    }

    /// The width down to which it gives way before columns that matter more do.
    const fn least(self) -> usize {
        match self {
            Self::Methods | Self::Csrf | Self::Throttle => LEAST,
            Self::Access | Self::Objects => 14,
            Self::View => 18,
            Self::Pattern => 26,
        }
    }

    /// Whether anything is known of it for some route; a column of unknowns says nothing.
    fn says_something(self, table: &RouteTable<'_>) -> bool {
        let any = |known: fn(&RouteView) -> bool| table.routes.iter().any(known);
        match self {
            Self::Pattern | Self::View => true,
            Self::Methods => any(|route| route.methods.is_some()),
            Self::Access => any(|route| !route.access.is_empty()),
            Self::Csrf => any(|route| route.csrf != Csrf::Unknown),
            Self::Throttle => {
                any(|route| route.throttle.as_ref().is_some_and(|limits| !limits.is_empty()))
            }
            Self::Objects => {
                any(|route| !matches!(route.scoping, Scoping::Unknown | Scoping::None))
            }
        }
    }
}

struct Sheet<'a> {
    report: &'a Report<'a>,
    look: &'a Look<'a>,
    table: &'a RouteTable<'a>,
}

impl<'a> Sheet<'a> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)?;
        let shown: Vec<Column> =
            Column::ALL.into_iter().filter(|column| column.says_something(self.table)).collect();
        let groups = self.groups();
        let widths = if self.look.width < NARROW { None } else { self.widths(&shown, &groups) };
        if let Some(widths) = &widths
            && !self.table.routes.is_empty()
        {
            let cells =
                shown.iter().zip(widths).map(|(column, width)| pad(column.heading(), *width));
            let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
            writeln!(out, "\n  {}", self.look.paint(DIM, line.trim_end()))?;
        }
        for (package, routes) in &groups {
            self.group_line(out, package.as_deref(), routes.len())?;
            for route in routes {
                match &widths {
                    Some(widths) => self.row(out, route, package.as_deref(), &shown, widths)?,
                    None => self.block(out, route, &shown)?,
                }
            }
        }
        self.gaps(out)
    }

    /// What the addresses are those of.
    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let table = self.table;
        let name = table.urlconf.as_deref().unwrap_or(&table.profile.module);
        let place = match table.project.as_str() {
            "" => String::new(),
            root => format!(" in {}", neutralize(root)),
        };
        writeln!(out, "{}{place}", self.look.paint(BOLD, &neutralize(name)))?;
        let django = table.django.as_deref().unwrap_or("of unknown version");
        let facts = [
            format!("under the settings {}", neutralize(&table.profile.module)),
            certainty_words(table.profile.certainty).to_owned(),
            format!("Django {}", neutralize(django)),
        ];
        for line in broken(&facts.join("; "), self.look.width) {
            writeln!(out, "{}", self.look.paint(DIM, &line))?;
        }
        Ok(())
    }

    /// Routes by the package of their view's app, in the order in which apps first appear.
    fn groups(&self) -> Vec<(Option<String>, Vec<&'a RouteView>)> {
        let mut groups: Vec<(Option<String>, Vec<&RouteView>)> = Vec::new();
        for route in &self.table.routes {
            let package = match route.origin {
                // The pages of the admin stand together, whatever app their models are of.
                "admin" => Some(String::from(ADMIN)),
                _ => route.app.as_ref().map(|app| app.package.clone()),
            };
            match groups.iter_mut().find(|(known, _)| *known == package) {
                Some((_, routes)) => routes.push(route),
                None => groups.push((package, vec![route])),
            }
        }
        groups
    }

    fn group_line(
        &self,
        out: &mut dyn Write,
        package: Option<&str>,
        routes: usize,
    ) -> io::Result<()> {
        let name = package.map_or_else(|| "not resolved".into(), neutralize);
        let number = self.look.paint(DIM, &count(routes, "route"));
        writeln!(out, "\n{}  {number}", self.look.paint(BOLD, &name))
    }

    /// The widths of the columns, or `None` where they do not fit.
    fn widths(
        &self,
        shown: &[Column],
        groups: &[(Option<String>, Vec<&RouteView>)],
    ) -> Option<Vec<usize>> {
        let mut widths: Vec<usize> = shown.iter().map(|column| column.heading().len()).collect();
        for (package, routes) in groups {
            for route in routes {
                for (column, width) in shown.iter().zip(&mut widths) {
                    let cell = cell(route, package.as_deref(), *column);
                    let widest = cell.iter().map(|line| columns(line)).max().unwrap_or(0);
                    *width = (*width).max(widest);
                }
            }
        }
        let room = self.look.width.checked_sub(2 + GAP * shown.len().saturating_sub(1))?;
        let least = |column: &Column, hard: bool| if hard { LEAST } else { column.least() };
        for hard in [false, true] {
            while widths.iter().sum::<usize>() > room {
                let squeezed = shown.iter().zip(&mut widths);
                let widest = squeezed
                    .filter(|(column, width)| **width > least(column, hard))
                    .max_by_key(|(column, width)| **width - least(column, hard));
                let Some((_, width)) = widest else { break };
                *width -= 1;
            }
        }
        if widths.iter().sum::<usize>() > room {
            return None;
        }
        Some(widths)
    }

    fn row(
        &self,
        out: &mut dyn Write,
        route: &RouteView,
        package: Option<&str>,
        shown: &[Column],
        widths: &[usize],
    ) -> io::Result<()> {
        let cells: Vec<Vec<String>> = shown
            .iter()
            .zip(widths)
            .map(|(column, width)| {
                let lines = cell(route, package, *column);
                lines.iter().flat_map(|line| broken(line, *width)).collect()
            })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let mut line = String::from(" ");
            let mut owed = 1;
            for ((column, width), cell) in shown.iter().zip(widths).zip(&cells) {
                let text = cell.get(at).map_or("", String::as_str);
                if !text.is_empty() {
                    line.push_str(&" ".repeat(owed));
                    owed = 0;
                    line.push_str(&self.dressed(route, *column, text));
                }
                owed += width.saturating_sub(columns(text)) + GAP;
            }
            writeln!(out, "{line}")?;
        }
        self.remarks(out, route, 4)
    }

    /// A route in a narrow window: what is asked for, then what answers, then who may.
    fn block(&self, out: &mut dyn Write, route: &RouteView, shown: &[Column]) -> io::Result<()> {
        let room = self.look.width - 2;
        let pattern = neutralize(&route.pattern).into_owned();
        let head = match words::methods(route) {
            _ if route.methods.is_none() => pattern,
            methods => format!("{} {pattern}", neutralize(&methods)),
        };
        for (at, line) in broken(&head, room).iter().enumerate() {
            let indent = if at == 0 { "" } else { "  " };
            writeln!(out, "{indent}{}", self.dressed(route, Column::Pattern, line))?;
        }
        for line in broken(&neutralize(&words::view(route)), room) {
            writeln!(out, "  {}", self.dressed(route, Column::View, &line))?;
        }
        let rest = [Column::Access, Column::Csrf, Column::Throttle, Column::Objects];
        for column in rest.into_iter().filter(|column| shown.contains(column)) {
            let label = match column {
                Column::Csrf => "CSRF",
                Column::Throttle => "at most",
                _ => "",
            };
            let silent =
                column == Column::Throttle && route.throttle.as_ref().is_some_and(Vec::is_empty);
            if silent || route.view.is_err() {
                continue;
            }
            for text in cell(route, None, column) {
                if text.is_empty() {
                    continue;
                }
                for line in broken(format!("{label} {text}").trim(), room) {
                    writeln!(out, "  {}", self.dressed(route, column, &line))?;
                }
            }
        }
        self.remarks(out, route, 2)
    }

    /// Why the view is not known, and when the route is there.
    fn remarks(&self, out: &mut dyn Write, route: &RouteView, indent: usize) -> io::Result<()> {
        let mut remarks = Vec::new();
        if let Err(reason) = &route.view {
            remarks.push((format!("not known: {}", mask_addresses(reason)), BAD));
        }
        if let Some(when) = words::when(route) {
            remarks.push((format!("only when {when}"), WARN));
        }
        if let Some(reason) = &route.public_because {
            remarks.push((format!("by nature {reason}"), DIM));
        }
        if self.report.options.verbose {
            let unknown = route.access.iter().filter(|access| access.level == Level::Unknown);
            for reason in unknown.filter_map(|access| access.permission.as_deref()) {
                remarks.push((format!("access is not known: {}", mask_addresses(reason)), DIM));
            }
        }
        for (text, style) in remarks {
            for line in broken(&neutralize(&text), self.look.width - indent) {
                writeln!(out, "{}{}", " ".repeat(indent), self.look.paint(style, &line))?;
            }
        }
        Ok(())
    }

    /// A piece of a cell with its color and its link.
    fn dressed(&self, route: &RouteView, column: Column, text: &str) -> String {
        let style = match column {
            Column::Methods if route.has_unsafe_method() => BOLD,
            Column::Pattern | Column::Access => level_style(route.level()),
            Column::View if route.view.is_err() => BAD,
            Column::View => Style::new(),
            Column::Csrf if route.csrf.is_open() => BAD,
            Column::Methods | Column::Csrf | Column::Throttle => DIM,
            Column::Objects => match route.scoping {
                Scoping::Unscoped(_) => BAD,
                Scoping::Scoped(_) => GOOD,
                _ => DIM,
            },
        };
        let painted = self.look.paint(style, text);
        let place = match column {
            Column::Pattern => route.place,
            Column::View => route.view_place,
            _ => None,
        };
        match place {
            Some(Location::Span(span)) => self.look.link(self.report.files, span.file, &painted),
            _ => painted,
        }
    }

    /// Where addresses may be missing.
    fn gaps(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.table.gaps.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", self.look.paint(BAD, "Addresses may be missing"))?;
        for gap in &self.table.gaps {
            let text = format!("under {}: {}", gap.prefix, mask_addresses(&gap.reason));
            for line in broken(&neutralize(&text), self.look.width - 2) {
                writeln!(out, "  {line}")?;
            }
            if let Some(place) = gap.place {
                let place = self.look.place(self.report, place);
                writeln!(out, "    {}", self.look.paint(DIM, &format!("--> {place}")))?;
            }
        }
        Ok(())
    }
}

/// The lines of a cell, as wide as they like to be.
fn cell(route: &RouteView, package: Option<&str>, column: Column) -> Vec<String> {
    let text = match column {
        Column::Methods => words::methods(route),
        Column::Pattern => route.pattern.clone(),
        Column::View => {
            let view = words::view(route);
            let inside = package
                .and_then(|package| view.strip_prefix(package))
                .and_then(|rest| rest.strip_prefix('.'));
            inside.map_or_else(|| view.clone(), str::to_owned)
        }
        Column::Access => {
            return words::access(route).iter().map(|line| neutralize(line).into_owned()).collect();
        }
        Column::Csrf => words::csrf(route).to_owned(),
        Column::Throttle => words::throttle(route),
        Column::Objects => words::scoping(route),
    };
    vec![neutralize(&text).into_owned()]
}

const fn level_style(level: Level) -> Style {
    match level {
        Level::Public => WARN,
        Level::Unknown => BAD,
        Level::Authenticated => GOOD,
        Level::Custom | Level::Permission | Level::Staff | Level::Superuser => CODE,
        Level::Nobody => DIM,
    }
}

/// `text` in lines of at most `width` columns, broken after a separator where there is one.
fn broken(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for piece in text.split_inclusive(['/', '.', ' ', ',']) {
        if columns(piece.trim_end()) <= width {
            add(&mut lines, piece, width);
            continue;
        }
        for part in piece.split_inclusive(['_', ':', '-']) {
            if columns(part) <= width {
                add(&mut lines, part, width);
                continue;
            }
            let mut buffer = [0; 4];
            for character in part.chars() {
                add(&mut lines, character.encode_utf8(&mut buffer), width);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Appends to the last line, or to a new one where that is full.
fn add(lines: &mut Vec<String>, piece: &str, width: usize) {
    let fits = |line: &String| columns(line) + columns(piece.trim_end()) <= width;
    match lines.last_mut() {
        Some(line) if line.is_empty() || fits(line) => line.push_str(piece),
        _ => lines.push(piece.to_owned()),
    }
}
