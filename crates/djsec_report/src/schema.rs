//! Holds reports against published schemas, for the tests.

use djsec_base::{Files, Outcome};
use serde_json::Value;

use crate::sample::{self, RULES};
use crate::{Format, Options, Report, write};

/// A report in a JSON format, as its readers get it.
pub(crate) fn document(format: Format, outcome: &Outcome, files: &Files) -> Value {
    let mut out = Vec::new();
    let report = Report { outcome, files, rules: &RULES, options: Options::default() };
    write(&mut out, format, &report).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// What a schema says against a document.
pub(crate) fn complaints(schema: &str, document: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| error.to_string()).collect()
}

/// Asserts that a schema accepts a report that uses everything, one of an incomplete run, and one
/// of nothing.
#[track_caller]
pub(crate) fn assert_valid(format: Format, schema: &str) {
    let files = sample::files();
    let none = Files::default();
    for (outcome, files) in [
        (sample::outcome(&files), &files),
        (sample::incomplete(&files), &files),
        (Outcome::default(), &none),
    ] {
        let complaints = complaints(schema, &document(format, &outcome, files));
        assert_eq!(complaints, Vec::<String>::new());
    }
}
