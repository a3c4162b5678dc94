use djsec_base::{FileKind, Files, Finding, Location, Outcome};
use serde_json::{Value, json};

use crate::sample::{self, DEBUG, file, span};
use crate::{Format, schema};

fn render(outcome: &Outcome, files: &Files) -> Value {
    schema::document(Format::Sarif, outcome, files)
}

/// The schema of OASIS but for its one pattern that is no valid regular expression, for a property
/// that djsec does not write (`]?` closes no bracket).
fn oasis() -> String {
    include_str!("../../tests/schema/sarif-schema-2.1.0.json")
        .replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z-]*$")
}

#[test]
fn every_log_is_valid_by_the_oasis_schema() {
    schema::assert_valid(Format::Sarif, &oasis());
}

#[test]
fn the_oasis_schema_rejects_a_broken_log() {
    let files = sample::files();
    let mut log = render(&sample::outcome(&files), &files);
    *log.pointer_mut("/runs/0/results/0/level").unwrap() = json!("grave");
    assert!(!schema::complaints(&oasis(), &log).is_empty());
}

#[test]
fn rules_carry_what_code_scanning_services_read() {
    let files = sample::files();
    let log = render(&sample::outcome(&files), &files);
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], result["ruleId"]);
    assert_eq!(rule["properties"]["security-severity"], "9.5");
    assert_eq!(rule["properties"]["precision"], "high");
    let tags = rule["properties"]["tags"].as_array().unwrap();
    assert!(tags.contains(&json!("security")) && tags.contains(&json!("external/cwe/cwe-1188")));
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("```python"));
    assert!(!rule["help"]["text"].as_str().unwrap().contains("```"));
}

#[test]
fn a_result_has_regions_flows_fixes_and_fingerprints() {
    let files = sample::files();
    let log = render(&sample::outcome(&files), &files);
    let results = &log["runs"][0]["results"];
    let place = &results[3]["locations"][0]["physicalLocation"];
    assert_eq!(
        place,
        &json!({
            "artifactLocation": {"uri": "shop/settings/production.py", "uriBaseId": "SRCROOT"},
            "region": {
                "startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 30,
                "byteOffset": 35, "byteLength": 29,
            },
        })
    );
    assert_eq!(results[3]["partialFingerprints"]["djsec/v1"], "0000000000000003");
    let replacement = &results[3]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "True");
    let steps = &results[1]["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps.as_array().unwrap().len(), 3);
    assert_eq!(results[0]["relatedLocations"].as_array().unwrap().len(), 2);
}

#[test]
fn suppressed_findings_say_what_keeps_them_out() {
    let files = sample::files();
    let log = render(&sample::outcome(&files), &files);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let kinds: Vec<_> = results
        .iter()
        .filter_map(|result| result.pointer("/suppressions/0"))
        .map(|suppression| (suppression["kind"].clone(), suppression["justification"].clone()))
        .collect();
    assert_eq!(
        kinds,
        [
            (json!("inSource"), json!("the load balancer sends it")),
            (json!("external"), json!("known and planned; accepted by ops; until 2027-01-31")),
            (json!("external"), json!("in the baseline")),
        ]
    );
}

#[test]
fn the_invocation_says_whether_the_run_is_complete() {
    let files = sample::files();
    let complete = render(&sample::outcome(&files), &files);
    assert_eq!(complete["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert_eq!(complete["runs"][0]["invocations"][0]["exitCode"], 1);
    let log = render(&sample::incomplete(&files), &files);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 3);
    let ids: Vec<_> = invocation["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notification| notification["descriptor"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["no-lock-file", "file-too-large", "undecided"]);
}

#[test]
fn odd_paths_are_encoded_and_the_project_is_placed_at_its_settings() {
    let path = "a b/ü#%.py";
    let files = Files::new(vec![file(path, FileKind::Python, "x = 1\n")]);
    let mut outcome = Outcome::default();
    outcome.findings.push(Finding::new(&DEBUG, span(&files, path, "x").into(), "X", "x"));
    outcome.findings.push(Finding::new(&DEBUG, Location::Project, "X", "x"));
    let log = render(&outcome, &files);
    assert_eq!(schema::complaints(&oasis(), &log), Vec::<String>::new());
    let results = &log["runs"][0]["results"];
    let uri = results[0].pointer("/locations/0/physicalLocation/artifactLocation/uri").unwrap();
    assert_eq!(uri, "a%20b/%C3%BC%23%25.py");
    assert_eq!(results[1]["locations"], json!([]));
    let files = sample::files();
    let mut outcome = sample::outcome(&files);
    let mut finding = Finding::new(&DEBUG, Location::Project, "X", "x");
    finding.project = Some(0);
    outcome.findings = vec![finding];
    let log = render(&outcome, &files);
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(log.pointer(uri).unwrap(), "shop/settings/production.py");
}
