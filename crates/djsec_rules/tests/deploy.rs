//! Holds the rules against what `manage.py check --deploy` of the real Django said about 720 settings
//! modules (see `vectors/README.md`): the same ids, on the same settings, in four series.
#![expect(clippy::expect_used, reason = "support of the test reads the recorded vectors")]

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::Confidence;
use djsec_engine::Config;
use djsec_testkit::MemorySystem;
use serde_json::Value;

/// The ids that rules of this crate answer for. What is missing here is no claim.
const HELD: &[&str] = &[
    "auth.E013",
    "axes.W001",
    "axes.W002",
    "axes.W003",
    "axes.W004",
    "axes.W006",
    "caches.W002",
    "caches.W003",
    "corsheaders.E001",
    "corsheaders.E002",
    "corsheaders.E003",
    "corsheaders.E004",
    "corsheaders.E005",
    "corsheaders.E006",
    "corsheaders.E007",
    "corsheaders.E008",
    "corsheaders.E009",
    "corsheaders.E012",
    "corsheaders.E013",
    "corsheaders.E014",
    "corsheaders.E015",
    "mail.E001",
    "mail.W001",
    "security.W001",
    "security.W009",
    "security.W018",
    "security.W020",
    "security.W025",
];

const MANAGE: &str = "import os\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config')\n";
const WSGI: &str = "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n\
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config')\napplication = get_wsgi_application()\n";

fn lines(file: &str) -> Vec<Value> {
    let path = format!("{}/../../vectors/deploy/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the vectors are in the repository");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

/// The ids that Django raised, silenced ones included; `None` where it did not get to the checks.
fn django(case: &Value) -> Option<BTreeSet<String>> {
    let ids = |key: &str| case.get(key).and_then(Value::as_array).cloned();
    let all = ids("checks")?.into_iter().chain(ids("silenced").unwrap_or_default());
    Some(all.filter_map(|id| id.as_str().map(str::to_owned)).collect())
}

fn djsec(settings: &str, version: &str) -> BTreeSet<String> {
    let system = MemorySystem::new()
        .with("manage.py", MANAGE)
        .with("wsgi.py", WSGI)
        .with("config.py", settings)
        .with("requirements.txt", format!("Django=={version}\n"));
    let config = Config { confidence: Confidence::Low, ..Config::default() };
    let run = djsec_engine::run(&system, &config, jiff::civil::date(2026, 11, 21));
    run.outcome.findings.iter().filter_map(|f| f.django_check).map(str::to_owned).collect()
}

#[test]
fn rules_raise_what_the_deployment_check_raises_and_nothing_else() {
    let sources: BTreeMap<u64, String> = lines("settings.jsonl")
        .iter()
        .map(|case| {
            let id = case.get("id").and_then(Value::as_u64).unwrap();
            (id, case.get("settings").and_then(Value::as_str).unwrap().to_owned())
        })
        .collect();
    let mut differences: Vec<String> = Vec::new();
    let mut compared = 0;
    for series in ["4.2", "5.2", "6.0", "6.1"] {
        let recorded = lines(&format!("django-{series}.jsonl"));
        let version = recorded.first().and_then(|it| it.get("django")?.as_str()).unwrap();
        for case in recorded.iter().skip(1) {
            let Some(theirs) = django(case) else { continue };
            let id = case.get("id").and_then(Value::as_u64).unwrap();
            let ours = djsec(&sources[&id], version);
            compared += 1;
            for check in HELD {
                match (theirs.contains(*check), ours.contains(*check)) {
                    (true, false) => differences.push(format!("{series} {id}: {check} is missing")),
                    (false, true) => {
                        differences.push(format!("{series} {id}: {check} is too much"));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(compared > 2000, "only {compared} cases were compared");
    let shown = differences.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences:\n{shown}", differences.len());
}
