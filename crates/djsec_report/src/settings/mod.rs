//! `djsec settings`: what production will load.
//!
//! The caller hands in a plain view. Secret values are redacted here, whatever the caller did:
//! a setting marked [`SettingView::redacted`] shows only redacted strings.

mod json;
#[cfg(test)]
mod tests;
mod text;

use djsec_base::{Location, ProfileSummary};
use serde_json::Value;

pub use json::write_json;
pub use text::write_text;

/// All settings of one profile.
#[derive(Debug)]
pub struct SettingsView<'a> {
    /// The folder of the Django project, empty for the root.
    pub project: String,
    /// The Django version, if known.
    pub django: Option<String>,
    /// The profile, with its evidence.
    pub profile: &'a ProfileSummary,
    /// The worlds in which importing the settings fails.
    pub fails_when: Vec<FailureView>,
    /// The settings, in any order.
    pub settings: Vec<SettingView>,
}

/// A world in which the settings cannot be imported.
#[derive(Debug, Clone)]
pub struct FailureView {
    /// The guard in words: `DJANGO_SECRET_KEY is unset`.
    pub when: String,
    /// What is raised, if known.
    pub error: Option<String>,
    /// Where.
    pub place: Option<Location>,
}

/// One setting.
#[derive(Debug, Clone)]
pub struct SettingView {
    /// Its name.
    pub name: String,
    /// `known`, `env`, `file`, `union`, `partial`, `opaque` or `absent`.
    pub kind: &'static str,
    /// The values it can have.
    pub values: Vec<ValueView>,
    /// The lines that made it what it is, in order.
    pub provenance: Vec<ProvenanceView>,
    /// The environment variables that decide it.
    pub environment: Vec<String>,
    /// Whether its strings are secrets.
    pub redacted: bool,
}

/// One value that a setting can have.
#[derive(Debug, Clone)]
pub struct ValueView {
    /// The value as JSON, where it has such a form.
    pub json: Option<Value>,
    /// The value as a Python literal, or what is known of it (`<str from $SECRET_KEY>`).
    pub python: String,
    /// Its Python type, if known: `str`, `list`.
    pub kind: Option<String>,
    /// When it holds, in words; `None` means always.
    pub when: Option<String>,
    /// Whether it is Django's default, because the project does not set it.
    pub default: bool,
    /// Where it is written.
    pub places: Vec<Location>,
}

/// A line that made a setting what it is.
#[derive(Debug, Clone)]
pub struct ProvenanceView {
    /// `set`, `changed`, `extended` and the like.
    pub word: String,
    /// Where.
    pub place: Location,
}

/// A value with its secrets hidden.
fn shown(setting: &SettingView, value: &ValueView) -> (Option<Value>, String) {
    if !setting.redacted {
        let json = value.json.clone().map(|json| map_strings(json, &crate::redact::mask_addresses));
        return (json, crate::redact::mask_addresses(&value.python));
    }
    let python = match &value.json {
        Some(Value::String(secret)) => format!("'{}'", crate::redact(secret)),
        _ => hide_literals(&value.python),
    };
    let json = value.json.clone().map(|json| map_strings(json, &|text| crate::redact(text)));
    (json, python)
}

/// Applies `change` to every string in a value; keys stay.
fn map_strings(value: Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(&text)),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| map_strings(item, change)).collect())
        }
        Value::Object(entries) => Value::Object(
            entries.into_iter().map(|(key, item)| (key, map_strings(item, change))).collect(),
        ),
        other => other,
    }
}

/// `text` with the inside of every quoted string redacted.
fn hide_literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"']) {
        let (head, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(head);
        let quote = if tail.starts_with('"') { '"' } else { '\'' };
        let inner = tail.get(1..).unwrap_or_default();
        let mut escaped = false;
        let end = inner.char_indices().find(|(_, character)| {
            let closes = *character == quote && !escaped;
            escaped = *character == '\\' && !escaped;
            closes
        });
        let end = end.map_or(inner.len(), |(at, _)| at);
        out.push(quote);
        out.push_str(&crate::redact(inner.get(..end).unwrap_or_default()));
        out.push(quote);
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
