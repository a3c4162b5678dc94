//! The shape of a config file: known keys, types, and the place of every value.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::{ConfigKind, error::Flaw};
use crate::similar::{did_you_mean, nearest_key};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) at: Range<usize>,
}

pub(super) type Text = Spanned<String>;

/// A config file as written.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) select: Vec<Text>,
    pub(super) ignore: Vec<Text>,
    pub(super) fail_on: Option<Text>,
    pub(super) confidence: Option<Text>,
    pub(super) exclude: Vec<Text>,
    pub(super) baseline: Option<Text>,
    pub(super) python_env: Option<Text>,
    pub(super) flow_models: Vec<Text>,
    pub(super) profile: RawProfile,
    pub(super) profiles: Vec<(String, RawProfile)>,
    pub(super) accept: Vec<RawAccept>,
}

#[derive(Debug, Default)]
pub(super) struct RawProfile {
    pub(super) root: Option<Text>,
    pub(super) settings: Option<Text>,
    pub(super) env: Vec<(String, Text)>,
    pub(super) env_file: Vec<Text>,
    pub(super) env_closed: bool,
}

#[derive(Debug)]
pub(super) struct RawAccept {
    pub(super) at: Range<usize>,
    pub(super) rule: Option<Text>,
    pub(super) path: Vec<Text>,
    pub(super) subject: Option<Text>,
    pub(super) reason: Option<Text>,
    pub(super) owner: Option<Text>,
    pub(super) until: Option<Text>,
}

/// Reads the file; `None` when a `pyproject.toml` has no `[tool.djsec]`.
pub(super) fn read(text: &str, kind: ConfigKind, flaws: &mut Vec<Flaw>) -> Option<Raw> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        // A pyproject.toml that says nothing about us is for others to complain about.
        Err(_) if kind == ConfigKind::Pyproject && !text.contains("tool.djsec") => return None,
        Err(error) => {
            let message = error.message().trim().lines().collect::<Vec<_>>().join(", ");
            flaws.push(Flaw::new(error.span().unwrap_or(0..0), message));
            return None;
        }
    };
    let root: &dyn TableLike = document.as_table();
    let table = match kind {
        ConfigKind::Djsec => root,
        ConfigKind::Pyproject => {
            root.get("tool")?.as_table_like()?.get("djsec")?.as_table_like()?
        }
    };
    let mut reader = Reader { flaws };
    Some(reader.top(table))
}

struct Reader<'a> {
    flaws: &'a mut Vec<Flaw>,
}

impl Reader<'_> {
    fn top(&mut self, table: &dyn TableLike) -> Raw {
        self.only(
            table,
            &[
                "select",
                "ignore",
                "fail-on",
                "confidence",
                "exclude",
                "settings",
                "env",
                "env-file",
                "env-closed",
                "baseline",
                "python-env",
                "flow-models",
                "accept",
                "profiles",
            ],
        );
        Raw {
            select: self.texts(table, "select"),
            ignore: self.texts(table, "ignore"),
            fail_on: self.text(table, "fail-on"),
            confidence: self.text(table, "confidence"),
            exclude: self.texts(table, "exclude"),
            baseline: self.text(table, "baseline"),
            python_env: self.text(table, "python-env"),
            flow_models: self.texts(table, "flow-models"),
            profile: self.profile(table),
            profiles: self.profiles(table),
            accept: self.accept(table),
        }
    }

    /// Reads the keys that the top of the file and a profile share.
    fn profile(&mut self, table: &dyn TableLike) -> RawProfile {
        RawProfile {
            root: None,
            settings: self.text(table, "settings"),
            env: self.env(table),
            env_file: self.texts(table, "env-file"),
            env_closed: self.flag(table, "env-closed"),
        }
    }

    fn profiles(&mut self, table: &dyn TableLike) -> Vec<(String, RawProfile)> {
        let Some(all) = self.table(table, "profiles", "[profiles.NAME]") else {
            return Vec::new();
        };
        let mut profiles = Vec::new();
        for (name, _) in all.iter() {
            let Some(table) = self.table(all, name, "a table") else { continue };
            self.only(table, &["root", "settings", "env", "env-file", "env-closed"]);
            let root = self.text(table, "root");
            profiles.push((name.to_owned(), RawProfile { root, ..self.profile(table) }));
        }
        profiles
    }

    fn accept(&mut self, table: &dyn TableLike) -> Vec<RawAccept> {
        let Some(item) = table.get("accept") else { return Vec::new() };
        let entries: Vec<(&dyn TableLike, Range<usize>)> = match item {
            Item::ArrayOfTables(tables) => tables
                .iter()
                .map(|table| (table as &dyn TableLike, table.span().unwrap_or_default()))
                .collect(),
            Item::Value(Value::Array(array)) => array
                .iter()
                .filter_map(|value| {
                    let table: &dyn TableLike = value.as_inline_table()?;
                    Some((table, value.span().unwrap_or_default()))
                })
                .collect(),
            _ => {
                self.wrong(item, "accept", "a list of tables, written [[accept]]");
                return Vec::new();
            }
        };
        entries.into_iter().map(|(table, at)| self.accepted(table, at)).collect()
    }

    fn accepted(&mut self, table: &dyn TableLike, at: Range<usize>) -> RawAccept {
        self.only(table, &["rule", "path", "subject", "reason", "owner", "until"]);
        RawAccept {
            at,
            rule: self.text(table, "rule"),
            path: self.texts(table, "path"),
            subject: self.text(table, "subject"),
            reason: self.text(table, "reason"),
            owner: self.text(table, "owner"),
            until: self.date(table, "until"),
        }
    }

    /// Names every key that the table should not have.
    fn only(&mut self, table: &dyn TableLike, known: &[&'static str]) {
        for (name, item) in table.iter() {
            if known.contains(&name) {
                continue;
            }
            let at = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
            let near = nearest_key(name, known.iter().copied());
            let message = format!("unknown key '{name}'{}", did_you_mean(near));
            self.flaws.push(Flaw::new(at.unwrap_or_default(), message));
        }
    }

    fn text(&mut self, table: &dyn TableLike, key: &str) -> Option<Text> {
        let item = table.get(key)?;
        if let Some(text) = item.as_str() {
            return Some(Spanned { value: text.to_owned(), at: item.span().unwrap_or_default() });
        }
        self.wrong(item, key, "a string");
        None
    }

    /// A date as TOML writes it, or in quotes.
    fn date(&mut self, table: &dyn TableLike, key: &str) -> Option<Text> {
        let item = table.get(key)?;
        if let Some(date) = item.as_datetime() {
            return Some(Spanned { value: date.to_string(), at: item.span().unwrap_or_default() });
        }
        self.text(table, key)
    }

    /// A list of strings, or one string alone.
    fn texts(&mut self, table: &dyn TableLike, key: &str) -> Vec<Text> {
        match table.get(key).map(Item::as_value) {
            None => Vec::new(),
            Some(Some(Value::Array(array))) => {
                let mut texts = Vec::new();
                for value in array {
                    let at = value.span().unwrap_or_default();
                    match value.as_str() {
                        Some(text) => texts.push(Spanned { value: text.to_owned(), at }),
                        None => self.flaws.push(Flaw::new(
                            at,
                            format!("'{key}' must be a list of strings, not {}", kind_of(value)),
                        )),
                    }
                }
                texts
            }
            Some(Some(Value::String(_))) => self.text(table, key).into_iter().collect(),
            Some(_) => {
                if let Some(item) = table.get(key) {
                    self.wrong(item, key, "a list of strings");
                }
                Vec::new()
            }
        }
    }

    fn flag(&mut self, table: &dyn TableLike, key: &str) -> bool {
        let Some(item) = table.get(key) else { return false };
        item.as_bool().unwrap_or_else(|| {
            self.wrong(item, key, "true or false");
            false
        })
    }

    /// Environment variables are text; numbers are taken as written, booleans are ambiguous.
    fn env(&mut self, table: &dyn TableLike) -> Vec<(String, Text)> {
        let Some(table) = self.table(table, "env", "a table of strings") else {
            return Vec::new();
        };
        let mut variables = Vec::new();
        for (name, item) in table.iter() {
            let at = item.span().unwrap_or_default();
            match item.as_value() {
                Some(Value::String(text)) => {
                    variables.push((name.to_owned(), Spanned { value: text.value().clone(), at }));
                }
                Some(Value::Integer(number)) => {
                    let value = number.value().to_string();
                    variables.push((name.to_owned(), Spanned { value, at }));
                }
                Some(Value::Boolean(flag)) => self.flaws.push(Flaw::new(
                    at,
                    format!(
                        "environment variables are text: write {name} = \"{0}\", or whatever the \
                         settings read as {0}",
                        flag.value()
                    ),
                )),
                _ => self.wrong(item, name, "a string"),
            }
        }
        variables
    }

    fn table<'t>(
        &mut self,
        table: &'t dyn TableLike,
        key: &str,
        expected: &str,
    ) -> Option<&'t dyn TableLike> {
        let item = table.get(key)?;
        let inner = item.as_table_like();
        if inner.is_none() {
            self.wrong(item, key, expected);
        }
        inner
    }

    fn wrong(&mut self, item: &Item, key: &str, expected: &str) {
        let found = match item {
            Item::Value(value) => kind_of(value),
            Item::ArrayOfTables(_) => "a list of tables",
            Item::Table(_) | Item::None => "a table",
        };
        self.flaws.push(Flaw::new(
            item.span().unwrap_or_default(),
            format!("'{key}' must be {expected}, not {found}"),
        ));
    }
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}
