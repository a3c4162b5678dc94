//! Texts in another writing (`base64.b64encode(text)`): harmless as they are, and what they were once they are
//! read back.

use std::sync::Arc;

use djsec_base::Span;

use super::Run;
use super::call::passed;
use crate::args::Args;
use crate::catalog::Model;
use crate::taint::Taint;
use crate::value::{Value, is_apart};

/// What methods leave of the same text: in bytes or letters, without what only fills it up.
const KEEPING: &[&str] = &["decode", "encode", "ljust", "lstrip", "replace", "rstrip", "strip"];

impl Run<'_, '_> {
    /// What is known to have been written in the way that a function reads.
    pub(super) fn read_back(
        models: &[&Model],
        name: &str,
        args: &Args,
        place: Span,
    ) -> Option<Value> {
        let writing = models.iter().find_map(|model| model.reads.as_ref())?;
        let known = args.positional.first()?.value.known_field(writing)?.clone();
        Some(known.stepped(place, || passed(name)))
    }
}

/// Everything that a call is given, as the writing says that it reads: who calls may have written it so.
pub(super) fn read_from(models: &[&Model], args: &Args) -> Taint {
    let all = args.everything();
    match models.iter().find_map(|model| model.reads.as_ref()) {
        Some(writing) => all.part(writing),
        None => all,
    }
}

/// What a call gives, with what stands in it in another writing: what it writes itself, or what it passes on.
pub(super) fn written_in(models: &[&Model], args: &Args, value: Value) -> Value {
    let [given] = args.positional.as_slice() else {
        return value;
    };
    match models.iter().find_map(|model| model.writes.as_ref()) {
        Some(_) if given.value.is_clean() => value,
        Some(writing) => value.with_field(writing, given.value.clone()),
        None if models.iter().any(|model| model.passes) => kept(&given.value, value),
        None => value,
    }
}

/// What a method of texts gives, with what stands in the text in another writing.
pub(super) fn kept_by(method: &str, receiver: &Value, value: Value) -> Value {
    if KEEPING.contains(&method) { kept(receiver, value) } else { value }
}

fn kept(from: &Value, value: Value) -> Value {
    let Some(fields) = &from.fields else { return value };
    let written = fields.iter().filter(|(name, _)| is_apart(name));
    written.fold(value, |value, (name, field): (&Arc<str>, &Value)| {
        value.with_field(name, field.clone())
    })
}
