//! What a browser is told of a page, as far as it is kept.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use djsec_base::Span;

use super::element::{self, Attribute, Element, Part};
use super::followed::{Address, addresses};
use super::form::Form;
use super::source::Sources;
use super::{Access, Call, Chosen, Followed, Gap, Insertion, Link, Of, Page, Script, Step, Tags};
use crate::html::{self, EndTag, Piece, Place, Quote, RawElement, Role, Run, Sink, StartTag};

/// A page has at most this many calls of tags that are told apart. (A form of fifty fields, each a tag that uses a dozen
/// others, has 700.)
const MOST_CALLS: usize = 4_000;

/// Takes note of what is written out.
pub(super) struct Told<'s> {
    sources: &'s Sources,
    page: Page,
    /// What was put in, by number.
    values: Vec<Part>,
    /// Which insertions and which elements stand at a place: a place is read in several ways.
    inserted: BTreeMap<Span, Vec<usize>>,
    placed: BTreeMap<Span, Vec<usize>>,
    /// The calls of tags by number.
    called: BTreeMap<Call, u32>,
    written: BTreeMap<Span, Vec<usize>>,
    /// The forms that may be open here.
    pub(super) open: Vec<usize>,
    /// Whether this stands in `{% cache %}`.
    pub(super) cached: bool,
    /// How many tags are around that put a nonce into the scripts in them.
    pub(super) nonced: usize,
    /// The scripts and styles whose text is read, as they are numbered among the elements.
    texts: Vec<usize>,
    /// The program that is being read, and for each of its pieces the text, if it is one.
    script: Option<Script>,
    script_texts: Vec<Option<&'s str>>,
    /// Every place of every insertion, for who asks.
    pub(super) every: Option<Vec<(Span, Place)>>,
}

impl<'s> Told<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            page: Page::default(),
            values: Vec::new(),
            inserted: BTreeMap::new(),
            placed: BTreeMap::new(),
            called: BTreeMap::new(),
            written: BTreeMap::new(),
            open: Vec::new(),
            cached: false,
            nonced: 0,
            texts: Vec::new(),
            script: None,
            script_texts: Vec::new(),
            every: None,
        }
    }

    /// The number under which something is put in.
    pub(super) fn value(&mut self, part: Part) -> u32 {
        let id = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(part);
        id
    }

    /// Something is put in at these places.
    pub(super) fn put_in(&mut self, span: Span, part: Part, places: &[Place]) {
        if places.iter().any(|place| matches!(place, Place::Script(..) | Place::Style(_))) {
            self.fill();
        }
        if places.contains(&Place::Comment)
            && let Part::Value(accesses) = &part
            && !accesses.is_empty()
        {
            self.page.commented.push((span, accesses.clone()));
        }
        if let Some(script) = &mut self.script
            && places.iter().any(|place| matches!(place, Place::Script(..)))
        {
            script.pieces.push((span, Some(part)));
            self.script_texts.push(None);
        }
        if let Some(every) = &mut self.every {
            every.extend(places.iter().map(|place| (span, place.clone())));
        }
    }

    /// What goes through filters of the project is kept, wherever it is put in.
    pub(super) fn filtered(&mut self, span: Span, accesses: &[Access], tags: &dyn Tags) {
        let own = |step: &Step| matches!(step, Step::Filter { name, .. } if tags.is_filter(name));
        let through = accesses.iter().filter(|access| access.steps.iter().any(own));
        self.page.filtered.extend(through.map(|access| (span, access.clone())));
    }

    /// What is written of the context is kept, harmless as it may be to the page.
    pub(super) fn printed(&mut self, span: Span, accesses: &[Access]) {
        let of_page = accesses.iter().filter(|access| access.of == Of::Page);
        self.page.printed.extend(of_page.map(|access| (span, access.clone())));
    }

    /// A value is put in where it may do harm.
    pub(super) fn insertion(&mut self, insertion: Insertion) {
        let here = self.inserted.entry(insertion.span).or_default();
        let known = &mut self.page.insertions;
        if !here.iter().any(|at| known.get(*at) == Some(&insertion)) {
            here.push(known.len());
            known.push(insertion);
        }
    }

    pub(super) fn gap(&mut self, gap: Gap) {
        self.page.gaps.push(gap);
    }

    /// A value chooses a template.
    pub(super) fn chosen(&mut self, span: Span, accesses: Vec<Access>) {
        let chosen = Chosen { span, accesses };
        if !chosen.accesses.is_empty() && !self.page.chosen.contains(&chosen) {
            self.page.chosen.push(chosen);
        }
    }

    /// The number of a call; none where there are more than are kept.
    pub(super) fn call(&mut self, call: Call) -> Option<u32> {
        let calls = &mut self.page.calls;
        match self.called.entry(call) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(_) if calls.len() >= MOST_CALLS => None,
            Entry::Vacant(new) => {
                let at = u32::try_from(calls.len()).ok()?;
                calls.push(new.key().clone());
                Some(*new.insert(at))
            }
        }
    }

    /// The page is made of this template, among others.
    pub(super) fn part(&mut self, name: &Arc<str>) {
        if !self.page.parts.contains(name) {
            self.page.parts.push(Arc::clone(name));
        }
    }

    /// An address that is shown to some only.
    pub(super) fn link(&mut self, link: Link) {
        if !self.page.links.contains(&link) {
            self.page.links.push(link);
        }
    }

    /// The token against forged requests is put in.
    pub(super) fn token(&mut self, span: Span) {
        for at in &self.open {
            if let Some(form) = self.page.forms.get_mut(*at) {
                form.token.get_or_insert(span);
            }
        }
    }

    /// Something is put in of which nothing is known; where, if it may be markup that no other page shows.
    pub(super) fn opaque(&mut self, place: Option<Span>) {
        self.fill();
        self.page.opaque.extend(place.filter(|place| self.page.opaque.last() != Some(place)));
        for at in &self.open {
            if let Some(form) = self.page.forms.get_mut(*at) {
                form.opaque = true;
            }
        }
    }

    /// Something stands in the scripts or styles that are read.
    fn fill(&mut self) {
        for at in &self.texts {
            if let Some(element) = self.page.elements.get_mut(*at) {
                element.filled = true;
            }
        }
    }

    /// Keeps an element, once.
    fn keep(&mut self, element: Element) {
        let has_text = matches!(&*element.name, "script" | "style");
        let here = self.placed.entry(element.span).or_default();
        let known = &mut self.page.elements;
        let same = |at: &&usize| known.get(**at).is_some_and(|known| known.is_same_tag(&element));
        let at = here.iter().find(same).copied().unwrap_or(known.len());
        if at == known.len() {
            here.push(at);
            known.push(element);
        }
        if has_text {
            self.texts.push(at);
        }
    }

    /// A program has ended.
    fn script_ends(&mut self) {
        let (script, texts) = (self.script.take(), std::mem::take(&mut self.script_texts));
        let Some(script) = script.filter(|script| !script.pieces.is_empty()) else { return };
        let followed = |at: Address| match script.pieces.get(at.piece) {
            Some((span, Some(Part::Value(accesses)))) if !accesses.is_empty() => {
                let (accesses, keeps_opener) = (accesses.clone(), at.keeps_opener);
                Some(Followed { span: *span, accesses, keeps_opener })
            }
            _ => None,
        };
        self.page.followed.extend(addresses(&texts).into_iter().filter_map(followed));
        let here = self.written.entry(script.tag).or_default();
        let known = &mut self.page.scripts;
        if !here.iter().any(|at| known.get(*at) == Some(&script)) {
            here.push(known.len());
            known.push(script);
        }
    }

    /// A tag of htmx.
    fn sender(&mut self, span: Span) {
        for at in &self.open {
            if let Some(form) = self.page.forms.get_mut(*at)
                && form.senders.last() != Some(&span)
            {
                form.senders.push(span);
            }
        }
    }

    pub(super) fn done(mut self) -> (Page, Option<Vec<(Span, Place)>>) {
        self.script_ends();
        let mut page = self.page;
        page.insertions.sort_by_key(|insertion| insertion.span);
        page.gaps.sort_by_key(|gap| (gap.span, gap.reason));
        page.gaps.dedup();
        page.opaque.sort_unstable();
        page.opaque.dedup();
        page.comments.sort_unstable();
        page.comments.dedup();
        page.commented.sort_unstable();
        page.commented.dedup();
        (page, self.every)
    }

    fn control(&mut self, element: &Element) {
        for at in &self.open {
            if let Some(form) = self.page.forms.get_mut(*at)
                && form.controls.last() != Some(element)
            {
                form.controls.push(element.clone());
            }
        }
    }

    /// One tag with branches in it is one form.
    fn form(&mut self, element: Element) {
        let start = |form: &Form| (form.tag.span.file, form.tag.span.range.start());
        let own = (element.span.file, element.span.range.start());
        let again = self.open.iter().any(|at| self.page.forms.get(*at).map(start) == Some(own));
        if !again {
            self.open.push(self.page.forms.len());
            self.page.forms.push(Form::new(element, self.cached));
        }
    }
}

impl Sink for Told<'_> {
    fn start_tag(&mut self, tag: StartTag) {
        self.page.markup = true;
        let name = tag.name.text.as_str();
        let is_form = tag.name.is("form");
        let is_control = matches!(name, "input" | "button" | "select" | "textarea");
        let is_of_interest = is_of_interest(&tag);
        self.page.whole |= tag.name.is("html") || tag.name.is("body");
        if !is_form && !is_control && !is_of_interest {
            return;
        }
        let values = &self.values;
        let part =
            |id: u32| values.get(id as usize).cloned().unwrap_or_else(|| Part::Value(Vec::new()));
        let Some(mut element) = element::element(&tag, self.sources, &part) else { return };
        if self.nonced > 0 && tag.name.is("script") {
            element.attributes.push(Attribute::nonce(element.span));
        }
        if is_control {
            self.control(&element);
        }
        if runs(&element) {
            self.script_ends();
            self.script = Some(Script { tag: element.span, pieces: Vec::new() });
        }
        if element.attributes.iter().any(|attribute| attribute.name.contains("hx-")) {
            self.sender(element.span);
        }
        if is_form {
            self.form(element);
        } else if is_of_interest {
            self.keep(element);
        }
    }

    /// A browser closes the one form that it has open, whichever of ours that is.
    fn end_tag(&mut self, tag: EndTag) {
        if tag.name.is("script") {
            self.script_ends();
        }
        if tag.name.is("script") || tag.name.is("style") {
            self.texts.clear();
        }
        if tag.name.is("form") {
            for at in std::mem::take(&mut self.open) {
                if let Some(form) = self.page.forms.get_mut(at) {
                    form.closed = true;
                }
            }
        }
    }

    fn run(&mut self, of: Run, span: Range<u32>) {
        if matches!(of, Run::Raw(RawElement::Script | RawElement::Style))
            && !self.sources.text(&span).trim_ascii().is_empty()
        {
            self.fill();
        }
        if of == Run::Comment
            && let Some(span) = self.sources.span(&span)
        {
            self.page.comments.push(span);
        }
        if of == Run::Raw(RawElement::Script)
            && let Some(script) = &mut self.script
            && let Some(place) = self.sources.span(&span)
        {
            script.pieces.push((place, None));
            self.script_texts.push(Some(self.sources.text(&span)));
        }
    }
}

/// Whether an element is a program that stands in the page.
fn runs(element: &Element) -> bool {
    let of = |name: &str| match element.attribute(name) {
        Some(attribute) => attribute.text().map(|text| text.trim().to_ascii_lowercase()),
        None => Some(String::new()),
    };
    &*element.name == "script"
        && element.attribute("src").is_none()
        && of("type").is_some_and(|kind| {
            matches!(kind.as_str(), "" | "module") || kind.ends_with("/javascript")
        })
}

/// Whether an address begins with `javascript:`, as browsers read it.
fn is_script(attribute: &html::Attribute) -> bool {
    let Some(value) = &attribute.value else { return false };
    let Some(Piece::Text { text, .. }) = value.pieces.first() else { return false };
    text.trim_ascii_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("javascript:"))
}

/// Whether an element loads, runs or sends something.
fn is_of_interest(tag: &StartTag) -> bool {
    let by_name = matches!(
        tag.name.text.as_str(),
        "script"
            | "link"
            | "base"
            | "iframe"
            | "frame"
            | "object"
            | "embed"
            | "meta"
            | "style"
            | "img"
            | "video"
            | "audio"
            | "source"
            | "track"
    );
    by_name
        || tag.attributes.iter().any(|attribute| {
            let name = attribute.name.text.as_str();
            name.starts_with("on")
                || matches!(name, "style" | "target" | "type" | "autocomplete" | "formaction")
                || name.starts_with("hx-")
                || name.starts_with("data-hx-")
                || (matches!(name, "href" | "xlink:href") && is_script(attribute))
        })
}

/// Whether what is escaped for HTML can do nothing here, whatever it is. (`content` of a `meta` that may
/// yet turn out to be a refresh is among them: it nearly never does.)
pub(super) fn is_plain(place: &Place) -> bool {
    match place {
        Place::Text | Place::RcData(_) | Place::RawText(_) | Place::Comment | Place::Doctype => {
            true
        }
        Place::Attribute(attribute) => {
            attribute.is_dropped()
                || (attribute.before.quote != Quote::Unquoted
                    && matches!(
                        attribute.role,
                        Role::Class | Role::Id | Role::Other | Role::UrlList | Role::MetaContent
                    ))
        }
        Place::AttributeName(name) => name.end,
        Place::TagName { .. } | Place::Style(_) | Place::Script(..) => false,
    }
}

/// What is put together apart from the page, to be put in as one value.
#[derive(Default)]
pub(super) struct Composed {
    /// What is in it.
    pub(super) accesses: Vec<Access>,
    /// Whether something in it is not escaped.
    pub(super) raw: bool,
}
