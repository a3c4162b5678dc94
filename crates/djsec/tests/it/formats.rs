//! What the example project's audit looks like to machines: valid by the published schemas.

use serde_json::Value;

use super::Project;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/shop");
const JSON: &str = include_str!("../../../../docs/schema/djsec-1.schema.json");
const SETTINGS: &str = include_str!("../../../../docs/schema/djsec-settings-1.schema.json");
const SARIF: &str = include_str!("../../../djsec_report/tests/schema/sarif-schema-2.1.0.json");

fn document(arguments: &[&str]) -> Value {
    let ran = Project::new(&[]).run(arguments);
    assert_eq!(ran.stderr, "");
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout))
}

fn complaints(schema: &str, document: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    validator.iter_errors(document).map(|error| error.to_string()).collect()
}

#[test]
fn the_json_report_of_the_example_is_valid_and_has_findings() {
    let report = document(&["check", EXAMPLE, "--format", "json", "--confidence", "low"]);
    assert_eq!(complaints(JSON, &report), Vec::<String>::new());
    assert!(!report["findings"].as_array().expect("a list").is_empty());
    assert_eq!(report["projects"][0]["profile"]["module"], "shop.settings.production");
}

#[test]
fn the_sarif_log_of_the_example_is_valid_and_tags_weaknesses() {
    let log = document(&["check", EXAMPLE, "--format", "sarif"]);
    // The official schema has one pattern that is no regular expression, for a property that
    // djsec does not write.
    let schema = SARIF.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z-]*$");
    assert_eq!(complaints(&schema, &log), Vec::<String>::new());
    let text = log["runs"][0]["tool"]["driver"]["rules"].to_string();
    assert!(text.contains("external/cwe/cwe-614"), "{text}");
}

#[test]
fn the_settings_of_the_example_are_valid_and_hide_secrets() {
    let ran = Project::new(&[]).run(&["settings", EXAMPLE, "--format", "json"]);
    let view: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(complaints(SETTINGS, &view), Vec::<String>::new());
    let source =
        std::fs::read_to_string(format!("{EXAMPLE}/shop/settings/base.py")).expect("readable");
    let key = source.split(['"', '\'']).find(|s| s.starts_with("django-insecure-"));
    if let Some(key) = key {
        assert!(!ran.stdout.contains(key), "a secret key is printed whole");
    }
}
