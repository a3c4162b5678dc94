//! Holds the routes against what Django's resolver said: every project of `vectors/routes` under
//! every recorded environment. Not one route may be missing, not one invented; the order, the views,
//! the names and the namespaces are the same.
//!
//! `DJSEC_ROUTES=name` runs the projects whose name contains that.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test harness fails loudly and prints its differences"
)]

mod compare;
mod guards;
mod known;
mod orders;
mod recorded;

use djsec_deps::Inventory;
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::Models;
use djsec_django::routes::{self, Routes};
use djsec_django::settings::{self, Settings};
use djsec_django::views::Views;
use djsec_python::Program;
use djsec_python::eval::{Budget, Environment, EnvironmentValue};

use compare::Answer;
use recorded::{Recorded, Recording};

#[test]
fn every_recorded_project_has_the_routes_that_django_resolves() {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let Report { table, differences } = thread.spawn(run).unwrap().join().unwrap();
    println!("{}", table.join("\n"));
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn views_are_guarded_by_the_classes_that_django_would_use() {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let differences = thread.spawn(run_guards).unwrap().join().unwrap();
    let (count, text) = (differences.len(), differences.join("\n"));
    assert!(differences.is_empty(), "{count} differences:\n{text}");
}

fn run_guards() -> Vec<String> {
    let mut differences = Vec::new();
    for recording in recorded::all() {
        let (program, ..) = Program::build(&recording.files);
        let hierarchy = Hierarchy::new(&program);
        for recorded in &recording.environments {
            let (settings, routes) = evaluate(&recording, &program, &hierarchy, recorded);
            let views = Views::build(&program, &hierarchy, &settings, &routes, &Models::default());
            let found = guards::differences(recorded, &settings, &routes, &views);
            differences.extend(found.into_iter().map(|line| format!("{}: {line}", recording.name)));
        }
    }
    differences
}

#[derive(Default)]
struct Report {
    /// How many routes each project has in each environment, and how many differences.
    table: Vec<String>,
    /// Those that fail the test.
    differences: Vec<String>,
}

fn run() -> Report {
    let only = std::env::var("DJSEC_ROUTES").unwrap_or_default();
    let mut unused: Vec<_> = known::KNOWN.iter().collect();
    let Report { mut table, mut differences } = Report::default();
    for recording in recorded::all() {
        if !recording.name.contains(&only) {
            continue;
        }
        let (program, ..) = Program::build(&recording.files);
        let hierarchy = Hierarchy::new(&program);
        let not_yet = known::NOT_YET.contains(&recording.name.as_str());
        let mut different = false;
        for recorded in &recording.environments {
            let (settings, routes) = evaluate(&recording, &program, &hierarchy, recorded);
            let answer = Answer {
                program: &program,
                hierarchy: &hierarchy,
                settings: &settings,
                routes: &routes,
            };
            let found = compare::differences(recorded, &answer);
            table.push(format!(
                "{:<20}{:>5} routes, {:>3} differences  {:?}",
                recording.name,
                recorded.routes.len(),
                found.len(),
                recorded.env
            ));
            different |= !found.is_empty();
            for line in found {
                if not_yet && only.is_empty() {
                    continue;
                }
                let known = |entry: &known::Known| {
                    entry.project == recording.name && line.contains(entry.line)
                };
                unused.retain(|entry| !known(entry));
                if !known::KNOWN.iter().any(known) {
                    differences.push(format!("{} {:?}: {line}", recording.name, recorded.env));
                }
            }
        }
        if not_yet && !different {
            differences.push(format!("{} has no differences any more", recording.name));
        }
    }
    if only.is_empty() {
        let line = |entry: &known::Known| {
            format!("{}: {} is no difference any more", entry.project, entry.line)
        };
        differences.extend(unused.into_iter().map(line));
    }
    Report { table, differences }
}

/// The routes in an environment of which everything is known.
fn evaluate(
    recording: &Recording,
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    recorded: &Recorded,
) -> (Settings, Routes) {
    let mut environment = Environment { closed: true, ..Environment::default() };
    let module = ("DJANGO_SETTINGS_MODULE".to_owned(), recording.settings.clone());
    for (name, value) in recorded.env.clone().into_iter().chain([module]) {
        environment.given.insert(name, EnvironmentValue::Is(value, None));
    }
    let inventory = Inventory::read(&recording.files, "".into());
    let settings = settings::evaluate(settings::Request {
        files: &recording.files,
        program,
        inventory: &inventory,
        root: "".into(),
        module: &recording.settings,
        configuration: None,
        environment: environment.clone(),
        series: "5.2".parse().unwrap(),
        budget: Budget::default(),
    })
    .unwrap();
    let routes = routes::evaluate(routes::Request {
        files: &recording.files,
        program,
        hierarchy,
        settings: &settings,
        inventory: &inventory,
        root: "".into(),
        environment,
        budget: Budget::default(),
    });
    (settings, routes)
}
