//! All programs of a project that browsers run: in its pages, and in its static files.

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{File, FileId, FileKind, Role, Span, TextRange};
use djsec_templates::page::{Element, Page, Part, Script};
use djsec_templates::script::{Piece, Program};

use super::scripts::{Address, Reader, Request, Sender};
use crate::Cx;

/// Longer lines are written by programs.
const LONGEST_LINE: usize = 2000;
/// Words without which there is no request.
const WORDS: [&str; 8] =
    ["fetch", "XMLHttpRequest", "ajax", ".post", "axios", "csrf", "CSRF", "htmx:"];

/// Requests of all programs, each once, and what is said for all of them elsewhere.
#[derive(Default)]
pub(super) struct Programs {
    /// The requests, with what is known of where they go to and how.
    pub(super) requests: Vec<(Span, Request, Option<Part>)>,
    /// Whether a program names the token anywhere, or tells a library something for all requests.
    pub(super) told_once: bool,
    /// Whether one makes a `fetch` of its own.
    makes_fetch: bool,
    /// The names of the static files that were read, in lower case.
    read: BTreeSet<String>,
}

/// The scripts of a project that are static files.
pub(super) fn static_scripts<'a>(cx: &Cx<'a>) -> impl Iterator<Item = (FileId, &'a File)> {
    let root = &cx.project.root;
    cx.files.iter().filter(move |(_, file)| {
        file.kind == FileKind::Script
            && file.role == Role::Application
            && file.path.starts_with(root)
    })
}

impl Programs {
    /// Reads them.
    pub(super) fn new(cx: &Cx<'_>, headers: &[String]) -> Self {
        let mut this = Self::default();
        let mut scripts: BTreeMap<Span, &Script> = BTreeMap::new();
        for (_, page) in cx.templates().pages() {
            for script in &page.scripts {
                let known = scripts.entry(script.tag).or_insert(script);
                if script.pieces.len() > known.pieces.len() {
                    *known = script;
                }
            }
        }
        for script in scripts.into_values() {
            this.add(cx, &script.pieces, headers);
        }
        for (id, file) in static_scripts(cx) {
            if file.text().lines().any(|line| line.len() > LONGEST_LINE) {
                continue;
            }
            this.read.extend(file.path.file_name().map(str::to_ascii_lowercase));
            let whole = Span::new(id, TextRange::default()).part(0, file.text().len());
            this.add(cx, &[(whole, None)], headers);
        }
        let own_fetch = this.makes_fetch;
        this.requests.retain(|(_, request, _)| !(own_fetch && request.sender == Sender::Fetch));
        let mut seen = BTreeSet::new();
        this.requests.retain(|(span, ..)| seen.insert(*span));
        this
    }

    fn add(&mut self, cx: &Cx<'_>, pieces: &[(Span, Option<Part>)], headers: &[String]) {
        let texts: Vec<&str> = pieces.iter().map(|(span, _)| cx.source(*span)).collect();
        if !texts.iter().any(|text| WORDS.iter().any(|word| text.contains(word))) {
            return;
        }
        let parts: Vec<Piece<'_>> = pieces
            .iter()
            .zip(&texts)
            .map(|((_, part), text)| part.as_ref().map_or(Piece::Text(text), |_| Piece::Value))
            .collect();
        let names_token: Vec<bool> = pieces
            .iter()
            .zip(&texts)
            .map(|((_, part), text)| part.is_some() && text.to_ascii_lowercase().contains("csrf"))
            .collect();
        let program = Program::new(&parts);
        let reader = Reader { program: &program, names_token: &names_token, headers };
        let all = 0..program.tokens().len();
        self.told_once |= reader.names_token(&all) || reader.tells_library();
        self.makes_fetch |= reader.makes_fetch();
        for request in reader.requests() {
            let Some(token) = program.tokens().get(request.at) else { continue };
            let Some((span, _)) = pieces.get(token.piece) else { continue };
            let place = span.part(token.at, token.text.len());
            let part = match &request.address {
                Address::Piece(piece) => pieces.get(*piece).and_then(|(_, part)| part.clone()),
                Address::Path { .. } => None,
            };
            self.requests.push((place, request, part));
        }
    }

    /// Whether every program that a page loads from this site is known: it was read, or is a library.
    pub(super) fn all_known(&self, cx: &Cx<'_>, page: &Page) -> bool {
        page.gaps.is_empty() && page.elements.iter().all(|element| self.is_known(cx, element))
    }

    fn is_known(&self, cx: &Cx<'_>, element: &Element) -> bool {
        let source = element.attribute("src").filter(|_| &*element.name == "script");
        let Some(source) = source else { return true };
        let written = cx.source(source.span).to_ascii_lowercase();
        let library = ["jquery", "bootstrap", "popper", "htmx", "alpine", "chart", "leaflet"];
        library.iter().any(|name| written.contains(name))
            || self.read.iter().any(|name| written.contains(name))
    }
}
