//! `djsec routes [PATH]`.

use std::collections::BTreeSet;

use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};
use djsec_engine::{Depth, Run, did_you_mean, nearest, understand};
use djsec_report::routes::{Diff, Level, Lock, RouteTable, RouteView, Scoping};
use globset::{Glob, GlobMatcher};
use tracing::info_span;

use crate::{
    cli::{Look, RouteFilters, Routes},
    failure::{Failure, say},
    options::overrides,
    project::{Project, read_text, write_file},
    show,
    stages::followed,
};

/// The lock's name in the folder of the project.
const LOCK: &str = "djsec-routes.lock";

pub(super) fn run(options: &Routes, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let overrides = overrides(&options.production, None)?;
    let only = Only::read(&options.only)?;
    let project = Project::open(&options.path, &options.config, overrides, &catalog)?;
    // A lock that is not there or broken is said before the work is done.
    let check = options.lock.check_lock.as_ref();
    let locked = check.map(|file| read_lock(&lock_path(file, &options.path)));
    let locked = locked.transpose()?;
    let (run, scopings) = followed(look, || {
        let run = understand(&project.disk, &project.config, Depth::Structure);
        let scopings = info_span!("objects").in_scope(|| scopings(&run));
        (run, scopings)
    });
    let mut tables = tables(&run, scopings);
    if tables.is_empty() {
        return Err(super::settings::nothing_read(&run, &options.path).into());
    }
    if let Some(file) = &options.lock.write_lock {
        write_lock(&lock_path(file, &options.path), &tables, look)?;
        return Ok(if run.outcome.incomplete() { 3 } else { 0 });
    }
    if let Some(locked) = locked {
        let diff = Diff::between(&locked, &Lock::of(&tables));
        show::diff(&diff, options.output.as_deref(), look)?;
        return Ok(status_of(&run, u8::from(!diff.is_empty()), look));
    }
    only.narrow(&mut tables, look)?;
    let (format, output) = (options.format, options.output.as_deref());
    let whole = show::routes(&run, &tables, &project.root, format, output, look)?;
    Ok(if whole { 0 } else { 3 })
}

/// For each project the scoping of its routes.
fn scopings(run: &Run) -> Vec<Vec<Scoping>> {
    let built = run.projects.iter().filter_map(|project| {
        let structure = project.known_structure()?;
        Some(super::routes_scoping::all(&run.program, structure, &project.settings))
    });
    built.collect()
}

fn tables(run: &Run, scopings: Vec<Vec<Scoping>>) -> Vec<RouteTable<'_>> {
    run.projects
        .iter()
        .zip(scopings)
        .filter_map(|(project, scopings)| {
            let summary =
                run.outcome.projects.iter().find(|summary| summary.root == project.root)?;
            let profile = summary.profile.as_ref()?;
            let structure = project.known_structure()?;
            let table = super::routes_view::table;
            Some(table(&run.program, project, structure, profile, scopings))
        })
        .collect()
}

/// The status, unless the run skipped something that no lock can name.
fn status_of(run: &Run, status: u8, look: &Look) -> u8 {
    if !run.outcome.incomplete() {
        return status;
    }
    for notice in &run.outcome.notices {
        say(look.quiet, &format!("incomplete[{}]: {}", notice.id, notice.message));
    }
    3
}

fn lock_path(file: &Utf8Path, root: &Utf8Path) -> Utf8PathBuf {
    match file.as_str() {
        "" if root == "." => Utf8PathBuf::from(LOCK),
        "" => root.join(LOCK),
        _ => file.to_owned(),
    }
}

fn read_lock(path: &Utf8Path) -> Result<Lock> {
    let text = read_text(path).map_err(|error| {
        if path.exists() {
            return error;
        }
        Failure::new(error.to_string())
            .hint("`djsec routes --write-lock` writes a lock; keep it with the source")
            .into()
    })?;
    let lock = Lock::parse(&text).map_err(|error| {
        let line = if error.line > 0 { format!(":{}", error.line) } else { String::new() };
        Failure::new(format!("'{path}' is no lock: {path}{line}: {}", error.message))
            .hint("`djsec routes --write-lock` writes it anew")
    })?;
    Ok(lock)
}

fn write_lock(path: &Utf8Path, tables: &[RouteTable<'_>], look: &Look) -> Result<()> {
    let lock = Lock::of(tables);
    write_file(path, lock.to_toml().as_bytes())?;
    let routes = match lock.len() {
        1 => "1 route".to_owned(),
        number => format!("{number} routes"),
    };
    let unresolved = match lock.unresolved() {
        0 => String::new(),
        1 => "; what djsec does not see in 1 place is named in it".to_owned(),
        number => format!("; what djsec does not see in {number} places is named in it"),
    };
    let text = format!(
        "{routes} written to {path}{unresolved}; `djsec routes --check-lock` says what changes"
    );
    say(look.quiet, &text);
    Ok(())
}

/// The routes that were asked for.
struct Only<'a> {
    filters: &'a RouteFilters,
    names: Vec<(String, GlobMatcher)>,
    patterns: Vec<(String, GlobMatcher)>,
}

impl<'a> Only<'a> {
    fn read(filters: &'a RouteFilters) -> Result<Self> {
        Ok(Self {
            filters,
            names: globs(&filters.name, "accounts:*")?,
            patterns: globs(&filters.pattern, "/api/*")?,
        })
    }

    /// Keeps the routes that match. An app or pattern that matches nothing is a slip worth telling.
    fn narrow(&self, tables: &mut [RouteTable<'_>], look: &Look) -> Result<()> {
        self.slips(tables, look)?;
        let filters = self.filters;
        for table in tables {
            table.retain(filters.public, |route| {
                let app = route.app.as_ref().map(|app| app.label.as_str());
                let named = route.full_name();
                (!filters.public || route.level() == Level::Public)
                    && (!filters.unsafe_methods || route.has_unsafe_method())
                    && (filters.app.is_empty()
                        || filters.app.iter().any(|label| Some(label.as_str()) == app))
                    && (self.names.is_empty()
                        || named.is_some_and(|name| matches(&self.names, &name)))
                    && (self.patterns.is_empty() || matches(&self.patterns, &route.pattern))
            });
        }
        Ok(())
    }

    fn slips(&self, tables: &[RouteTable<'_>], look: &Look) -> Result<()> {
        let routes = || tables.iter().flat_map(|table| &table.routes);
        let apps: BTreeSet<String> =
            routes().filter_map(|route| route.app.as_ref()).map(|app| app.label.clone()).collect();
        let names: BTreeSet<String> = routes().filter_map(RouteView::full_name).collect();
        let mut slips = Vec::new();
        let mut asked = 0;
        for label in &self.filters.app {
            asked += 1;
            if !apps.contains(label) {
                let near = nearest(label, apps.iter().map(String::as_str));
                slips.push(format!("no route is of an app '{label}'{}", did_you_mean(near)));
            }
        }
        for (text, glob) in &self.names {
            asked += 1;
            if !names.iter().any(|name| glob.is_match(name)) {
                let near = nearest(text, names.iter().map(String::as_str));
                slips.push(format!("no route has a name like '{text}'{}", did_you_mean(near)));
            }
        }
        for (text, glob) in &self.patterns {
            asked += 1;
            if !routes().any(|route| glob.is_match(&route.pattern)) {
                slips.push(format!("no pattern is like '{text}'; patterns begin with '/'"));
            }
        }
        if asked > 0 && slips.len() == asked {
            return Err(Failure::lines(slips)
                .hint("`djsec routes` without filters lists them all")
                .into());
        }
        for slip in slips {
            say(look.quiet, &format!("note: {slip}"));
        }
        Ok(())
    }
}

fn globs(texts: &[String], like: &str) -> Result<Vec<(String, GlobMatcher)>> {
    let mut globs = Vec::new();
    for text in texts {
        let glob = Glob::new(text).map_err(|error| {
            Failure::new(format!("'{text}' is not a pattern: {}", error.kind()))
                .hint(format!("write it like '{like}'"))
        })?;
        globs.push((text.clone(), glob.compile_matcher()));
    }
    Ok(globs)
}

fn matches(globs: &[(String, GlobMatcher)], text: &str) -> bool {
    globs.iter().any(|(_, glob)| glob.is_match(text))
}
