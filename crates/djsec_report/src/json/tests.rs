use djsec_base::{Files, Finding, Fix, Location, Outcome};
use serde_json::Value;

use crate::sample::{self, DEBUG, RULES, span};
use crate::{Format, Options, explain, rules_list, schema};

const SCHEMA: &str = include_str!("../../../../docs/schema/djsec-1.schema.json");

fn render(outcome: &Outcome, files: &Files) -> Value {
    schema::document(Format::Json, outcome, files)
}

fn complaints(document: &Value) -> Vec<String> {
    schema::complaints(SCHEMA, document)
}

#[test]
fn every_document_is_valid_by_the_published_schema() {
    schema::assert_valid(Format::Json, SCHEMA);
}

#[test]
fn the_schema_rejects_what_it_does_not_know() {
    let files = sample::files();
    let valid = render(&sample::outcome(&files), &files);
    for (pointer, value) in [
        ("/version", serde_json::json!(2)),
        ("/findings/0/severity", serde_json::json!("grave")),
        ("/findings/0/place/range/start/line", serde_json::json!(0)),
        ("/exit/status", serde_json::json!(2)),
        ("/projects/0/profile", serde_json::json!({"module": "x"})),
        ("/coverage", serde_json::json!({"files": 1, "more": 2})),
    ] {
        let mut broken = valid.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        assert!(!complaints(&broken).is_empty(), "{pointer}");
    }
}

#[test]
fn every_object_of_the_schema_is_closed() {
    fn check(value: &Value) {
        if let Value::Object(entries) = value {
            if entries.contains_key("properties") {
                assert_eq!(entries.get("additionalProperties"), Some(&Value::Bool(false)));
            }
            entries.values().for_each(check);
        } else if let Value::Array(items) = value {
            items.iter().for_each(check);
        }
    }
    check(&serde_json::from_str(SCHEMA).unwrap());
    check(
        &serde_json::from_str(include_str!("../../../../docs/schema/djsec-settings-1.schema.json"))
            .unwrap(),
    );
}

#[test]
fn a_finding_has_its_places_in_lines_columns_and_bytes() {
    let files = sample::files();
    let document = render(&sample::outcome(&files), &files);
    let finding = document.pointer("/findings/3").unwrap();
    assert_eq!(finding["rule"], "session-cookie-insecure");
    assert_eq!(
        finding["place"],
        serde_json::json!({
            "path": "shop/settings/production.py",
            "range": {
                "start": {"line": 3, "column": 1, "byte": 35},
                "end": {"line": 3, "column": 30, "byte": 64},
            },
        })
    );
    assert_eq!(finding["fix"]["edits"][0]["text"], "True");
    assert_eq!(finding["fix"]["redacted"], false);
    assert_eq!(document["incomplete"], false);
    assert_eq!(document["exit"]["failing"], 3);
}

#[test]
fn the_whole_project_and_a_whole_file_are_told_apart() {
    let files = sample::files();
    let mut outcome = Outcome::default();
    outcome.findings.push(Finding::new(&DEBUG, Location::Project, "X", "x"));
    outcome.findings.push(Finding::new(&DEBUG, Location::File(djsec_base::FileId(0)), "X", "x"));
    let document = render(&outcome, &files);
    assert_eq!(document["findings"][0]["place"], Value::Null);
    assert_eq!(document["findings"][1]["place"], serde_json::json!({"path": "Dockerfile"}));
}

#[test]
fn a_fix_that_would_repeat_a_secret_is_marked() {
    let files = sample::files();
    let place = span(&files, "shop/settings/base.py", "\"k3Jq9vXz2LmN8pRt5WyB7cDf\"");
    let mut outcome = Outcome::default();
    let fix = Fix::safe_replace("Move it", place, "f(\"k3Jq9vXz2LmN8pRt5WyB7cDf\")");
    outcome.findings.push(Finding::new(&DEBUG, place.into(), "X", "x").fix(fix));
    let document = render(&outcome, &files);
    let fix = &document["findings"][0]["fix"];
    assert_eq!(fix["redacted"], true);
    assert_eq!(fix["edits"][0]["text"], "f(\"k3Jq… (24 characters)\")");
}

#[test]
fn rules_and_their_pages_are_json_with_the_same_shape() {
    let options = Options::default();
    let mut out = Vec::new();
    rules_list::write_json(&mut out, &RULES, &options).unwrap();
    let list: Value = serde_json::from_slice(&out).unwrap();
    let mut out = Vec::new();
    explain::write_json(&mut out, &DEBUG, &options).unwrap();
    let page: Value = serde_json::from_slice(&out).unwrap();
    let rules = list["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "debug-enabled").unwrap();
    for (key, value) in rule.as_object().unwrap() {
        assert_eq!(&page[key], value);
    }
    assert!(page["docs"].as_str().unwrap().starts_with("## What it does"));
}

#[test]
fn rules_and_their_pages_read_well_in_a_terminal() {
    let options = Options { width: 80, ..Options::default() };
    let mut out = Vec::new();
    rules_list::write_text(&mut out, &RULES, &options).unwrap();
    out.extend(b"\n----\n\n");
    explain::write_text(&mut out, &DEBUG, &options).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}
