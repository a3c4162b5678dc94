use djsec_base::{EvidenceLine, Files};
use serde_json::json;

use super::*;
use crate::Options;
use crate::sample::{self, span};

fn value(json: Option<Value>, python: &str, when: Option<&str>) -> ValueView {
    ValueView {
        json,
        python: python.to_owned(),
        kind: Some(String::from("str")),
        when: when.map(str::to_owned),
        default: false,
        places: Vec::new(),
    }
}

fn settings(files: &Files) -> Vec<SettingView> {
    let base = "shop/settings/base.py";
    let provenance = |word: &str, needle: &str| {
        vec![ProvenanceView { word: word.to_owned(), place: span(files, base, needle).into() }]
    };
    let plain = |name: &str, kind, values| SettingView {
        name: name.to_owned(),
        kind,
        values,
        provenance: Vec::new(),
        environment: Vec::new(),
        redacted: false,
    };
    let hosts = value(Some(json!(["shop.example.com", "*"])), "['shop.example.com', '*']", None);
    let default = ValueView { default: true, ..value(Some(json!(false)), "False", None) };
    vec![
        SettingView {
            redacted: true,
            environment: vec![String::from("DJANGO_SECRET_KEY")],
            provenance: provenance("set", "SECRET_KEY"),
            ..plain(
                "SECRET_KEY",
                "env",
                vec![
                    value(None, "<str from $DJANGO_SECRET_KEY>", Some("DJANGO_SECRET_KEY is set")),
                    value(
                        Some(json!("k3Jq9vXz2LmN8pRt5WyB7cDf")),
                        "'k3Jq9vXz2LmN8pRt5WyB7cDf'",
                        Some("DJANGO_SECRET_KEY is unset"),
                    ),
                ],
            )
        },
        SettingView {
            redacted: true,
            ..plain("FERNET_KEYS", "partial", vec![value(None, "['abcdefgh', <unknown>]", None)])
        },
        SettingView {
            provenance: provenance("set", "ALLOWED_HOSTS"),
            ..plain("ALLOWED_HOSTS", "known", vec![hosts])
        },
        plain("SECURE_SSL_REDIRECT", "known", vec![default]),
        plain("A_SETTING_WITH_A_NAME_THAT_IS_LONGER_THAN_MOST", "opaque", Vec::new()),
        plain(
            "DATABASE_URL",
            "known",
            vec![value(
                Some(json!("postgres://shop:hunter2@db/shop")),
                "'postgres://shop:hunter2@db/shop'",
                None,
            )],
        ),
    ]
}

fn render(json: bool, options: Options<'_>) -> String {
    let files = sample::files();
    let profile = ProfileSummary {
        module: String::from("shop.settings.production"),
        file: None,
        certainty: djsec_base::Certainty::Fallback,
        for_development: false,
        evidence: vec![EvidenceLine { text: String::from("wsgi.py"), location: None }],
        environment: Vec::new(),
        kinds: std::collections::BTreeMap::new(),
        fails_when: Vec::new(),
    };
    let failure = FailureView {
        when: String::from("DJANGO_DB_PORT is not a number"),
        error: Some(String::from("ValueError")),
        place: Some(span(&files, "shop/settings/base.py", "DATABASES").into()),
    };
    let view = SettingsView {
        project: String::new(),
        django: Some(String::from("5.2.3")),
        profile: &profile,
        fails_when: vec![failure],
        settings: settings(&files),
    };
    let mut out = Vec::new();
    if json {
        write_json(&mut out, &files, &[view], &options).unwrap();
    } else {
        write_text(&mut out, &files, &[view], &options).unwrap();
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn settings_read_well_in_a_terminal() {
    insta::assert_snapshot!(render(false, Options::default()));
}

#[test]
fn settings_fit_a_narrow_terminal() {
    for width in [40, 60, 70] {
        let text = render(false, Options { width, ..Options::default() });
        // Places and names are never broken, so that they can be copied and followed.
        let whole = |line: &&str| line.contains(".py:") || line.starts_with("A_SETTING_WITH");
        let broken = text.lines().filter(|line| !whole(line));
        let widest = broken.map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{text}");
    }
}

#[test]
fn settings_are_valid_by_the_published_schema() {
    let schema = include_str!("../../../../docs/schema/djsec-settings-1.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let document = serde_json::from_str(&render(true, Options::default())).unwrap();
    let complaints: Vec<_> =
        validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    let mut broken = document.clone();
    *broken.pointer_mut("/projects/0/settings/0/kind").unwrap() = json!("maybe");
    assert!(!validator.is_valid(&broken));
}

#[test]
fn secret_settings_are_redacted_whatever_form_they_have() {
    for json in [true, false] {
        let text = render(json, Options { verbose: true, ..Options::default() });
        for secret in ["k3Jq9vXz2LmN8pRt5WyB7cDf", "abcdefgh", "hunter2"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("k3Jq… (24 characters)"), "{text}");
        assert!(text.contains("['ab… (8 characters)', <unknown>]"), "{text}");
    }
}

#[test]
fn quoted_strings_are_hidden_to_their_true_end() {
    assert_eq!(hide_literals(r"f('a\'b', x)"), "f('… (4 characters)', x)");
    assert_eq!(hide_literals("'open"), "'… (4 characters)'");
    assert_eq!(hide_literals("None"), "None");
}
