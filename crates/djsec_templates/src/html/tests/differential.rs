//! The same places as html5ever, for an insertion at every character of many pages; and the same
//! answers however a page is cut into runs of text.

#![expect(clippy::string_slice, reason = "pages are cut between characters")]

use std::ops::Range;

use super::browser::{Found, MARKER, find};
use super::pages::{PAGES, generated};
use crate::html::reference::NAMED;
use crate::html::{EndTag, Mode, Place, Run, Sink, StartTag, State};

/// Ends whatever is open: at the end of a page html5ever drops a tag, and tells nothing of it.
pub(crate) const CLOSER: &str = "x'>\">--></title></textarea></style></script></xmp></iframe></noembed>\
                      </noframes></noscript>";

/// What we say of an insertion after `before`.
fn ours(before: &str) -> Found {
    let mut state = State::start();
    state.text(before, 0, &mut ());
    let place = state.insertion(1, &mut ());
    let raw = matches!(state.mode, Mode::Raw(_));
    match place {
        Place::RcData(element) | Place::RawText(element) => Found::Raw(element.name().to_owned()),
        Place::Style(_) if raw => Found::Raw("style".to_owned()),
        Place::Script(..) if raw => Found::Raw("script".to_owned()),
        // In SVG, the text of scripts and styles is text.
        Place::Text | Place::Style(_) | Place::Script(..) => Found::Text,
        Place::Attribute(place) if place.duplicate => Found::Nowhere,
        Place::Attribute(place) => Found::Value {
            element: place.element.text,
            name: place.name.text,
            before: place.before.prefix(),
        },
        Place::AttributeName(_) => Found::AttributeName,
        Place::TagName { .. } => Found::TagName,
        Place::Comment => Found::Comment,
        Place::Doctype => Found::Doctype,
    }
}

/// Compares at every character of a page; what differs.
fn differences(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in page.char_indices().chain([(page.len(), ' ')]) {
        let (before, after) = page.split_at(at);
        let theirs = find(&format!("{before}{MARKER}{after}{CLOSER}"));
        let ours = ours(before);
        // What stands in a doctype after its name, and is none of its quoted parts, is dropped there.
        let dropped = ours == Found::Doctype && theirs == Found::Nowhere;
        if ours != theirs && !dropped {
            found.push(format!("{before:?} | {after:?}\n  ours {ours:?}\n  html5ever {theirs:?}"));
        }
    }
    found
}

#[test]
fn insertions_in_pages_made_by_hand_stand_where_html5ever_has_them() {
    let found: Vec<_> = PAGES.iter().flat_map(|page| differences(page)).collect();
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn insertions_in_generated_pages_stand_where_html5ever_has_them() {
    let pages = generated(1000);
    let found: Vec<_> = pages.iter().flat_map(|page| differences(page)).collect();
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn references_that_are_looked_up_come_to_what_html5ever_makes_of_them() {
    for (name, _) in NAMED {
        for after in [";", "", " ", "=", "x", "1", ";;", "&amp;"] {
            for quote in ["'", ""] {
                let before = format!("<a b={quote}{name}&{name}{after}");
                let theirs = find(&format!("{before}{MARKER}{CLOSER}"));
                assert_eq!(ours(&before), theirs, "{before}");
            }
        }
    }
}

/// Everything that a page is told to be made of. Runs of text that touch are one.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told(Vec<Event>);

#[derive(Debug, PartialEq, Eq)]
enum Event {
    Start(StartTag),
    End(EndTag),
    Run(Run, Range<u32>),
}

impl Sink for Told {
    fn start_tag(&mut self, tag: StartTag) {
        self.0.push(Event::Start(tag));
    }
    fn end_tag(&mut self, tag: EndTag) {
        self.0.push(Event::End(tag));
    }
    fn run(&mut self, of: Run, span: Range<u32>) {
        if let Some(Event::Run(last, over)) = self.0.last_mut()
            && *last == of
            && over.end == span.start
        {
            over.end = span.end;
        } else {
            self.0.push(Event::Run(of, span));
        }
    }
}

/// The state after a page that is fed in these parts, and what was told.
fn fed<'a>(parts: impl IntoIterator<Item = &'a str>) -> (State, Told) {
    let (mut state, mut told) = (State::start(), Told::default());
    let mut offset = 0;
    for part in parts {
        state.text(part, offset, &mut told);
        offset += u32::try_from(part.len()).unwrap();
    }
    (state, told)
}

#[test]
fn a_page_says_the_same_however_it_is_cut() {
    let mut pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    pages.extend(generated(500));
    for page in &pages {
        let whole = fed([page.as_str()]);
        for (at, _) in page.char_indices() {
            assert_eq!(fed([&page[..at], &page[at..]]), whole, "cut at {at}: {page:?}");
        }
        let letters: Vec<_> =
            page.char_indices().map(|(at, letter)| &page[at..at + letter.len_utf8()]).collect();
        assert_eq!(fed(letters), whole, "in single characters: {page:?}");
    }
}
