//! The policy as JSON; `docs/schema/djsec-csp-1.schema.json` describes it.

use std::io;

use djsec_base::Files;
use serde::Serialize;

use super::snippet::{header, snippet};
use super::{CspView, NoteView, UseView};
use crate::Options;
use crate::json::v1::{PlaceRecord, Tool};
use crate::json::write_document;

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    projects: Vec<Project<'a>>,
}

#[derive(Debug, Serialize)]
struct Project<'a> {
    root: &'a str,
    module: &'a str,
    django: Option<&'a str>,
    pages: usize,
    present: Vec<Present<'a>>,
    style: &'static str,
    can_be_enforced: bool,
    header: &'static str,
    directives: Vec<Directive<'a>>,
    snippet: String,
    tasks: Vec<Note<'a>>,
    looser: Vec<Note<'a>>,
    strict_dynamic: Vec<Note<'a>>,
    unknown: Vec<Note<'a>>,
    uses: Vec<Use<'a>>,
}

#[derive(Debug, Serialize)]
struct Present<'a> {
    setting: &'a str,
    enforced: bool,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Directive<'a> {
    name: &'a str,
    sources: &'a [String],
}

#[derive(Debug, Serialize)]
struct Note<'a> {
    id: &'static str,
    text: &'a str,
    help: Option<&'a str>,
    places: Vec<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Use<'a> {
    kind: &'static str,
    directive: Option<&'static str>,
    source: Option<&'a str>,
    nonce: Option<&'static str>,
    place: Option<PlaceRecord>,
}

/// Writes the policy of each project as JSON.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_json(
    out: &mut dyn io::Write,
    files: &Files,
    views: &[CspView],
    options: &Options<'_>,
) -> io::Result<()> {
    let projects = views.iter().map(|view| project(files, view)).collect();
    write_document(out, &Document { version: 1, tool: Tool::djsec(options.tool_version), projects })
}

fn project<'a>(files: &Files, view: &'a CspView) -> Project<'a> {
    let notes = |notes: &'a [NoteView]| notes.iter().map(|note| record(files, note)).collect();
    Project {
        root: &view.project,
        module: &view.module,
        django: view.django.as_deref(),
        pages: view.pages,
        present: view
            .present
            .iter()
            .map(|one| Present {
                setting: &one.setting,
                enforced: one.enforced,
                place: one.place.and_then(|place| PlaceRecord::of(files, place)),
            })
            .collect(),
        style: view.style.name(),
        can_be_enforced: view.can_be_enforced(),
        header: header(view),
        directives: view
            .directives
            .iter()
            .map(|one| Directive { name: &one.name, sources: &one.sources })
            .collect(),
        snippet: snippet(view),
        tasks: notes(&view.tasks),
        looser: notes(&view.looser),
        strict_dynamic: notes(&view.strict),
        unknown: notes(&view.unknown),
        uses: view.uses.iter().map(|one| use_record(files, one)).collect(),
    }
}

fn record<'a>(files: &Files, note: &'a NoteView) -> Note<'a> {
    let places = note.places.iter().filter_map(|span| PlaceRecord::of(files, (*span).into()));
    Note { id: note.id, text: &note.text, help: note.help.as_deref(), places: places.collect() }
}

fn use_record<'a>(files: &Files, one: &'a UseView) -> Use<'a> {
    Use {
        kind: one.kind,
        directive: one.directive,
        source: one.source.as_deref(),
        nonce: one.nonce,
        place: PlaceRecord::of(files, one.place.into()),
    }
}
