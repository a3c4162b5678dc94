//! The table as one page.

use std::fmt::Write as _;
use std::io::{self, Write};

use djsec_base::NoticeKind;

use super::{Level, RouteTable, RouteView, RoutesReport, Scoping, words};
use crate::page::{Assets, escaped, small};
use crate::redact::mask_addresses;

const ASSETS: Assets = Assets {
    style: concat!(include_str!("../page/base.css"), include_str!("page.css")),
    style_digest: "094bhSB+VTFPePGBd07ErpPPwANSGcFpLBeZXVD6+y0=",
    script: include_str!("page.js"),
    script_digest: "Um3I79TBxzFinA1SK25IRNtBFAYrJ0svMyhK2ZohTko=",
};

const HEADINGS: [&str; 7] = ["Methods", "Pattern", "View", "Access", "CSRF", "Throttle", "Objects"];

pub(super) fn write(out: &mut dyn Write, report: &RoutesReport<'_>) -> io::Result<()> {
    ASSETS.open(out, &title(report))?;
    if report.incomplete() {
        out.write_all(
            b"<p class=\"incomplete\" role=\"note\"><strong>Incomplete:</strong> addresses or \
              views are missing from this page; what is missing is listed below.</p>\n",
        )?;
    }
    if report.tables.is_empty() {
        writeln!(out, "<p>No Django project was found.</p>")?;
    }
    for (number, table) in report.tables.iter().enumerate() {
        out.write_all(section(report, table, number + 1).as_bytes())?;
    }
    let skipped: Vec<_> =
        report.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete).collect();
    if !skipped.is_empty() {
        writeln!(out, "<h2>What was skipped</h2>\n<ul>")?;
        for notice in skipped {
            writeln!(out, "<li>{}</li>", escaped(&mask_addresses(&notice.message)))?;
        }
        writeln!(out, "</ul>")?;
    }
    ASSETS.close(out, report.options.tool_version)
}

fn title(report: &RoutesReport<'_>) -> String {
    match report.tables {
        [table] => {
            format!("Routes of {}", table.urlconf.as_deref().unwrap_or(&table.profile.module))
        }
        tables => format!("Routes of {} projects", tables.len()),
    }
}

fn section(report: &RoutesReport<'_>, table: &RouteTable<'_>, number: usize) -> String {
    let mut page = String::new();
    let name = table.urlconf.as_deref().unwrap_or(&table.profile.module);
    let heading = format!("{name} ({})", words::project(table));
    let _ = writeln!(page, "<section aria-labelledby=\"project-{number}\">");
    let hidden = if report.tables.len() > 1 { "" } else { " class=\"unseen\"" };
    let _ = writeln!(page, "<h2 id=\"project-{number}\"{hidden}>{}</h2>", escaped(&heading));
    let _ = writeln!(
        page,
        "<p>{}, under the settings <code>{}</code>{}.</p>",
        escaped(&words::summary(table)),
        escaped(&table.profile.module),
        match table.hidden.routes {
            0 => String::new(),
            routes =>
                format!("; {} left out by filters", crate::text::style::count(routes, "route")),
        }
    );
    if !table.routes.is_empty() {
        page.push_str(&controls(table, number));
        page.push_str(&rows(report, table, number));
    }
    if !table.gaps.is_empty() {
        page.push_str("<h3>Where addresses may be missing</h3>\n<ul class=\"gaps\">\n");
        for gap in &table.gaps {
            let _ = writeln!(
                page,
                "<li><code>{}</code>: {} <small>{}</small></li>",
                escaped(&gap.prefix),
                escaped(&mask_addresses(&gap.reason)),
                escaped(&words::place(report.files, gap.place)),
            );
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</section>\n");
    page
}

/// The search field and a box for each level; shown by the script that makes them work.
fn controls(table: &RouteTable<'_>, number: usize) -> String {
    let mut out = format!(
        "<form class=\"filters\" data-for=\"routes-{number}\" hidden>\n<label>Search \
         <input type=\"search\" name=\"text\" autocomplete=\"off\"></label>\n\
         <fieldset><legend>Access</legend>\n"
    );
    let levels = table.levels();
    for level in Level::ALL {
        if let Some(routes) = levels.get(&level) {
            let name = level.name();
            let _ = writeln!(
                out,
                "<label><input type=\"checkbox\" name=\"level\" value=\"{name}\" checked> \
                 <span class=\"{name}\">{name}</span> {routes}</label>"
            );
        }
    }
    out.push_str(
        "</fieldset>\n<label><input type=\"checkbox\" name=\"unsafe\"> only methods that change \
         state</label>\n<output aria-live=\"polite\"></output>\n</form>\n",
    );
    out
}

fn rows(report: &RoutesReport<'_>, table: &RouteTable<'_>, number: usize) -> String {
    let mut out = format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"project-{number}\">\n\
         <table id=\"routes-{number}\">\n<thead><tr>"
    );
    for heading in HEADINGS {
        let _ = write!(out, "<th scope=\"col\">{heading}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for route in &table.routes {
        row(&mut out, report, route);
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    out
}

fn row(out: &mut String, report: &RoutesReport<'_>, route: &RouteView) {
    let level = route.level().name();
    let changes = if route.has_unsafe_method() { " data-unsafe" } else { "" };
    let _ = write!(out, "<tr data-level=\"{level}\"{changes}>");
    cell(out, "methods", &escaped(&words::methods(route)));
    let name = route.full_name().map(|name| small(&name)).unwrap_or_default();
    let when = words::when(route).map(|when| small(&format!("only when {when}")));
    let _ = write!(
        out,
        "<th scope=\"row\"><code>{}</code>{name}{}</th>",
        escaped(&route.pattern),
        when.unwrap_or_default()
    );
    let view = match &route.view {
        Ok(view) => format!("<code>{}</code>", escaped(view)),
        Err(reason) => {
            format!("<span class=\"unknown\">unknown</span>{}", small(&mask_addresses(reason)))
        }
    };
    let place = words::place(report.files, route.view_place);
    let place = if place.is_empty() { place } else { small(&place) };
    cell(out, "view", &format!("{view}{place}"));
    let access: Vec<String> = words::access(route).iter().map(|line| escaped(line)).collect();
    let mut access = format!("<span class=\"{level}\">{}</span>", access.join("<br>"));
    if let Some(reason) = &route.public_because {
        access.push_str(&small(&format!("by nature {reason}")));
    }
    if !route.guards.is_empty() {
        access.push_str(&guards(report, route));
    }
    cell(out, "access", &access);
    let exempt = if route.csrf.is_open() { "bad" } else { "plain" };
    cell(out, exempt, &escaped(words::csrf(route)));
    cell(out, "plain", &escaped(&words::throttle(route)));
    let scoping = match route.scoping {
        Scoping::Unscoped(_) => "bad",
        Scoping::Scoped(_) => "good",
        _ => "plain",
    };
    cell(out, scoping, &escaped(&words::scoping(route)));
    out.push_str("</tr>\n");
}

/// What guards a view, folded away.
fn guards(report: &RoutesReport<'_>, route: &RouteView) -> String {
    let mut out = format!(
        "<details><summary>{}</summary><ul>",
        crate::text::style::count(route.guards.len(), "guard")
    );
    for guard in &route.guards {
        let _ = write!(
            out,
            "<li><code>{}</code>: {} <small>{} {}{}</small></li>",
            escaped(&mask_addresses(&guard.text)),
            escaped(&mask_addresses(&guard.lets_in)),
            escaped(guard.kind),
            escaped(&words::place(report.files, guard.place)),
            guard
                .without_effect
                .map(|why| format!("; without effect: {}", escaped(why)))
                .unwrap_or_default(),
        );
    }
    out.push_str("</ul></details>");
    out
}

fn cell(out: &mut String, class: &str, inner: &str) {
    let _ = write!(out, "<td class=\"{class}\">{inner}</td>");
}
