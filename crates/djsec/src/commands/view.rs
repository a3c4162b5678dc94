//! What the evaluator knows, as the plain view that `djsec settings` prints.

use djsec_base::{Location, ProfileSummary};
use djsec_django::project::Project;
use djsec_django::settings::{Setting, Settings};
use djsec_python::value::{Alt, Data, Map, ObjectKind, Seq, Value};
use djsec_report::settings::{FailureView, ProvenanceView, SettingView, SettingsView, ValueView};
use serde_json::{Value as Json, json};

/// The view of one project.
pub(super) fn view<'a>(project: &Project, profile: &'a ProfileSummary) -> SettingsView<'a> {
    let settings = &project.settings;
    SettingsView {
        project: project.root.to_string(),
        django: project.django.map(|version| version.to_string()),
        profile,
        fails_when: settings
            .failure_words()
            .into_iter()
            .map(|failure| FailureView {
                when: failure.when,
                error: Some(failure.error),
                place: Some(Location::Span(failure.span)),
            })
            .collect(),
        settings: settings.explicit().map(|setting| setting_view(settings, setting)).collect(),
    }
}

fn setting_view(settings: &Settings, setting: &Setting) -> SettingView {
    SettingView {
        name: setting.name.to_string(),
        kind: settings.kind(&setting.value).name(),
        values: setting
            .value
            .alts
            .iter()
            .map(|alt| value_view(settings, &setting.name, alt))
            .collect(),
        provenance: setting
            .touched
            .iter()
            .enumerate()
            .map(|(n, span)| ProvenanceView {
                word: if n == 0 { "set" } else { "changed" }.to_owned(),
                place: Location::Span(*span),
            })
            .collect(),
        environment: settings
            .variables(&setting.value)
            .into_iter()
            .map(|name| name.to_string())
            .collect(),
        // Strings under secret names are hidden here, part by part, so that the rest stays readable.
        redacted: false,
    }
}

/// Whether a string under this name (of a setting, or of a key in one) is a secret.
fn is_secret(name: &str) -> bool {
    const SECRET: [&str; 9] = [
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "TOKEN",
        "API_KEY",
        "PRIVATE",
        "CREDENTIAL",
        "DSN",
        "_KEY",
    ];
    const PLAIN: [&str; 8] =
        ["VALIDATOR", "HASHER", "TIMEOUT", "URL", "LIFETIME", "_NAME", "HEADER", "BACKEND"];
    let name = name.to_ascii_uppercase();
    SECRET.iter().any(|word| name.contains(word)) && !PLAIN.iter().any(|word| name.contains(word))
}

fn text(s: &str, secret: bool) -> String {
    if secret { djsec_report::redact(s) } else { s.to_owned() }
}

fn value_view(settings: &Settings, name: &str, alt: &Alt) -> ValueView {
    let when = (!alt.guard.is_always())
        .then(|| settings.with_worlds(|worlds| worlds.describe(alt.guard, settings.live())));
    ValueView {
        json: json_of(&alt.data, is_secret(name)),
        python: python_of(&alt.data, is_secret(name), 0),
        kind: Some(alt.data.type_name().to_owned()).filter(|kind| kind != "unknown"),
        when: when.filter(|words| words != "always"),
        default: alt.span.is_none() && !matches!(alt.data, Data::Sym(_)),
        places: alt.span.map(Location::Span).into_iter().collect(),
    }
}

/// The value as JSON, where every part of it has such a form.
fn json_of(data: &Data, secret: bool) -> Option<Json> {
    Some(match data {
        Data::None => Json::Null,
        Data::Bool(b) => json!(b),
        Data::Int(i) => json!(i),
        Data::Float(f) => json!(f),
        Data::Str(s) | Data::Path(s) => json!(text(s, secret)),
        Data::List(seq) | Data::Tuple(seq) | Data::Set(seq) => {
            let certain = !seq.open && seq.items.iter().all(|item| item.guard.is_always());
            if !certain {
                return None;
            }
            let items: Option<Vec<Json>> = seq
                .items
                .iter()
                .map(|item| single(&item.value).and_then(|data| json_of(data, secret)))
                .collect();
            Json::Array(items?)
        }
        Data::Dict(map) if !map.open => {
            let mut object = serde_json::Map::new();
            for (key, value) in &map.entries {
                let Data::Str(key) = key else { return None };
                let secret = secret || is_secret(key);
                object
                    .insert(key.to_string(), single(value).and_then(|data| json_of(data, secret))?);
            }
            Json::Object(object)
        }
        _ => return None,
    })
}

fn single(value: &Value) -> Option<&Data> {
    value.single().filter(|alt| alt.guard.is_always()).map(|alt| &alt.data)
}

/// The value in Python's notation; what is not known stands in angle brackets.
fn python_of(data: &Data, secret: bool, depth: u32) -> String {
    match data {
        Data::Absent => "<not set>".to_owned(),
        Data::None => "None".to_owned(),
        Data::Bool(b) => if *b { "True" } else { "False" }.to_owned(),
        Data::Int(i) => i.to_string(),
        Data::Float(f) => f.to_string(),
        Data::Str(s) => format!("{:?}", text(s, secret)).replace("\\'", "'"),
        Data::Path(s) => format!("Path({:?})", &**s),
        Data::Bytes(b) => format!("<bytes, {} long>", b.len()),
        Data::Delta(us) => {
            #[expect(clippy::cast_precision_loss, reason = "for people")]
            let seconds = *us as f64 / 1e6;
            format!("timedelta(seconds={seconds})")
        }
        Data::Sym(sym) => match sym.variable() {
            Some(name) if sym.ops.is_empty() => format!("<value of ${name}>"),
            Some(_) => format!("<from ${}>", sym.describe()),
            None => sym.describe(),
        },
        Data::Object(object) => match object.kind {
            ObjectKind::Instance => format!("<{} object>", object.name),
            _ => format!("<{}>", object.name),
        },
        _ if depth > 4 => "…".to_owned(),
        Data::List(seq) => format!("[{}]", items_of(seq, secret, depth)),
        Data::Tuple(seq) => format!("({},)", items_of(seq, secret, depth)),
        Data::Set(seq) => format!("{{{}}}", items_of(seq, secret, depth)),
        Data::Dict(map) => dict_of(map, secret, depth),
    }
}

fn items_of(seq: &Seq, secret: bool, depth: u32) -> String {
    let mut parts: Vec<String> = seq
        .items
        .iter()
        .map(|item| {
            let text = alternatives_of(&item.value, secret, depth);
            if item.guard.is_always() { text } else { format!("{text}?") }
        })
        .collect();
    if seq.open {
        parts.push("…".to_owned());
    }
    parts.join(", ")
}

fn alternatives_of(value: &Value, secret: bool, depth: u32) -> String {
    let parts: Vec<String> =
        value.alts.iter().map(|alt| python_of(&alt.data, secret, depth + 1)).collect();
    parts.join(" | ")
}

fn dict_of(map: &Map, secret: bool, depth: u32) -> String {
    let mut parts: Vec<String> = map
        .entries
        .iter()
        .map(|(key, value)| {
            let secret = secret || matches!(key, Data::Str(key) if is_secret(key));
            format!(
                "{}: {}",
                python_of(key, false, depth + 1),
                alternatives_of(value, secret, depth)
            )
        })
        .collect();
    if map.open {
        parts.push("…".to_owned());
    }
    format!("{{{}}}", parts.join(", "))
}
