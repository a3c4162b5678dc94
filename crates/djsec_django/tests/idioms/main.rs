//! Holds the settings evaluator against what the real Django and the real readers said: every
//! project of `vectors/idioms` under every recorded environment, once with that environment
//! closed (what is not given is unset) and once open (nothing is known of the environment).
#![expect(
    clippy::unwrap_used,
    clippy::get_unwrap,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test harness fails loudly and prints its table"
)]

mod accepted;
mod fit;
mod project;
mod python;
mod readers;
mod replay;

use std::collections::BTreeMap;

use djsec_python::value::Value;
use djsec_python::worlds::Guard;

use fit::{Fit, World};
use project::{Case, Project, Recorded};
use python::Py;

/// How many settings of one idiom row came out how.
#[derive(Default)]
struct Tally {
    known: usize,
    contained: usize,
    opaque: usize,
}

#[derive(Default)]
struct Report {
    rows: BTreeMap<String, Tally>,
    problems: Vec<String>,
    used: Vec<(String, String)>,
}

#[test]
fn every_recorded_project_evaluates_to_what_django_loaded() {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let report = thread.spawn(run).unwrap().join().unwrap();
    println!("{:<8}{:>8}{:>12}{:>8}", "row", "known", "contained", "opaque");
    for (row, tally) in &report.rows {
        println!("{row:<8}{:>8}{:>12}{:>8}", tally.known, tally.contained, tally.opaque);
    }
    let problems = &report.problems;
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

fn run() -> Report {
    let mut report = Report::default();
    let only = std::env::var("DJSEC_IDIOM").unwrap_or_default();
    for project in project::all() {
        if !project.name.contains(&only) {
            continue;
        }
        for case in &project.cases {
            check_closed(&project, case, &mut report);
            check_open(&project, case, &mut report);
        }
    }
    if only.is_empty() {
        for (case, setting, _) in accepted::ACCEPTED {
            let key = ((*case).to_owned(), (*setting).to_owned());
            if !report.used.contains(&key) {
                report.problems.push(format!("accepted, but not needed: {case} {setting}"));
            }
        }
    }
    report
}

fn check_closed(project: &Project, case: &Case, report: &mut Report) {
    let Some(settings) = project.evaluate(case, true) else {
        report.problem(project, case, "closed", "the settings module was not found");
        return;
    };
    let world = World::new(&settings, &case.env);
    let fails = world.failure();
    match &case.recorded {
        Recorded::Error { class, at } => {
            if report.accepts(project, "import") {
                return;
            }
            if !fails.surely {
                report.problem(project, case, "closed", &format!("{class} at {at:?} is missed"));
                return;
            }
            let right = fails
                .reached
                .iter()
                .any(|(kind, place)| kind == class && at.as_ref().is_none_or(|at| at == place));
            if !right {
                let got = format!("fails with {:?}, not {class} at {at:?}", fails.reached);
                report.problem(project, case, "closed", &got);
            }
        }
        Recorded::Settings(expected) => {
            if !fails.reached.is_empty() && !report.accepts(project, "import") {
                let got = format!("fails with {:?}", fails.reached);
                report.problem(project, case, "closed", &got);
            }
            for (name, py) in expected {
                closed_setting(project, case, &world, name, py, report);
            }
            for setting in settings.explicit() {
                let set = world.set_by_project(&setting.value);
                if set
                    && project.mentions(&setting.name)
                    && !expected.iter().any(|(name, _)| **name == *setting.name)
                {
                    let got = format!("{} is not set there", setting.name);
                    report.problem(project, case, "closed", &got);
                }
            }
        }
    }
}

fn closed_setting(
    project: &Project,
    case: &Case,
    world: &World<'_>,
    name: &str,
    py: &Py,
    report: &mut Report,
) {
    let setting = world.settings.get(name);
    let fit = world.value(setting.value(), py);
    let tally = report.rows.entry(project.row.clone()).or_default();
    match fit {
        Fit::Exact => tally.known += 1,
        Fit::Maybe => {
            if world.has_opaque(setting.value()) {
                tally.opaque += 1;
            } else {
                tally.contained += 1;
            }
            if !report.accepts(project, name) {
                let got = world.show(setting.value());
                report.problem(
                    project,
                    case,
                    "closed",
                    &format!("{name} is {py:?}, not known: {got}"),
                );
            }
        }
        Fit::No => {
            let got = world.show(setting.value());
            report.problem(project, case, "closed", &format!("{name} is {py:?}, not {got}"));
        }
    }
}

fn check_open(project: &Project, case: &Case, report: &mut Report) {
    let Some(settings) = project.evaluate(case, false) else { return };
    let world = World::new(&settings, &case.env);
    let fails = world.failure();
    match &case.recorded {
        Recorded::Error { class, at } => {
            // That a text cannot be parsed is not followed where no handler waits for it.
            let text = project::is_text_error(class);
            if fails.reached.is_empty() && !text && !report.accepts(project, "import") {
                let got = format!("{class} at {at:?} is missed");
                report.problem(project, case, "open", &got);
            }
        }
        Recorded::Settings(expected) => {
            if fails.surely {
                let got = format!("fails surely with {:?}", fails.reached);
                report.problem(project, case, "open", &got);
            }
            for (name, py) in expected {
                let setting = settings.get(name);
                if world.value(setting.value(), py) == Fit::No {
                    if report.accepts(project, name) {
                        continue;
                    }
                    let got = world.show(setting.value());
                    let got = format!("{name} is {py:?}, which is not in {got}");
                    report.problem(project, case, "open", &got);
                } else if world.has_opaque(setting.value()) && !report.accepts(project, name) {
                    let got = world.show(setting.value());
                    report.problem(project, case, "open", &format!("{name} is opaque: {got}"));
                }
            }
        }
    }
}

impl Report {
    fn problem(&mut self, project: &Project, case: &Case, how: &str, what: &str) {
        if self.problems.len() < 5000 {
            let env = &case.env;
            self.problems.push(format!("{} {how} {env:?}: {what}", project.name));
        }
    }

    fn accepts(&mut self, project: &Project, setting: &str) -> bool {
        let known = accepted::ACCEPTED
            .iter()
            .any(|(case, name, _)| *case == project.name && (*name == setting));
        if known {
            self.used.push((project.name.clone(), setting.to_owned()));
        }
        known
    }
}

/// What a failing import looks like in a world.
struct Failing {
    /// Whether importing fails whatever else is not known.
    surely: bool,
    /// Exceptions that may be raised, with their place.
    reached: Vec<(String, String)>,
}

impl World<'_> {
    fn failure(&self) -> Failing {
        let mut reached = Vec::new();
        let mut all = Guard::NEVER;
        for failure in &self.settings.failures {
            all = self.settings.with_worlds(|worlds| worlds.or(all, failure.guard));
            if self.may_fail(failure.guard) {
                let place = project::place(self.settings, failure.span);
                reached.push((failure.kind.to_string(), place));
            }
        }
        Failing { surely: self.surely_fails(all), reached }
    }

    fn set_by_project(&self, value: &Value) -> bool {
        value.alts.iter().any(|alt| alt.span.is_some() && self.may(alt.guard))
    }
}
