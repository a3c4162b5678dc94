//! Writes results to stdout or a file. Everything is written to memory first: a file is whole or
//! untouched, and a closed pipe (`djsec check | head`) ends quietly.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use camino::Utf8Path;
use djsec_base::{Files, RuleMeta, Severity};
use djsec_engine::Run;
use djsec_report::{
    Format, Options, Report,
    csp::{self, CspView},
    explain,
    routes::{self, Diff, RouteTable, RoutesReport},
    rules_list,
    settings::{self, SettingsView},
};

use crate::{
    cli::{Look, PlainFormat, ReportFormat, ReportOptions, RouteFormat, When},
    disk::reason,
    failure::{Failure, say},
    project::{Project, write_file},
    terminal,
};

/// Writes the report and gives the exit status that it calls for.
pub(crate) fn report(
    run: &Run,
    project: &Project,
    options: &ReportOptions,
    look: &Look,
) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let rules: Vec<&'static RuleMeta> =
        catalog.iter().filter(|rule| project.config.selects(rule)).collect();
    let root = project.root.canonicalize_utf8().ok();
    let report = Report {
        outcome: &run.outcome,
        files: &run.files,
        rules: &rules,
        options: Options {
            fail_on: project.config.fail_on,
            root: root.as_deref(),
            ..options_for(look, options.output.is_some())
        },
    };
    let format = match options.format {
        ReportFormat::Text => Format::Text,
        ReportFormat::Json => Format::Json,
        ReportFormat::Sarif => Format::Sarif,
        ReportFormat::Html => Format::Html,
    };
    let mut bytes = Vec::new();
    djsec_report::write(&mut bytes, format, &report)?;
    deliver(&bytes, options.output.as_deref(), look)?;
    Ok(report.exit_status())
}

/// Writes the settings of each Django project.
pub(crate) fn settings(
    files: &Files,
    views: &[SettingsView<'_>],
    format: PlainFormat,
    output: Option<&Utf8Path>,
    look: &Look,
) -> Result<()> {
    let options = options_for(look, output.is_some());
    let mut bytes = Vec::new();
    match format {
        PlainFormat::Text => settings::write_text(&mut bytes, files, views, &options)?,
        PlainFormat::Json => settings::write_json(&mut bytes, files, views, &options)?,
    }
    deliver(&bytes, output, look)
}

/// Writes the routes of each Django project; says whether they are all there.
pub(crate) fn routes(
    run: &Run,
    tables: &[RouteTable<'_>],
    root: &Utf8Path,
    format: RouteFormat,
    output: Option<&Utf8Path>,
    look: &Look,
) -> Result<bool> {
    let root = root.canonicalize_utf8().ok();
    let report = RoutesReport {
        tables,
        notices: &run.outcome.notices,
        files: &run.files,
        options: Options { root: root.as_deref(), ..options_for(look, output.is_some()) },
    };
    let format = match format {
        RouteFormat::Text => routes::RouteFormat::Text,
        RouteFormat::Json => routes::RouteFormat::Json,
        RouteFormat::Csv => routes::RouteFormat::Csv,
        RouteFormat::Markdown => routes::RouteFormat::Markdown,
        RouteFormat::Html => routes::RouteFormat::Html,
    };
    let mut bytes = Vec::new();
    routes::write(&mut bytes, format, &report)?;
    deliver(&bytes, output, look)?;
    Ok(!report.incomplete())
}

/// Writes the policy that each Django project needs.
pub(crate) fn csp(
    files: &Files,
    views: &[CspView],
    root: &Utf8Path,
    format: PlainFormat,
    output: Option<&Utf8Path>,
    look: &Look,
) -> Result<()> {
    let root = root.canonicalize_utf8().ok();
    let options = Options { root: root.as_deref(), ..options_for(look, output.is_some()) };
    let mut bytes = Vec::new();
    match format {
        PlainFormat::Text => csp::write_text(&mut bytes, files, views, &options)?,
        PlainFormat::Json => csp::write_json(&mut bytes, files, views, &options)?,
    }
    deliver(&bytes, output, look)
}

/// Writes what changed in who may reach what.
pub(crate) fn diff(diff: &Diff, output: Option<&Utf8Path>, look: &Look) -> Result<()> {
    let mut bytes = Vec::new();
    routes::write_diff(&mut bytes, diff, &options_for(look, output.is_some()))?;
    deliver(&bytes, output, look)
}

/// Writes the list of rules.
pub(crate) fn rules(rules: &[&'static RuleMeta], format: PlainFormat, look: &Look) -> Result<()> {
    let options = options_for(look, false);
    let mut bytes = Vec::new();
    match format {
        PlainFormat::Text => rules_list::write_text(&mut bytes, rules, &options)?,
        PlainFormat::Json => rules_list::write_json(&mut bytes, rules, &options)?,
    }
    to_stdout(&bytes)
}

/// Writes the page of a rule.
pub(crate) fn page(rule: &'static RuleMeta, format: PlainFormat, look: &Look) -> Result<()> {
    let options = options_for(look, false);
    let mut bytes = Vec::new();
    match format {
        PlainFormat::Text => explain::write_text(&mut bytes, rule, &options)?,
        PlainFormat::Json => explain::write_json(&mut bytes, rule, &options)?,
    }
    to_stdout(&bytes)
}

/// How to write for where it goes; a file gets colors and links only when told.
fn options_for(look: &Look, into_file: bool) -> Options<'static> {
    let when = |when: When| if into_file && when == When::Auto { When::Never } else { when };
    Options {
        color: terminal::color(when(look.color)),
        hyperlinks: terminal::hyperlinks(when(look.hyperlinks)),
        width: terminal::width(),
        verbose: look.verbose,
        fail_on: Severity::Medium,
        tool_version: env!("CARGO_PKG_VERSION"),
        root: None,
    }
}

fn deliver(bytes: &[u8], output: Option<&Utf8Path>, look: &Look) -> Result<()> {
    let Some(path) = output else { return to_stdout(bytes) };
    write_file(path, bytes)?;
    if io::stdout().is_terminal() {
        say(look.quiet, &format!("report written to {path}"));
    }
    Ok(())
}

/// Writes to stdout. A reader that went away has what it wanted.
pub(crate) fn to_stdout(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("stdout could not be written: {}", reason(&error))).into())
        }
        _ => Ok(()),
    }
}
