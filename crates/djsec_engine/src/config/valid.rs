//! The meaning of a config file: rules exist, globs and dates parse, reasons are given.

use std::{collections::BTreeMap, ops::Range};

use djsec_base::{Confidence, Severity, TextRange, TextSize, Utf8PathBuf};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use jiff::civil::Date;

use super::{
    Accept, Config, EnvFile, ModelFile, Profile,
    error::Flaw,
    raw::{Raw, RawAccept, RawProfile, Text},
};
use crate::{
    Catalog, Selector,
    similar::{did_you_mean, nearest_key},
};

/// Checks what the file says and gives the config, with whatever part of it is right.
pub(super) fn check(raw: Raw, catalog: &Catalog, flaws: &mut Vec<Flaw>) -> Config {
    let defaults = Config::default();
    Config {
        select: selectors(&raw.select, catalog, flaws),
        ignore: selectors(&raw.ignore, catalog, flaws),
        fail_on: raw
            .fail_on
            .and_then(|text| {
                let names = Severity::ALL.map(Severity::name);
                one_of(&text, "fail-on", Severity::from_name, &names, flaws)
            })
            .unwrap_or(defaults.fail_on),
        confidence: raw
            .confidence
            .and_then(|text| {
                let names = Confidence::ALL.map(Confidence::name);
                one_of(&text, "confidence", Confidence::from_name, &names, flaws)
            })
            .unwrap_or(defaults.confidence),
        exclude: globs(&raw.exclude, flaws),
        profile: profile(raw.profile, flaws),
        profiles: profiles(raw.profiles, flaws),
        accept: raw.accept.into_iter().filter_map(|entry| accept(entry, flaws)).collect(),
        baseline_path: raw.baseline.map(|text| Utf8PathBuf::from(text.value)),
        python_env: raw.python_env.map(|text| Utf8PathBuf::from(text.value)),
        flow_models: raw
            .flow_models
            .into_iter()
            .map(|text| ModelFile { path: text.value.into(), text: String::new() })
            .collect(),
        baseline: None,
        file: None,
    }
}

fn selectors(texts: &[Text], catalog: &Catalog, flaws: &mut Vec<Flaw>) -> Vec<Selector> {
    let mut selectors = Vec::new();
    for text in texts {
        match catalog.selector(&text.value) {
            Ok(selector) => selectors.push(selector),
            Err(error) => flaws.push(Flaw::new(text.at.clone(), error.to_string())),
        }
    }
    selectors
}

fn one_of<T>(
    text: &Text,
    key: &str,
    parse: impl Fn(&str) -> Option<T>,
    names: &[&str],
    flaws: &mut Vec<Flaw>,
) -> Option<T> {
    let parsed = parse(&text.value);
    if parsed.is_none() {
        let near = did_you_mean(nearest_key(&text.value, names.iter().copied()));
        let message =
            format!("'{key}' must be one of {}, not '{}'{near}", names.join(", "), text.value);
        flaws.push(Flaw::new(text.at.clone(), message));
    }
    parsed
}

fn profiles(raw: Vec<(String, RawProfile)>, flaws: &mut Vec<Flaw>) -> BTreeMap<String, Profile> {
    raw.into_iter().map(|(name, raw)| (name, profile(raw, flaws))).collect()
}

fn profile(raw: RawProfile, flaws: &mut Vec<Flaw>) -> Profile {
    if let Some(text) = &raw.settings
        && !is_module(&text.value)
    {
        let message = format!(
            "'settings' must be a dotted module name such as 'config.settings.production', not '{}'",
            text.value
        );
        flaws.push(Flaw::new(text.at.clone(), message));
    }
    let root = raw.root.map(|text| {
        let trimmed = text.value.trim_start_matches("./").trim_end_matches('/');
        Utf8PathBuf::from(if trimmed == "." { "" } else { trimmed })
    });
    let files = raw.env_file.into_iter();
    Profile {
        root,
        settings: raw.settings.map(|text| text.value),
        env: raw.env.into_iter().map(|(name, text)| (name, text.value)).collect(),
        env_files: files
            .map(|text| EnvFile { path: text.value.into(), text: String::new() })
            .collect(),
        env_closed: raw.env_closed,
    }
}

/// Whether the text is `a.b.c`, or `a.b.c:Class`.
pub(super) fn is_module(text: &str) -> bool {
    let (module, class) = text.split_once(':').map_or((text, None), |(m, c)| (m, Some(c)));
    module.split('.').chain(class).all(|part| {
        !part.is_empty()
            && part.chars().all(|c| c == '_' || c.is_alphanumeric())
            && !part.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn accept(raw: RawAccept, flaws: &mut Vec<Flaw>) -> Option<Accept> {
    let mut required = |text: Option<Text>, key: &str, why: &str| match text {
        Some(text) if !text.value.trim().is_empty() => Some(text.value),
        Some(text) => {
            flaws.push(Flaw::new(text.at, format!("'{key}' is empty: {why}")));
            None
        }
        None => {
            let message = format!("this [[accept]] entry has no '{key}': {why}");
            flaws.push(Flaw::new(raw.at.clone(), message));
            None
        }
    };
    let rule = required(raw.rule, "rule", "say which rule's findings are accepted");
    let reason = required(raw.reason, "reason", "say why the finding is accepted");
    let until = raw.until.and_then(|text| date(&text, flaws));
    let path = (!raw.path.is_empty()).then(|| globs(&raw.path, flaws));
    Some(Accept {
        rule: rule?,
        path,
        subject: raw.subject.map(|text| text.value),
        reason: reason?,
        owner: raw.owner.map(|text| text.value),
        until,
        range: text_range(&raw.at),
    })
}

fn date(text: &Text, flaws: &mut Vec<Flaw>) -> Option<Date> {
    let parsed = text.value.parse().ok();
    if parsed.is_none() {
        let message = format!("'until' must be a date such as 2027-01-31, not '{}'", text.value);
        flaws.push(Flaw::new(text.at.clone(), message));
    }
    parsed
}

fn text_range(at: &Range<usize>) -> TextRange {
    let start = u32::try_from(at.start).unwrap_or(u32::MAX);
    let end = u32::try_from(at.end).unwrap_or(u32::MAX).max(start);
    TextRange::new(TextSize::new(start), TextSize::new(end))
}

/// Patterns as `.gitignore` reads them: a folder stands for what is in it, and a pattern without
/// `/` matches at every depth.
fn globs(texts: &[Text], flaws: &mut Vec<Flaw>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let pattern = text.value.trim_start_matches("./");
        let (anchored, pattern) = match pattern.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (pattern.trim_end_matches('/').contains('/'), pattern),
        };
        let pattern = pattern.trim_end_matches('/');
        let head = if anchored { "" } else { "**/" };
        for full in [format!("{head}{pattern}"), format!("{head}{pattern}/**")] {
            match glob(&full) {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => {
                    let message =
                        format!("'{}' is not a path pattern: {}", text.value, error.kind());
                    flaws.push(Flaw::new(text.at.clone(), message));
                    break;
                }
            }
        }
    }
    set.build().unwrap_or_default()
}

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}
