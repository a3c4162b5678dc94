//! Holds the rules against what `manage.py check --deploy` says: for every recorded settings module
//! and each Django series, the checks that findings name are the checks that Django raises.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a recording that cannot be read fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use djsec_base::Confidence;
use djsec_engine::Config;
use djsec_testkit::MemorySystem;
use rayon::prelude::*;
use serde_json::Value;

/// Checks outside of `security.*` that a rule covers.
const ALSO: [&str; 1] = ["4_0.E001"];

/// Where djsec says something else than Django, on purpose.
struct Difference {
    check: &'static str,
    /// In which settings modules, by their text.
    applies: fn(&str) -> bool,
    /// Whether Django raises the check and djsec does not, or the other way round.
    kind: Kind,
    /// The rule whose page explains it, and why in short.
    reason: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    OnlyDjango,
    OnlyDjsec,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        check: "security.W003",
        applies: |settings| !has_middleware(settings, "sessions.middleware.SessionMiddleware"),
        kind: Kind::OnlyDjango,
        reason: "csrf-middleware-missing: without sessions no other site can act as the visitor",
    },
    Difference {
        check: "security.E102",
        applies: |settings| settings.contains("'missing.module.view'"),
        kind: Kind::OnlyDjango,
        reason: "csrf-failure-view-invalid: a module that is not in the tree may be a package's",
    },
];

/// Whether the settings end up with a middleware, going by how the recorded ones are written.
fn has_middleware(settings: &str, name: &str) -> bool {
    let removed = settings.lines().any(|line| line.contains("remove(") && line.contains(name));
    !removed && settings.lines().any(|line| line.trim().ends_with(&format!("{name}',")))
}

struct Recorded {
    id: u64,
    checks: BTreeSet<String>,
}

fn vectors(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/deploy").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The settings modules by id.
fn settings() -> BTreeMap<u64, String> {
    vectors("settings.jsonl")
        .into_iter()
        .map(|case| (case["id"].as_u64().unwrap(), case["settings"].as_str().unwrap().to_owned()))
        .collect()
}

/// What Django says of those it can load; silenced checks count as raised.
fn recorded(series: &str) -> Vec<Recorded> {
    vectors(&format!("django-{series}.jsonl"))
        .into_iter()
        .filter(|case| case.get("checks").is_some())
        .map(|case| {
            let ids = |key: &str| case[key].as_array().cloned().unwrap_or_default();
            let checks = ids("checks").into_iter().chain(ids("silenced"));
            Recorded {
                id: case["id"].as_u64().unwrap(),
                checks: checks
                    .map(|id| id.as_str().unwrap().to_owned())
                    .filter(|id| is_covered(id))
                    .collect(),
            }
        })
        .collect()
}

fn is_covered(check: &str) -> bool {
    check.starts_with("security.") || ALSO.contains(&check)
}

/// The checks that djsec's findings name for a project with these settings.
fn found(settings: &str, series: &str) -> BTreeSet<String> {
    let manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n";
    let wsgi = "import os\nfrom django.core.wsgi import get_wsgi_application\n\
                os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n\
                application = get_wsgi_application()\n";
    let system = MemorySystem::new()
        .with("manage.py", manage)
        .with("wsgi.py", wsgi)
        .with("requirements.txt", format!("Django=={series}\n"))
        .with("urls.py", "urlpatterns = []\n\ndef one_argument(request):\n    return None\n")
        .with("settings.py", settings);
    let config = Config { confidence: Confidence::Low, ..Config::default() };
    let run = djsec_engine::run(&system, &config, jiff::civil::date(2026, 11, 21));
    assert_eq!(run.projects.len(), 1, "{settings}");
    run.outcome
        .findings
        .iter()
        .filter_map(|finding| finding.django_check)
        .filter(|check| is_covered(check))
        .map(str::to_owned)
        .collect()
}

fn explained(check: &str, kind: Kind, settings: &str) -> bool {
    DIFFERENCES
        .iter()
        .any(|known| known.check == check && known.kind == kind && (known.applies)(settings))
}

fn compare(series: &str) {
    let settings = settings();
    let recorded = recorded(series);
    assert!(recorded.len() > 500, "{series}: only {} cases", recorded.len());
    let mut differences: Vec<String> = recorded
        .par_iter()
        .flat_map_iter(|case| {
            let text = &settings[&case.id];
            let found = found(text, series);
            let missing = case
                .checks
                .difference(&found)
                .filter(|check| !explained(check, Kind::OnlyDjango, text))
                .map(|check| format!("case {}: {check} is raised by Django only", case.id))
                .collect::<Vec<_>>();
            let extra = found
                .difference(&case.checks)
                .filter(|check| !explained(check, Kind::OnlyDjsec, text))
                .map(|check| format!("case {}: {check} is raised by djsec only", case.id))
                .collect::<Vec<_>>();
            missing.into_iter().chain(extra)
        })
        .collect();
    let raised: usize = recorded.iter().map(|case| case.checks.len()).sum();
    assert!(raised > 600, "{series}: Django raises only {raised} checks");
    differences.sort();
    assert!(
        differences.is_empty(),
        "Django {series}: {} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn findings_name_the_checks_of_django_4_2() {
    compare("4.2");
}

#[test]
fn findings_name_the_checks_of_django_5_2() {
    compare("5.2");
}

#[test]
fn findings_name_the_checks_of_django_6_0() {
    compare("6.0");
}

#[test]
fn findings_name_the_checks_of_django_6_1() {
    compare("6.1");
}

/// A difference that no case shows is out of date; each names a rule that explains it.
#[test]
fn every_difference_is_needed_and_explained() {
    let settings = settings();
    let rules: Vec<&str> = djsec_engine::catalog().iter().map(|rule| rule.id).collect();
    for known in DIFFERENCES {
        let rule = known.reason.split(':').next().unwrap();
        assert!(rules.contains(&rule), "{rule} is no rule");
        let shown = ["4.2", "5.2", "6.0", "6.1"].iter().any(|series| {
            recorded(series).iter().any(|case| {
                let raised = case.checks.contains(known.check);
                (known.applies)(&settings[&case.id])
                    && raised == (known.kind == Kind::OnlyDjango)
                    && found(&settings[&case.id], series).contains(known.check) != raised
            })
        });
        assert!(shown, "{}: no case needs this difference", known.check);
    }
}
