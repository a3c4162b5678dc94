//! Compares the places that a page gives for its insertions with where `html5ever` finds them.

#![expect(clippy::string_slice, reason = "pages are cut between characters")]

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::Span;

use super::render::{Way, render};
use crate::html::tests::browser::{Found, MARKER, find_all};
use crate::html::tests::differential::CLOSER;
use crate::html::{CssPlace, JsPlace, Place};
use crate::page::{GapReason, Page, Sources, Tags};

/// What came of comparing.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Templates.
    pub(super) templates: usize,
    /// Insertions in pages that were written out.
    pub(super) insertions: usize,
    /// Templates whose pages say that they are larger than is read, or have more states than are kept.
    pub(super) limited: BTreeSet<String>,
    /// Templates with an insertion that stands elsewhere.
    pub(super) differences: BTreeMap<String, String>,
}

impl Compared {
    /// Compares the page of one template along several ways.
    pub(super) fn add(&mut self, sources: &Sources, name: &str, tags: &dyn Tags) {
        let Some((page, every)) = Page::with_every_place(sources, name, tags) else { return };
        self.templates += 1;
        if page.gaps.iter().any(|gap| matches!(gap.reason, GapReason::Limit | GapReason::Ways)) {
            self.limited.insert(name.to_owned());
        }
        let mut ours: BTreeMap<Span, BTreeSet<String>> = BTreeMap::new();
        for (span, place) in &every {
            ours.entry(*span).or_default().extend(said(place));
        }
        let random = (1..=6_u64).map(|seed| Way::Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        for way in [Way::First, Way::Last].into_iter().chain(random) {
            let Some(written) = render(sources, name, tags, way) else { return };
            for page in &written.pages {
                self.page(name, page, &written.insertions, &ours);
            }
        }
    }

    fn page(
        &mut self,
        name: &str,
        page: &str,
        insertions: &[Span],
        ours: &BTreeMap<Span, BTreeSet<String>>,
    ) {
        let none = BTreeSet::new();
        let found = find_all(&format!("{page}{CLOSER}"));
        let found: BTreeMap<usize, Found> =
            found.into_iter().filter_map(|(number, found)| Some((number?, found))).collect();
        for (number, span) in insertions.iter().enumerate() {
            let marker = crate::html::tests::browser::marker(number);
            let Some(at) = page.find(&marker) else { continue };
            self.insertions += 1;
            let theirs = found.get(&number).cloned().unwrap_or(Found::Nowhere);
            let ours = ours.get(span).unwrap_or(&none);
            if !ours.contains(&shown(theirs.clone())) {
                let from = page.floor_char_boundary(at.saturating_sub(300));
                let difference = format!(
                    "{name} {span:?}\n  … {}\n  ours {ours:?}\n  html5ever {theirs:?}",
                    &page[from..at]
                );
                self.differences.entry(name.to_owned()).or_insert(difference);
            }
        }
    }
}

/// The ways in which `html5ever` may find what stands in a place of ours.
fn said(place: &Place) -> Vec<String> {
    let found = match place {
        Place::RcData(element) | Place::RawText(element) => Found::Raw(element.name().to_owned()),
        Place::Script(_, JsPlace::Unknown) => {
            return [Found::Raw("script".to_owned()), Found::Text].map(shown).into();
        }
        Place::Script(..) => Found::Raw("script".to_owned()),
        // In SVG, the text of scripts and styles is text.
        Place::Text | Place::Style(CssPlace::Unknown) => Found::Text,
        Place::Style(_) => Found::Raw("style".to_owned()),
        Place::Attribute(place) if place.duplicate => Found::Nowhere,
        Place::Attribute(place) => Found::Value {
            element: place.element.text.clone(),
            name: place.name.text.clone(),
            before: place.before.prefix(),
        },
        Place::AttributeName(_) => Found::AttributeName,
        Place::TagName { .. } => Found::TagName,
        Place::Comment => Found::Comment,
        // What stands in a doctype after its name, and is none of its quoted parts, is dropped there.
        Place::Doctype => return [Found::Doctype, Found::Nowhere].map(shown).into(),
    };
    vec![shown(found)]
}

/// As text, without what is inserted in names and before a value.
fn shown(found: Found) -> String {
    let cut = |text: String| match text.split_once(MARKER) {
        Some((before, _)) => before.to_owned(),
        None => text,
    };
    match found {
        Found::Value { element, name, before } => {
            // Ours keeps so much of a value.
            let before: String = cut(before).chars().take(500).collect();
            format!("{} {}={before:?}", cut(element), cut(name))
        }
        other => format!("{other:?}"),
    }
}
