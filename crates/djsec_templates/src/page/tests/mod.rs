//! Tests of pages. Where a browser sees each insertion is compared with `html5ever` over whole pages that
//! are written out; what a page keeps of values, forms and gaps is told by cases made by hand.

#![expect(clippy::string_slice, reason = "insertions stand where their texts do")]

mod compare;
mod differential;
mod elements;
mod escaping;
mod forms;
mod gaps;
mod inheritance;
mod macros;
mod render;
mod scripts;
mod values;

use std::sync::Arc;

use djsec_base::{FileId, Span};

use super::{Called, Insertion, Page, Source, Sources, Tags};
use crate::html::{Place, Role};
use crate::library::Knowledge;
use crate::parse::parse;

/// What a template is read with: its own name, and tags that render templates.
struct Known<'n> {
    name: &'n str,
}

impl Knowledge for Known<'_> {
    fn template_name(&self) -> Option<&str> {
        Some(self.name)
    }
}

/// `{% show_NAME %}` renders `tags/NAME.html`.
struct Shows;

impl Knowledge for Shows {}

impl Tags for Shows {
    fn called(&self, tag: &str) -> Option<Called> {
        if tag.starts_with("give_") {
            return Some(Called::Value);
        }
        let name = tag.strip_prefix("show_")?;
        Some(Called::Context(format!("tags/{name}.html").into()))
    }
}

/// Templates by name; of several with one name the first is loaded.
fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    for (at, (name, text)) in files.iter().enumerate() {
        let file = FileId(u32::try_from(at).expect("few files"));
        let tree = parse(text, &Known { name });
        assert!(sources.add(Arc::from(*name), Source { file, text: Arc::from(*text), tree }));
    }
    sources
}

/// The page of the first of these templates.
fn page(files: &[(&str, &str)]) -> Page {
    let sources = sources(files);
    Page::new(&sources, files[0].0, &Shows).expect("a page")
}

fn text<'t>(files: &[(&str, &'t str)], span: Span) -> &'t str {
    &files[span.file.0 as usize].1[std::ops::Range::<usize>::from(span.range)]
}

/// Every place of every insertion on the page of the first of these templates, in the order in which
/// they are written: `{{ x }} in text`.
fn places(files: &[(&str, &str)]) -> Vec<String> {
    let sources = sources(files);
    let (_, every) = Page::with_every_place(&sources, files[0].0, &Shows).expect("a page");
    let every = every.iter();
    every.map(|(span, place)| format!("{} in {}", text(files, *span), short(place))).collect()
}

/// The insertions that the page of the first of these templates keeps: `{{ x }}: x[…].name`, each thing
/// that the value may be, with filters; `(raw)` where it is not escaped.
fn kept(files: &[(&str, &str)]) -> Vec<String> {
    let one = |insertion: &Insertion| {
        let mut accesses: Vec<String> =
            insertion.accesses.iter().map(super::Access::words).collect();
        accesses.dedup();
        let raw = if insertion.escaped { "" } else { " (raw)" };
        format!("{}: {}{raw}", text(files, insertion.span), accesses.join(" "))
    };
    page(files).insertions.iter().map(one).collect()
}

fn short(place: &Place) -> String {
    match place {
        Place::Text => "text".to_owned(),
        Place::RcData(element) | Place::RawText(element) => element.name().to_owned(),
        Place::Style(_) => "style".to_owned(),
        Place::Script(_, at) => format!("script {at:?}"),
        Place::Attribute(place) => {
            let dropped = if place.is_dropped() { " dropped" } else { "" };
            let role = match place.role {
                Role::Handler(at) => format!("handler {at:?}"),
                role => format!("{role:?}").to_lowercase(),
            };
            format!("{} {}={role}{dropped}", place.element.text, place.name.text)
        }
        Place::AttributeName(place) => format!("{} attributes", place.element.text),
        Place::TagName { .. } => "tag name".to_owned(),
        Place::Comment => "comment".to_owned(),
        Place::Doctype => "doctype".to_owned(),
    }
}
