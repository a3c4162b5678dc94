//! One walk over a page in the order in which it is written out.

use std::ops::Range;
use std::sync::Arc;

use djsec_base::{Span, TextRange};

use super::element::{self, Attribute, Element, Part};
use super::escape::is_escaped;
use super::form::Form;
use super::frame::{Frame, Link};
use super::scope::Scope;
use super::source::Sources;
use super::{Access, Gap, GapReason, Insertion, Page};
use crate::filter::FilterExpression;
use crate::html::{
    self, EndTag, Fork, Piece, Place, Quote, RawElement, Role, Run, Sink, StartTag, States,
};
use crate::library::Knowledge;
use crate::tree::{Node, NodeKind, Tag};

/// A page has at most this many nodes.
const MOST_NODES: usize = 200_000;
/// Templates include each other this deep at most, and nodes nest.
const DEEPEST: usize = 200;

/// What the project's own tags write out.
pub trait Tags: Knowledge {
    /// The template that a tag renders.
    fn inclusion(&self, _tag: &str) -> Option<Arc<str>> {
        None
    }
}

impl Tags for () {}

impl Page {
    /// Reads the page of a template with all that it extends and includes; none if there is no template of
    /// this name.
    pub fn new(sources: &Sources, name: &str, tags: &dyn Tags) -> Option<Self> {
        let frame = Frame::new(sources, name)?;
        let mut walker = Walker {
            sources,
            tags,
            states: States::start(),
            scope: Scope::default(),
            told: Told::new(sources),
            escaping: true,
            cached: 0,
            nodes: 0,
            depth: 0,
            including: Vec::new(),
        };
        walker.frame(&frame);
        Some(walker.done())
    }
}

/// Where in a page the walk is.
pub(super) struct Walker<'s> {
    pub(super) sources: &'s Sources,
    pub(super) tags: &'s dyn Tags,
    pub(super) states: States,
    pub(super) scope: Scope,
    pub(super) told: Told<'s>,
    /// Whether values are escaped here.
    pub(super) escaping: bool,
    /// How many `{% cache %}` are around.
    pub(super) cached: usize,
    nodes: usize,
    depth: usize,
    /// The templates that are being included.
    including: Vec<Arc<str>>,
}

/// The place of the walk in templates that extend each other.
#[derive(Clone, Copy)]
pub(super) struct Here<'f, 's> {
    pub(super) frame: &'f Frame<'s>,
    pub(super) link: Link<'s>,
    /// The name of the template that is read, for relative names.
    pub(super) name: &'f str,
    /// The block that is written, and which of its definitions.
    pub(super) block: Option<(&'s str, usize)>,
}

impl<'s> Walker<'s> {
    fn done(mut self) -> Page {
        if self.states.dropped() > 0 {
            let span = self.told.page.gaps.first().map(|gap| gap.span);
            let whole = span.or_else(|| self.sources.span(&(0..0)));
            self.told.page.gaps.extend(whole.map(|span| Gap { span, reason: GapReason::Limit }));
        }
        let mut page = self.told.page;
        page.forms.append(&mut self.told.open);
        page.insertions.sort_by_key(|insertion| insertion.span);
        page.opaque.sort_unstable();
        page.opaque.dedup();
        page.gaps.sort_by_key(|gap| (gap.span, gap.reason));
        page.gaps.dedup();
        page
    }

    /// Writes a template with what it extends.
    pub(super) fn frame(&mut self, frame: &Frame<'s>) {
        self.told.page.gaps.extend(frame.gap.clone());
        for name in &frame.names {
            if !self.told.page.parts.contains(name) {
                self.told.page.parts.push(Arc::clone(name));
            }
        }
        let Some((link, nodes)) = frame.top() else { return };
        let name = frame.names.last().map_or("", |name| &**name);
        self.nodes(Here { frame, link, name, block: None }, nodes);
    }

    /// Writes a template that another one includes; whether it is there.
    pub(super) fn include(&mut self, name: &Arc<str>, span: Span) -> bool {
        let gap = |reason| Gap { span, reason };
        if self.including.contains(name) {
            self.told.page.gaps.push(gap(GapReason::Cycle));
            return true;
        }
        let Some(frame) = Frame::new(self.sources, name) else {
            self.told.page.gaps.push(gap(GapReason::Missing));
            return false;
        };
        self.including.push(Arc::clone(name));
        self.frame(&frame);
        self.including.pop();
        true
    }

    pub(super) fn nodes(&mut self, here: Here<'_, 's>, nodes: &'s [Node]) {
        if self.depth >= DEEPEST {
            let span = nodes.first().map(|node| Span::new(here.link.source.file, node.span));
            self.told.page.gaps.extend(span.map(|span| Gap { span, reason: GapReason::Limit }));
            return;
        }
        self.depth += 1;
        for node in nodes {
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                let span = Span::new(here.link.source.file, node.span);
                if self.nodes == MOST_NODES + 1 {
                    self.told.page.gaps.push(Gap { span, reason: GapReason::Limit });
                }
                break;
            }
            match &node.kind {
                NodeKind::Text => self.text(here.link, node.span),
                NodeKind::Comment => {}
                NodeKind::Variable(expression) => self.variable(here, node, expression),
                NodeKind::Tag(tag) => self.tag(here, node, tag),
            }
        }
        self.depth -= 1;
    }

    fn text(&mut self, link: Link<'s>, span: TextRange) {
        let text = link.source.text.get(Range::<usize>::from(span)).unwrap_or_default();
        let offset = link.start.saturating_add(u32::from(span.start()));
        self.told.cached = self.cached > 0;
        self.states.text(text, offset, &mut self.told);
    }

    fn variable(&mut self, here: Here<'_, 's>, node: &'s Node, expression: &'s FilterExpression) {
        if is_super(expression) {
            if let Some((name, at)) = here.block {
                self.block(here, name, Some(at));
            }
            return;
        }
        let mut values = expression.value.value.lookups();
        if matches!(values.next(), Some("csrf_token" | "csrf_input")) {
            self.told.token(Span::new(here.link.source.file, node.span));
        }
        let accesses = self.scope.accesses(expression);
        let escaped = self.escaping && is_escaped(expression);
        self.put_in(here.link, node.span, &accesses, escaped);
    }

    /// A value is written out here.
    pub(super) fn put_in(
        &mut self,
        link: Link<'s>,
        span: TextRange,
        accesses: &[Access],
        escaped: bool,
    ) {
        let span = Span::new(link.source.file, span);
        let id = self.told.value(Part::Value(accesses.to_vec()));
        let mut markup = false;
        for place in self.states.insertion(id, &mut self.told) {
            if is_code(&place) {
                self.told.fill();
            }
            markup |= place == Place::Text;
            if escaped && is_plain(&place) {
                continue;
            }
            let accesses = accesses.to_vec();
            let insertion = Insertion { span, place, escaped, accesses };
            if !self.told.page.insertions.contains(&insertion) {
                self.told.page.insertions.push(insertion);
            }
        }
        if !escaped {
            self.told.opaque(markup.then_some(span));
        }
    }

    /// Something harmless is written out here: an address of this site, a number.
    pub(super) fn put_harmless(&mut self, part: Part) {
        self.put(part);
    }

    /// Something is written out here; whether it stands between tags.
    pub(super) fn put(&mut self, part: Part) -> bool {
        let id = self.told.value(part);
        let places = self.states.insertion(id, &mut self.told);
        if places.iter().any(is_code) {
            self.told.fill();
        }
        places.contains(&Place::Text)
    }

    /// A block, in the definition that counts.
    pub(super) fn block(&mut self, here: Here<'_, 's>, name: &'s str, after: Option<usize>) {
        let Some((at, tag, link)) = here.frame.block(name, after) else { return };
        let Some(branch) = tag.branches.first() else { return };
        let own = here.frame.chain.iter().position(|one| std::ptr::eq(one.source, link.source));
        let own = own.and_then(|at| here.frame.names.get(at)).map_or(here.name, |name| &**name);
        let inside = Here { link, block: Some((name, at)), name: own, ..here };
        self.nodes(inside, &branch.nodes);
    }

    /// All ways: each branch from the states before; with `exhaustive`, one of them is taken.
    pub(super) fn branches(&mut self, here: Here<'_, 's>, tag: &'s Tag, exhaustive: bool) {
        let mut fork = Fork::at(&self.states);
        for branch in &tag.branches {
            fork.begin(&mut self.states);
            let scope = self.scope.len();
            self.nodes(here, &branch.nodes);
            self.scope.cut(scope);
            fork.end(&mut self.states);
        }
        fork.join(&mut self.states, exhaustive && !tag.branches.is_empty());
    }
}

/// Whether what is escaped for HTML can do nothing here, whatever it is.
fn is_plain(place: &Place) -> bool {
    match place {
        Place::Text | Place::RcData(_) | Place::RawText(_) | Place::Comment | Place::Doctype => {
            true
        }
        Place::Attribute(attribute) => {
            attribute.duplicate
                || attribute.end
                || (attribute.before.quote != Quote::Unquoted
                    && matches!(
                        attribute.role,
                        Role::Class | Role::Id | Role::Other | Role::UrlList | Role::MetaContent
                    ))
        }
        _ => false,
    }
}

/// Whether it is the text of a script or style.
fn is_code(place: &Place) -> bool {
    matches!(place, Place::Script(..) | Place::Style(_))
}

fn is_super(expression: &FilterExpression) -> bool {
    expression.value.value.lookups().eq(["block", "super"])
}

/// What the browser is told, as far as it is kept.
pub(super) struct Told<'s> {
    sources: &'s Sources,
    pub(super) page: Page,
    /// What was put in, by number.
    values: Vec<Part>,
    /// The forms that are open, the inner ones last. (Browsers drop inner forms; templates that are put
    /// together may show some.)
    open: Vec<Form>,
    cached: bool,
    /// How many tags are around that put a nonce into the scripts in them.
    pub(super) nonced: usize,
    /// The scripts and styles whose text is read, as they are numbered among the elements.
    texts: Vec<usize>,
}

impl<'s> Told<'s> {
    fn new(sources: &'s Sources) -> Self {
        let page = Page::default();
        Self {
            sources,
            page,
            values: Vec::new(),
            open: Vec::new(),
            cached: false,
            nonced: 0,
            texts: Vec::new(),
        }
    }

    fn value(&mut self, part: Part) -> u32 {
        let id = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(part);
        id
    }

    /// The token against forged requests is put in.
    pub(super) fn token(&mut self, span: Span) {
        for form in &mut self.open {
            form.token.get_or_insert(span);
        }
    }

    /// Something is put in of which nothing is known; where, if it may be markup that no other page shows.
    pub(super) fn opaque(&mut self, place: Option<Span>) {
        for form in &mut self.open {
            form.opaque = true;
        }
        self.fill();
        self.page.opaque.extend(place.filter(|place| self.page.opaque.last() != Some(place)));
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
        let known = self.page.elements.iter().rposition(|known| known.is_same_tag(&element));
        let at = known.unwrap_or(self.page.elements.len());
        if known.is_none() {
            self.page.elements.push(element);
        }
        if has_text {
            self.texts.push(at);
        }
    }
}

impl Sink for Told<'_> {
    fn start_tag(&mut self, tag: StartTag) {
        let name = tag.name.text.as_str();
        let is_form = tag.name.is("form");
        let is_control = matches!(name, "input" | "button" | "select" | "textarea");
        if !is_form && !is_control && !is_of_interest(&tag) {
            return;
        }
        let values = &self.values;
        let part =
            |id: u32| values.get(id as usize).cloned().unwrap_or_else(|| Part::Value(Vec::new()));
        let Some(mut element) = element::element(&tag, self.sources, &part) else { return };
        if self.nonced > 0 && name == "script" {
            element.attributes.push(Attribute::nonce(element.span));
        }
        if is_control {
            for form in &mut self.open {
                form.controls.push(element.clone());
            }
        }
        if is_form {
            // One tag with branches in it is one form.
            let again = self
                .open
                .last()
                .is_some_and(|form| form.tag.span.range.start() == element.span.range.start());
            if !again {
                self.open.push(Form::new(element, self.cached));
            }
        } else if is_of_interest(&tag) {
            self.keep(element);
        }
    }

    fn end_tag(&mut self, tag: EndTag) {
        if tag.name.is("form")
            && let Some(mut form) = self.open.pop()
        {
            form.closed = true;
            self.page.forms.push(form);
        }
        if tag.name.is("script") || tag.name.is("style") {
            self.texts.clear();
        }
    }

    fn run(&mut self, of: Run, span: Range<u32>) {
        if matches!(of, Run::Raw(RawElement::Script | RawElement::Style))
            && !self.sources.text(&span).trim_ascii().is_empty()
        {
            self.fill();
        }
    }
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
                || name.starts_with("data-hx-on")
                || (matches!(name, "href" | "xlink:href") && is_script(attribute))
        })
}
