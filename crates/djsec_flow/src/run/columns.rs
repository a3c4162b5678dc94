//! Rows as `values()` and `values_list()` give them: columns instead of instances.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::Run;
use super::attribute::is_free;
use super::construct::last_of;
use crate::Grade;
use crate::args::Args;
use crate::taint::Taint;
use crate::value::{ANY, KEYS, Value, What};

/// How a query gives its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// `values()`
    Tables,
    /// `values_list()`, with `named=True` or without
    Lists,
    /// `values_list("name", flat=True)`
    Flat,
}

impl Run<'_, '_> {
    /// `query.values("name", "author__name")`, `query.values_list("name", flat=True)`.
    pub(super) fn columns(
        &self,
        model: &QualifiedName,
        name: &str,
        args: &Args,
        place: Span,
    ) -> Value {
        let is_set = |option| {
            let given = args.keyword(option).map(|given| &given.value.what);
            given == Some(&What::Bool(true))
        };
        let rows = match name {
            "values" => Rows::Tables,
            _ if is_set("flat") => Rows::Flat,
            _ => Rows::Lists,
        };
        let asked = args.positional.iter().map(|given| given.value.as_text().cloned());
        let mut names: Vec<Arc<str>> = asked.map(Option::unwrap_or_default).collect();
        if names.is_empty() && args.spread.is_empty() {
            let fields = self.world.models.get(model).into_iter().flat_map(|model| &model.fields);
            names = fields.map(|field| Arc::clone(&field.name)).collect();
        }
        let mut row = Value::default();
        for (at, name) in names.iter().enumerate() {
            let value = self.column(model, name, place);
            row = match rows {
                Rows::Tables => row.with_field(&format!("[{name}]"), value),
                Rows::Lists => {
                    row.with_field(&format!("[{at}]"), value.clone()).with_field(name, value)
                }
                Rows::Flat => value,
            };
        }
        if rows == Rows::Tables && !row.is_plain() {
            // Its keys are the names of the columns.
            row = row.with_field(KEYS, Value::default());
        }
        Value::of(What::Query(model.clone())).with_field(ANY, row)
    }

    /// What stands in a column, which may be one of a row that this one leads to.
    fn column(&self, model: &QualifiedName, path: &str, place: Span) -> Value {
        let models = self.world.models;
        let mut model = model.clone();
        let mut parts = path.split("__").peekable();
        while let Some(part) = parts.next() {
            let Some(field) = models.field(&model, part) else { break };
            match &field.relation {
                Some(relation) if parts.peek().is_some() => model = relation.to.clone(),
                None if parts.peek().is_none() && is_free(field) => {
                    let words = format!("{}.{}", last_of(&model).unwrap_or_default(), field.name);
                    let stored = Taint::source(place, Grade::Stored, &words);
                    return Value::tainted(stored.of_column(&model, &field.name));
                }
                _ => break,
            }
        }
        Value::default()
    }
}
