//! Django's own value of every setting that a project leaves alone, per release series.
//!
//! The facts are recorded from the real packages (`data/django-<series>.json`, written by
//! `cargo xtask record defaults`): each file holds all upper-case names of
//! `django.conf.global_settings` with their values, and the exact version they were read from.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use serde_json::Value as Json;

/// A Django release series: `4.2`, `6.1`, or a calendar year from 2028 on (`2028`, `2028.1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DjangoSeries {
    /// `5` in `5.2`, or the year of a calendar version.
    pub major: u16,
    /// `2` in `5.2`; 0 for a calendar version that has only a year.
    pub minor: u16,
}

impl DjangoSeries {
    /// The newest series whose defaults are recorded: what to assume of an unpinned Django.
    pub const NEWEST: Self = Self::new(6, 1);

    /// The series `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for DjangoSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.major, self.minor) {
            (2028.., 0) => write!(f, "{}", self.major),
            (major, minor) => write!(f, "{major}.{minor}"),
        }
    }
}

/// The text does not start with a Django version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASeries;

impl FromStr for DjangoSeries {
    type Err = NotASeries;

    /// Reads the series out of a version: `5.2`, `5.2.19`, `6.1rc1`, `2028`.
    fn from_str(version: &str) -> Result<Self, NotASeries> {
        let mut parts = version.trim().split('.').map(leading_number);
        let major = parts.next().flatten().ok_or(NotASeries)?;
        Ok(Self::new(major, parts.next().flatten().unwrap_or(0)))
    }
}

fn leading_number(text: &str) -> Option<u16> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..digits)?.parse().ok()
}

/// A Python value, as far as Django's defaults need one.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// an `int`
    Int(i64),
    /// a `float`
    Float(f64),
    /// a `str`
    Str(String),
    /// a `list`
    List(Vec<Self>),
    /// a `tuple`
    Tuple(Vec<Self>),
    /// a `dict`, in insertion order
    Dict(Vec<(Self, Self)>),
    /// any other object, by what it is called in the recording
    Other(String),
}

/// Django's default of `name`, or `None` when that series knows no such setting.
///
/// A series that was not recorded is answered by the newest recorded one before it (so a future
/// Django counts as the newest known one), and one older than all recordings by the oldest.
pub fn default(series: DjangoSeries, name: &str) -> Option<&'static DefaultValue> {
    recording(series)?.settings().get(name)
}

/// All settings that Django itself defines in that series, by name.
pub fn all(series: DjangoSeries) -> impl Iterator<Item = (&'static str, &'static DefaultValue)> {
    recording(series)
        .into_iter()
        .flat_map(Recording::settings)
        .map(|(name, value)| (name.as_str(), value))
}

/// The series whose defaults are recorded, oldest first.
pub fn recorded_series() -> impl Iterator<Item = DjangoSeries> {
    RECORDINGS.iter().map(|recording| recording.series)
}

/// The recorded series that answers for `series`.
pub fn nearest_recorded(series: DjangoSeries) -> DjangoSeries {
    recording(series).map_or(DjangoSeries::NEWEST, |recording| recording.series)
}

struct Recording {
    series: DjangoSeries,
    json: &'static str,
    settings: OnceLock<BTreeMap<String, DefaultValue>>,
}

macro_rules! recordings {
    ($(($major:literal, $minor:literal)),* $(,)?) => {
        /// Oldest first.
        static RECORDINGS: [Recording; 9] = [$(Recording {
            series: DjangoSeries::new($major, $minor),
            json: include_str!(concat!("../data/django-", $major, ".", $minor, ".json")),
            settings: OnceLock::new(),
        }),*];
    };
}

recordings![(3, 2), (4, 0), (4, 1), (4, 2), (5, 0), (5, 1), (5, 2), (6, 0), (6, 1)];

fn recording(series: DjangoSeries) -> Option<&'static Recording> {
    RECORDINGS.iter().rev().find(|known| known.series <= series).or(RECORDINGS.first())
}

impl Recording {
    fn settings(&self) -> &BTreeMap<String, DefaultValue> {
        self.settings.get_or_init(|| {
            let Ok(Json::Object(mut recorded)) = serde_json::from_str(self.json) else {
                return BTreeMap::new();
            };
            let Some(Json::Object(settings)) = recorded.remove("settings") else {
                return BTreeMap::new();
            };
            settings.into_iter().map(|(name, value)| (name, from_json(value))).collect()
        })
    }
}

/// Reads the tagged JSON of `tools/record/tagged.py`.
fn from_json(json: Json) -> DefaultValue {
    match json {
        Json::Null => DefaultValue::None,
        Json::Bool(value) => DefaultValue::Bool(value),
        Json::String(text) => DefaultValue::Str(text),
        Json::Array(items) => DefaultValue::List(items.into_iter().map(from_json).collect()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => DefaultValue::Int(int),
            (None, Some(float)) => DefaultValue::Float(float),
            (None, None) => DefaultValue::Other(number.to_string()),
        },
        Json::Object(tagged) => {
            tagged.into_iter().next().map_or_else(empty, |(tag, value)| from_tagged(&tag, value))
        }
    }
}

fn empty() -> DefaultValue {
    DefaultValue::Other(String::new())
}

fn from_tagged(tag: &str, value: Json) -> DefaultValue {
    match (tag, value) {
        ("tuple", Json::Array(items)) => {
            DefaultValue::Tuple(items.into_iter().map(from_json).collect())
        }
        ("dict", Json::Array(pairs)) => {
            DefaultValue::Dict(pairs.into_iter().filter_map(pair).collect())
        }
        (_, other) => DefaultValue::Other(format!("{tag} {other}")),
    }
}

fn pair(json: Json) -> Option<(DefaultValue, DefaultValue)> {
    let Json::Array(items) = json else { return None };
    let mut items = items.into_iter();
    Some((from_json(items.next()?), from_json(items.next()?)))
}

#[cfg(test)]
mod tests {
    use super::{DefaultValue, DjangoSeries, all, default, nearest_recorded, recorded_series};

    fn at(series: &str, name: &str) -> Option<DefaultValue> {
        default(series.parse().unwrap(), name).cloned()
    }

    #[test]
    fn every_recording_loads_and_holds_the_settings_of_all_series() {
        assert_eq!(recorded_series().count(), 9);
        for series in recorded_series() {
            assert!(all(series).count() > 140, "{series}");
            assert_eq!(default(series, "DEBUG"), Some(&DefaultValue::Bool(false)), "{series}");
            let unread = all(series).find(|(_, value)| matches!(value, DefaultValue::Other(_)));
            assert_eq!(unread, None, "{series}");
        }
    }

    #[test]
    fn defaults_differ_between_series_as_the_release_notes_say() {
        let bool = |value| Some(DefaultValue::Bool(value));
        assert_eq!(at("4.2", "USE_TZ"), bool(false));
        assert_eq!(at("5.0", "USE_TZ"), bool(true));
        assert_eq!(at("4.1", "CSRF_COOKIE_MASKED"), bool(false));
        assert_eq!(at("5.0", "CSRF_COOKIE_MASKED"), None);
        assert_eq!(at("6.0", "SIGNED_COOKIE_LEGACY_SALT_FALLBACK"), bool(true));
        assert_eq!(at("6.1", "SIGNED_COOKIE_LEGACY_SALT_FALLBACK"), bool(false));
        assert_eq!(at("5.2", "SECURE_CSP"), None);
        assert_eq!(at("6.0", "SECURE_CSP"), Some(DefaultValue::Dict(Vec::new())));
        assert_eq!(at("3.2", "SECURE_CROSS_ORIGIN_OPENER_POLICY"), None);
    }

    #[test]
    fn lists_tuples_and_nesting_keep_their_types() {
        let Some(DefaultValue::List(languages)) = at("6.1", "LANGUAGES") else {
            panic!("LANGUAGES is a list")
        };
        assert!(matches!(languages.first(), Some(DefaultValue::Tuple(pair)) if pair.len() == 2));
        let Some(DefaultValue::Dict(caches)) = at("6.1", "CACHES") else {
            panic!("CACHES is a dict")
        };
        assert_eq!(caches.first().unwrap().0, DefaultValue::Str("default".to_owned()));
        assert_eq!(at("6.1", "SECURE_PROXY_SSL_HEADER"), Some(DefaultValue::None));
        assert_eq!(at("6.1", "SESSION_COOKIE_AGE"), Some(DefaultValue::Int(1_209_600)));
    }

    #[test]
    fn an_unrecorded_series_is_answered_by_the_nearest_one_before_it() {
        assert_eq!(nearest_recorded(DjangoSeries::new(2028, 1)), DjangoSeries::NEWEST);
        assert_eq!(nearest_recorded(DjangoSeries::new(6, 2)), DjangoSeries::new(6, 1));
        assert_eq!(nearest_recorded(DjangoSeries::new(1, 11)), DjangoSeries::new(3, 2));
        assert_eq!(nearest_recorded(DjangoSeries::new(4, 9)), DjangoSeries::new(4, 2));
        assert_eq!(recorded_series().last(), Some(DjangoSeries::NEWEST));
    }

    #[test]
    fn a_series_is_read_from_a_version_and_printed_as_django_names_it() {
        for (version, series) in
            [("5.2.19", "5.2"), ("6.1rc1", "6.1"), ("2028", "2028"), ("2028.1.3", "2028.1")]
        {
            assert_eq!(version.parse::<DjangoSeries>().unwrap().to_string(), series);
        }
        for version in ["", "latest", ">=5.2", "99999.1"] {
            assert!(version.parse::<DjangoSeries>().is_err(), "{version}");
        }
    }
}
