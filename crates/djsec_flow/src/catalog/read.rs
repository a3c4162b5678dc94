//! Reading a file of models.

use std::sync::Arc;

use djsec_base::LineIndex;
use toml_edit::{Document, InlineTable, Item, TableLike, Value};

use super::{Catalog, CheckModel, Condition, Model, Sanitizer, Sink, Slot, Test, last};
use crate::taint::Grade;
use crate::{Kind, Kinds};

/// Something wrong in a file of models.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ModelError {
    /// The file, as given.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, without a full stop.
    pub message: String,
}

/// The tables that a file may have.
const TABLES: &[&str] =
    &["sink", "source", "sanitizer", "undo", "check", "gives", "pass", "exception"];

/// What a condition may say.
const CONDITION: &[&str] =
    &["argument", "field", "is", "contains", "lacks", "names", "class", "defines"];

pub(super) fn read(catalog: &mut Catalog, file: &str, text: &str) -> Vec<ModelError> {
    let mut reader =
        Reader { catalog, file, text, lines: LineIndex::new(text), errors: Vec::new() };
    match Document::parse(text) {
        Ok(document) => reader.top(document.as_table()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().trim().lines().collect::<Vec<_>>().join(", ");
            reader.error(at, message);
        }
    }
    reader.errors
}

struct Reader<'a> {
    catalog: &'a mut Catalog,
    file: &'a str,
    text: &'a str,
    lines: LineIndex,
    errors: Vec<ModelError>,
}

impl Reader<'_> {
    fn error(&mut self, at: usize, message: impl Into<String>) {
        let at = self.lines.line_col(u32::try_from(at).unwrap_or(u32::MAX).into(), self.text);
        self.errors.push(ModelError {
            file: self.file.to_owned(),
            line: at.line,
            column: at.column,
            message: message.into(),
        });
    }

    fn top(&mut self, table: &dyn TableLike) {
        for (key, item) in table.iter() {
            let at = start(item);
            if !TABLES.contains(&key) {
                self.error(at, format!("unknown table {key}; there are {}", TABLES.join(", ")));
                continue;
            }
            let Some(tables) = item.as_array_of_tables() else {
                self.error(at, format!("{key} is written [[{key}]]"));
                continue;
            };
            for table in tables {
                let at = table.span().map_or(at, |span| span.start);
                self.entry(key, table, at);
            }
        }
    }

    fn entry(&mut self, kind: &str, table: &dyn TableLike, at: usize) {
        let names = self.texts(table, "call");
        let attributes = self.texts(table, "attribute");
        let methods = self.texts(table, "method");
        if names.is_empty() && attributes.is_empty() && methods.is_empty() {
            self.error(at, "neither `call`, `attribute` nor `method` says what is meant");
            return;
        }
        match kind {
            "sink" => {
                let sinks = self.sinks(table, at);
                for name in methods {
                    self.catalog.loose.entry(name.into()).or_default().extend_from_slice(&sinks);
                }
                for name in attributes {
                    let entry = self.catalog.attributes.entry(name.into()).or_default();
                    entry.sinks.extend_from_slice(&sinks);
                }
                self.calls(&names, |model| model.sinks.extend_from_slice(&sinks));
            }
            "source" => self.source(table, at, &names, attributes),
            "exception" => self.catalog.exceptions.extend(names.into_iter().map(Into::into)),
            "sanitizer" => self.sanitizer(table, at, &names, attributes),
            "undo" => {
                let unsafe_as = self.kinds(table, "unsafe", at);
                self.calls(&names, |model| model.undoes = model.undoes.or(unsafe_as));
            }
            "check" => {
                let safe = self.kinds(table, "safe", at);
                let argument = self.slots(table, "argument");
                let needs = self.texts(table, "needs");
                let needs = if needs.is_empty() { Kinds::NONE } else { Kinds::RESOLVED };
                for name in &names {
                    self.catalog.checks.insert(last(name).into());
                }
                self.calls(&names, |model| {
                    let argument = argument.clone();
                    model.checks.push(CheckModel { argument, safe, needs });
                });
            }
            "gives" => {
                let gives: Option<Arc<str>> = self.text(table, "type").map(Arc::from);
                let itself = boolean(table, "itself");
                if gives.is_none() && !itself {
                    self.error(at, "`type` says of which class the result is");
                }
                for name in attributes {
                    let entry = self.catalog.attributes.entry(name.into()).or_default();
                    entry.gives.clone_from(&gives);
                }
                self.calls(&names, |model| {
                    model.gives.clone_from(&gives);
                    model.itself |= itself;
                });
            }
            _ => {
                let reads = self.writing(table);
                self.calls(&names, |model| {
                    model.passes = true;
                    if reads.is_some() {
                        model.reads.clone_from(&reads);
                    }
                });
            }
        }
    }

    /// The writing that `as` names, as the name of the field under which it keeps what is written.
    fn writing(&mut self, table: &dyn TableLike) -> Option<Arc<str>> {
        self.text(table, "as").map(|name| Arc::from(format!("({name})")))
    }

    fn sanitizer(
        &mut self,
        table: &dyn TableLike,
        at: usize,
        names: &[String],
        attributes: Vec<String>,
    ) {
        let safe = self.kinds(table, "safe", at);
        let when = self.conditions(table, "when");
        let unless = self.conditions(table, "unless");
        let always = when.is_empty() && unless.is_empty();
        let writes = self.writing(table);
        if !always && !attributes.is_empty() {
            self.error(at, "an attribute has no other arguments to ask for");
        }
        self.calls(names, |model| {
            if writes.is_some() {
                model.writes.clone_from(&writes);
            }
            if always {
                model.safe = model.safe.or(safe);
            } else {
                let (when, unless) = (when.clone(), unless.clone());
                model.safe_if.push(Sanitizer { safe, when, unless });
            }
        });
        for name in attributes {
            let entry = self.catalog.attributes.entry(name.into()).or_default();
            entry.clean |= safe.is_all();
            entry.safe = entry.safe.or(safe);
        }
    }

    fn calls(&mut self, names: &[String], mut change: impl FnMut(&mut Model)) {
        for name in names {
            change(self.catalog.calls.entry(name.as_str().into()).or_default());
        }
    }

    fn source(
        &mut self,
        table: &dyn TableLike,
        at: usize,
        names: &[String],
        attributes: Vec<String>,
    ) {
        let grade = self.grade(table, at);
        let gives = self.text(table, "type").map(Arc::from);
        let secret = boolean(table, "secret") || grade == Grade::Own;
        let safe =
            if table.contains_key("safe") { self.kinds(table, "safe", at) } else { Kinds::NONE };
        self.calls(names, |model| {
            model.source = Some(grade);
            model.secret |= secret;
            model.gives.clone_from(&gives);
            model.safe = model.safe.or(safe);
        });
        for name in attributes {
            let entry = self.catalog.attributes.entry(name.into()).or_default();
            entry.gives.clone_from(&gives);
            entry.source = Some(grade);
            entry.secret |= secret;
            entry.safe = entry.safe.or(safe);
        }
    }

    /// One sink for each kind as which data does harm there.
    fn sinks(&mut self, table: &dyn TableLike, at: usize) -> Vec<Sink> {
        let mut names = self.texts(table, "kind");
        if names.is_empty() {
            names.push(String::new());
        }
        let mut kinds = Vec::new();
        for name in names {
            let Some(kind) = Kind::named(&name) else {
                let all: Vec<&str> = Kind::all().map(Kind::name).collect();
                self.error(at, format!("unknown kind `{name}`; there are {}", all.join(", ")));
                return Vec::new();
            };
            kinds.push(kind);
        }
        let first = kinds.first().map(|kind| self.sink(*kind, table, at));
        let all = first
            .into_iter()
            .flat_map(|sink| kinds.iter().map(move |kind| Sink { kind: *kind, ..sink.clone() }));
        all.collect()
    }

    fn sink(&mut self, kind: Kind, table: &dyn TableLike, at: usize) -> Sink {
        let mut argument = self.slots(table, "argument");
        let except: Arc<[Arc<str>]> =
            self.texts(table, "except").into_iter().map(Arc::from).collect();
        for slot in &mut argument {
            if matches!(slot, Slot::Others(_)) {
                *slot = Slot::Others(Arc::clone(&except));
            }
        }
        if argument.is_empty() {
            self.error(at, "`argument` says which arguments are meant");
        }
        let words = Arc::from(self.text(table, "words").unwrap_or_default());
        let when = self.conditions(table, "when");
        let unless = self.conditions(table, "unless");
        Sink { kind, argument, words, when, unless }
    }

    /// What other arguments must be: one condition, or a list of them.
    fn conditions(&mut self, table: &dyn TableLike, key: &str) -> Vec<Condition> {
        let Some(item) = table.get(key) else { return Vec::new() };
        if let Some(one) = item.as_table_like() {
            return self.condition(one, start(item)).into_iter().collect();
        }
        let listed = item.as_array().filter(|list| !list.is_empty());
        let tables: Option<Vec<_>> =
            listed.and_then(|list| list.iter().map(|value| value.as_inline_table()).collect());
        let Some(tables) = tables else {
            let written = "{ argument = …, is = … }, or a list of that";
            self.error(start(item), format!("`{key}` is written {written}"));
            return Vec::new();
        };
        let place = |one: &InlineTable| one.span().map_or_else(|| start(item), |span| span.start);
        tables.into_iter().filter_map(|one| self.condition(one, place(one))).collect()
    }

    fn condition(&mut self, table: &dyn TableLike, at: usize) -> Option<Condition> {
        for (key, item) in table.iter() {
            if !CONDITION.contains(&key) {
                let all = CONDITION.join(", ");
                self.error(
                    start(item),
                    format!("unknown key `{key}` of a condition; there are {all}"),
                );
                return None;
            }
        }
        let slots = self.slots(table, "argument");
        if slots.is_empty() {
            self.error(at, "`argument` says which argument a condition is about");
            return None;
        }
        let tests = self.tests(table);
        if tests.len() > 1 {
            self.error(at, "a condition asks one thing; `when` and `unless` take a list of them");
            return None;
        }
        let field = self.text(table, "field").map(Arc::from);
        let owner = slots.contains(&Slot::Owner);
        let test = tests.into_iter().next().unwrap_or(Test::Given);
        if owner && !(field.is_some() && matches!(test, Test::Class(_))) {
            self.error(at, "`<owner>` is asked for the `class` of what stands in a `field`");
            return None;
        }
        Some(Condition { slots, field, test })
    }

    /// What a condition asks.
    fn tests(&mut self, table: &dyn TableLike) -> Vec<Test> {
        let mut tests = Vec::new();
        let shared = |all: Vec<String>| all.into_iter().map(Arc::from).collect();
        if let Some(item) = table.get("is") {
            match item.as_bool() {
                Some(is) => tests.push(Test::Is(is)),
                None => self.error(start(item), "`is` is true or false"),
            }
        }
        tests.extend(self.text(table, "contains").map(|text| Test::Contains(text.into())));
        tests.extend(self.text(table, "lacks").map(|text| Test::Lacks(text.into())));
        tests.extend(self.text(table, "defines").map(|name| Test::Defines(name.into())));
        for (key, test) in [("names", Test::Names as fn(_) -> _), ("class", Test::Class)] {
            if table.contains_key(key) {
                tests.push(test(shared(self.texts(table, key))));
            }
        }
        tests
    }

    fn grade(&mut self, table: &dyn TableLike, at: usize) -> Grade {
        match self.text(table, "grade").as_deref() {
            Some("stored") => Grade::Stored,
            Some("own") => Grade::Own,
            Some("trace") => Grade::Trace,
            Some("failure") => Grade::Failure,
            Some("remote") | None => Grade::Remote,
            Some(other) => {
                let all = "there are remote, stored, own, trace and failure";
                self.error(at, format!("unknown grade `{other}`; {all}"));
                Grade::Remote
            }
        }
    }

    fn kinds(&mut self, table: &dyn TableLike, key: &str, at: usize) -> Kinds {
        let names = self.texts(table, key);
        if names.is_empty() {
            let harm = if key == "safe" { "can do no more harm" } else { "does harm again" };
            self.error(at, format!("`{key}` says as what it {harm}: kinds, or \"all\""));
        }
        let mut all = Kinds::NONE;
        for name in names {
            match Kind::named(&name) {
                // What is harmless in a page is so between the tags of a part of one. What is so no more was not put
                // between tags by that.
                Some(Kind::Html) if key == "safe" => {
                    all = all.or(Kinds::of([Kind::Html, Kind::Markup]));
                }
                Some(kind) => all = all.or(Kinds::of([kind])),
                None if name == "all" => all = Kinds::ALL,
                None if name == "number" => all = all.or(Kinds::NUMBER),
                None if name == "resolved" => all = all.or(Kinds::RESOLVED),
                None => self.error(at, format!("unknown kind `{name}`")),
            }
        }
        all
    }

    fn slots(&mut self, table: &dyn TableLike, key: &str) -> Vec<Slot> {
        let Some(item) = table.get(key) else { return Vec::new() };
        let at = start(item);
        let values: Vec<&Value> = match item.as_value() {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        let mut slots = Vec::new();
        for value in values {
            let slot = match value {
                Value::Integer(number) => usize::try_from(*number.value()).ok().map(Slot::At),
                Value::String(name) => Some(named_slot(name.value())),
                _ => None,
            };
            match slot {
                Some(slot) => slots.push(slot),
                None => self.error(at, "an argument is a position from 0, or a name"),
            }
        }
        slots
    }

    fn text(&mut self, table: &dyn TableLike, key: &str) -> Option<String> {
        let item = table.get(key)?;
        let text = item.as_str().map(str::to_owned);
        if text.is_none() {
            self.error(start(item), format!("`{key}` is a text"));
        }
        text
    }

    /// A text, or several.
    fn texts(&mut self, table: &dyn TableLike, key: &str) -> Vec<String> {
        let Some(item) = table.get(key) else { return Vec::new() };
        let texts: Option<Vec<String>> = match item.as_value() {
            Some(Value::String(text)) => Some(vec![text.value().clone()]),
            Some(Value::Array(all)) => {
                all.iter().map(|value| value.as_str().map(str::to_owned)).collect()
            }
            _ => None,
        };
        if texts.is_none() {
            self.error(start(item), format!("`{key}` is a text or a list of texts"));
        }
        texts.unwrap_or_default()
    }
}

fn named_slot(name: &str) -> Slot {
    match name {
        "<receiver>" => Slot::Receiver,
        "<first>" => Slot::First(0),
        "<script>" => Slot::Script(0),
        "<options>" => Slot::Options(0),
        "<system>" => Slot::System,
        "<keywords>" => Slot::Keywords,
        "<each>" => Slot::Each,
        "<others>" => Slot::Others(Arc::default()),
        "<return>" => Slot::Return,
        "<owner>" => Slot::Owner,
        name => match (name.strip_prefix('*'), entry(name)) {
            (Some(end), _) => Slot::Suffix(Arc::from(end)),
            (None, Some(entry)) => entry,
            (None, None) => Slot::Named(Arc::from(name)),
        },
    }
}

/// `headers[Location]`, `0[$where]`
fn entry(name: &str) -> Option<Slot> {
    let (of, key) = name.strip_suffix(']')?.split_once('[')?;
    let of = of.parse().map_or_else(|_| Slot::Named(Arc::from(of)), Slot::At);
    Some(Slot::Entry(Box::new(of), Arc::from(key)))
}

fn boolean(table: &dyn TableLike, key: &str) -> bool {
    table.get(key).and_then(Item::as_bool).unwrap_or_default()
}

fn start(item: &Item) -> usize {
    item.span().map_or(0, |span| span.start)
}
