//! The settings as JSON; `docs/schema/djsec-settings-1.schema.json` describes it.

use std::io;

use djsec_base::{EvidenceLine, Files};
use serde::Serialize;
use serde_json::Value;

use super::{SettingView, SettingsView, shown};
use crate::Options;
use crate::json::v1::{PlaceRecord, Tool, certainty_name};
use crate::json::write_document;
use crate::redact::{mask_addresses, mask_evidence};

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    tool: Tool,
    projects: Vec<Project>,
}

#[derive(Debug, Serialize)]
struct Project {
    root: String,
    django: Option<String>,
    profile: Profile,
    fails_when: Vec<Failure>,
    settings: Vec<Setting>,
}

#[derive(Debug, Serialize)]
struct Profile {
    module: String,
    file: Option<String>,
    certainty: &'static str,
    for_development: bool,
    evidence: Vec<Evidence>,
    environment: Vec<Evidence>,
}

#[derive(Debug, Serialize)]
struct Evidence {
    text: String,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Failure {
    when: String,
    error: Option<String>,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Setting {
    name: String,
    kind: &'static str,
    redacted: bool,
    values: Vec<SettingValue>,
    provenance: Vec<Provenance>,
    environment: Vec<String>,
}

#[derive(Debug, Serialize)]
struct SettingValue {
    /// Absent when the value has no JSON form.
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
    python: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    when: Option<String>,
    default: bool,
    places: Vec<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Provenance {
    word: String,
    place: Option<PlaceRecord>,
}

/// Writes the settings of each project as JSON.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_json(
    out: &mut dyn io::Write,
    files: &Files,
    views: &[SettingsView<'_>],
    options: &Options<'_>,
) -> io::Result<()> {
    let projects = views.iter().map(|view| project(files, view)).collect();
    write_document(out, &Document { version: 1, tool: Tool::djsec(options.tool_version), projects })
}

fn project(files: &Files, view: &SettingsView<'_>) -> Project {
    let evidence = |lines: &[EvidenceLine]| {
        let record = |line: &EvidenceLine| Evidence {
            text: mask_evidence(&line.text),
            place: line.location.and_then(|location| PlaceRecord::of(files, location)),
        };
        lines.iter().map(record).collect()
    };
    let mut settings: Vec<_> = view.settings.iter().collect();
    settings.sort_by(|a, b| a.name.cmp(&b.name));
    Project {
        root: view.project.clone(),
        django: view.django.clone(),
        profile: Profile {
            module: view.profile.module.clone(),
            file: view.profile.file.map(|file| files.path(file).to_string()),
            certainty: certainty_name(view.profile.certainty),
            for_development: view.profile.for_development,
            evidence: evidence(&view.profile.evidence),
            environment: evidence(&view.profile.environment),
        },
        fails_when: view
            .fails_when
            .iter()
            .map(|failure| Failure {
                when: mask_addresses(&failure.when),
                error: failure.error.as_deref().map(mask_addresses),
                place: failure.place.and_then(|place| PlaceRecord::of(files, place)),
            })
            .collect(),
        settings: settings.into_iter().map(|setting| record(files, setting)).collect(),
    }
}

fn record(files: &Files, setting: &SettingView) -> Setting {
    let values = setting.values.iter().map(|value| {
        let (json, python) = shown(setting, value);
        SettingValue {
            json,
            python,
            kind: value.kind.clone(),
            when: value.when.as_deref().map(mask_addresses),
            default: value.default,
            places: value.places.iter().filter_map(|at| PlaceRecord::of(files, *at)).collect(),
        }
    });
    Setting {
        name: setting.name.clone(),
        kind: setting.kind,
        redacted: setting.redacted,
        values: values.collect(),
        provenance: setting
            .provenance
            .iter()
            .map(|step| Provenance {
                word: step.word.clone(),
                place: PlaceRecord::of(files, step.place),
            })
            .collect(),
        environment: setting.environment.clone(),
    }
}
