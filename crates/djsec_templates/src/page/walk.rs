//! One walk over a page in the order in which it is written out.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{Span, TextRange};

use super::asked::{Asked, asked};
use super::element::Part;
use super::escape::{escapes_all, is_escaped};
use super::frame::{Frame, Link, outer_blocks};
use super::macros::{Caller, Macros};
use super::scope::{Scope, some, through};
use super::source::Sources;
use super::told::{Composed, Told, is_plain};
use super::{Access, Gap, GapReason, Insertion, Page, Step};
use crate::filter::{Filter, FilterExpression};
use crate::html::{Fork, Place, States};
use crate::library::Knowledge;
use crate::tags::{Form, split_partial};
use crate::tree::{Node, NodeKind, Tag};

/// A page has at most this many nodes.
const MOST_NODES: usize = 200_000;
/// And so much text.
const MOST_BYTES: usize = 32 << 20;
/// Templates include each other this deep at most, and nodes nest.
const DEEPEST: usize = 200;

/// What becomes of what a tag's function gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Called {
    /// It is written out, escaped, or is what a variable is from there on.
    Value,
    /// It is the context of this template, which is written out.
    Context(Arc<str>),
    /// It is a node, which writes what it likes, and is not escaped; or sets a variable.
    Node,
}

/// What the project's own tags write out.
pub trait Tags: Knowledge {
    /// Whether values are escaped where a template says nothing else.
    fn escapes(&self) -> bool {
        true
    }

    /// Whether the project makes a filter of this name.
    fn is_filter(&self, _name: &str) -> bool {
        false
    }

    /// What a tag does that is a function.
    fn called(&self, _tag: &str) -> Option<Called> {
        None
    }
}

impl Tags for () {}

impl Page {
    /// Reads the page of a template with all that it extends and includes; none if there is no template of
    /// this name. `page.html#part` is the partial of that name alone.
    pub fn new(sources: &Sources, name: &str, tags: &dyn Tags) -> Option<Self> {
        Some(read(sources, name, tags, false)?.0)
    }

    /// The same, with every place of every insertion, also of those that are plain.
    #[cfg(test)]
    pub(super) fn with_every_place(
        sources: &Sources,
        name: &str,
        tags: &dyn Tags,
    ) -> Option<(Self, Vec<(Span, Place)>)> {
        let (page, every) = read(sources, name, tags, true)?;
        Some((page, every.unwrap_or_default()))
    }
}

type Every = Option<Vec<(Span, Place)>>;

fn read(sources: &Sources, name: &str, tags: &dyn Tags, every: bool) -> Option<(Page, Every)> {
    let (frame, partial) = found(sources, name)?;
    let mut walker = Walker {
        sources,
        tags,
        states: States::start(),
        scope: Scope::default(),
        told: Told::new(sources),
        escaping: tags.escapes(),
        off: None,
        cached: 0,
        composed: None,
        blocks: Vec::new(),
        asked: Vec::new(),
        nodes: 0,
        bytes: 0,
        depth: 0,
        macros: Macros::default(),
        running: Vec::new(),
        lost: false,
        including: Vec::new(),
    };
    walker.told.every = every.then(Vec::new);
    walker.found(&frame, partial);
    if partial.is_none() {
        walker.partials_of(&frame);
    }
    Some(walker.done(&frame))
}

/// The template of a name, and which part of it.
fn found<'s, 'n>(sources: &'s Sources, name: &'n str) -> Option<(Frame<'s>, Option<&'n str>)> {
    if let Some(frame) = Frame::new(sources, name) {
        return Some((frame, None));
    }
    let (template, partial) = split_partial(name);
    let frame = Frame::new(sources, template)?;
    let (link, _) = frame.link(0)?;
    link.source.tree.partial(partial?)?;
    Some((frame, partial))
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
    /// The tag because of which they are not.
    pub(super) off: Option<Span>,
    /// How many `{% cache %}` are around.
    pub(super) cached: usize,
    /// What is put together apart from the page, if something is.
    pub(super) composed: Option<Composed>,
    /// For each template that is being included: how many definitions of each block are being written, one
    /// in the other.
    blocks: Vec<BTreeMap<&'s str, usize>>,
    nodes: usize,
    bytes: usize,
    depth: usize,
    /// What is asked of who looks at this part, with the place of the question, the innermost last.
    pub(super) asked: Vec<(Asked, Span)>,
    /// The macros that templates call, as far as they were looked for.
    pub(super) macros: Macros<'s>,
    /// The macros that are being written, the innermost last.
    pub(super) running: Vec<Span>,
    /// Whether states of the browser were lost.
    lost: bool,
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
    /// The block that is written.
    pub(super) block: Option<&'s str>,
    /// The `{% call %}` that called the macro around.
    pub(super) caller: Option<&'f Caller<'f, 's>>,
}

impl<'f, 's> Here<'f, 's> {
    /// The top of a template.
    pub(super) const fn top(frame: &'f Frame<'s>, link: Link<'s>, name: &'f str) -> Self {
        Self { frame, link, name, block: None, caller: None }
    }
}

impl<'s> Walker<'s> {
    fn done(mut self, frame: &Frame<'s>) -> (Page, Every) {
        if (self.lost || self.states.dropped() > 0)
            && let Some((link, _)) = frame.link(0)
        {
            let span = Span::new(link.source.file, TextRange::empty(0.into()));
            self.told.gap(Gap { span, reason: GapReason::Ways });
        }
        self.told.done()
    }

    /// Writes a template with what it extends, or a part of it.
    fn found(&mut self, frame: &Frame<'s>, partial: Option<&str>) {
        let Some(partial) = partial else { return self.frame(frame) };
        let Some((link, name)) = frame.link(0) else { return };
        self.told.part(&Arc::from(name));
        self.blocks.push(BTreeMap::new());
        if let Some(nodes) = link.source.tree.partial(partial) {
            self.nodes(Here::top(frame, link, name), nodes);
        }
        self.blocks.pop();
    }

    /// Writes a template with what it extends.
    fn frame(&mut self, frame: &Frame<'s>) {
        if let Some(gap) = frame.gap.clone() {
            self.told.gap(gap);
        }
        if let Some((link, head, parent)) = frame.computed() {
            let accesses = self.scope.accesses(parent);
            self.told.chosen(Span::new(link.source.file, head), accesses);
        }
        for name in &frame.names {
            self.told.part(name);
        }
        self.blocks.push(BTreeMap::new());
        for at in 0..frame.chain.len() {
            let Some((link, name)) = frame.link(at) else { continue };
            let nodes = &link.source.tree.nodes;
            // What stands before `{% extends %}` is written out before what is extended.
            let end = nodes.iter().position(is_extends).unwrap_or(nodes.len());
            let before = nodes.get(..end).unwrap_or_default();
            self.nodes(Here::top(frame, link, name), before);
        }
        if frame.gap.is_some() {
            self.orphan(frame);
        }
        self.blocks.pop();
    }

    /// Templates whose parent is not known: what they write out are their blocks, and nobody knows what
    /// stands between them.
    fn orphan(&mut self, frame: &Frame<'s>) {
        let around = std::mem::take(&mut self.states);
        let mut written: Vec<&str> = Vec::new();
        for at in (0..frame.chain.len()).rev() {
            let Some((link, name)) = frame.link(at) else { continue };
            let here = Here::top(frame, link, name);
            for tag in outer_blocks(&link.source.tree.nodes) {
                let Form::Block { name } = &tag.form else { continue };
                if !written.contains(&&*name.text) {
                    written.push(&name.text);
                    self.fresh();
                    self.block(here, tag, &name.text);
                }
            }
        }
        self.fresh();
        self.states = around;
    }

    /// Parts of a template that extends another, which are written where another part says so, or by
    /// themselves.
    fn partials_of(&mut self, frame: &Frame<'s>) {
        let Some((link, name)) = frame.link(0) else { return };
        let Some(tag) = link.source.tree.extends() else { return };
        self.blocks.push(BTreeMap::new());
        let here = Here::top(frame, link, name);
        for tag in tag.branches.iter().flat_map(|branch| &branch.nodes).filter_map(Node::tag) {
            match &tag.form {
                Form::PartialDef { .. } => self.apart(here, tag),
                Form::Macro { parameters, .. } => self.macro_alone(here, tag, parameters),
                _ => {}
            }
        }
        self.blocks.pop();
    }

    /// Forgets where the browser is.
    pub(super) fn fresh(&mut self) {
        self.lost |= self.states.dropped() > 0;
        self.states = States::start();
        self.told.open.clear();
    }

    /// Writes a template that another one includes; whether it is there.
    pub(super) fn include(&mut self, name: &Arc<str>, span: Span) -> bool {
        let gap = |reason| Gap { span, reason };
        if self.including.contains(name) {
            self.told.gap(gap(GapReason::Cycle));
            return true;
        }
        let Some((frame, partial)) = found(self.sources, name) else {
            self.told.gap(gap(GapReason::Missing));
            return false;
        };
        self.including.push(Arc::clone(name));
        self.found(&frame, partial);
        self.including.pop();
        true
    }

    pub(super) fn nodes(&mut self, here: Here<'_, 's>, nodes: &'s [Node]) {
        if self.depth >= DEEPEST {
            let span = nodes.first().map(|node| Span::new(here.link.source.file, node.span));
            if let Some(span) = span {
                self.told.gap(Gap { span, reason: GapReason::Limit });
            }
            return;
        }
        self.depth += 1;
        for node in nodes {
            if self.is_full() {
                let span = Span::new(here.link.source.file, node.span);
                self.told.gap(Gap { span, reason: GapReason::Limit });
                break;
            }
            self.nodes += 1;
            match &node.kind {
                NodeKind::Text => self.text(here.link, node.span),
                NodeKind::Comment => {}
                NodeKind::Variable(expression) => self.variable(here, node, expression),
                NodeKind::Tag(tag) => self.tag(here, node, tag),
            }
        }
        self.depth -= 1;
    }

    const fn is_full(&self) -> bool {
        self.nodes >= MOST_NODES || self.bytes >= MOST_BYTES
    }

    fn text(&mut self, link: Link<'s>, span: TextRange) {
        if self.composed.is_some() {
            return;
        }
        let text = link.source.text.get(std::ops::Range::<usize>::from(span)).unwrap_or_default();
        let offset = link.start.saturating_add(u32::from(span.start()));
        self.bytes = self.bytes.saturating_add(text.len());
        self.told.cached = self.cached > 0;
        self.states.text(text, offset, &mut self.told);
    }

    fn variable(&mut self, here: Here<'_, 's>, node: &'s Node, expression: &'s FilterExpression) {
        if is_super(expression) {
            if let Some(name) = here.block {
                self.definition(here, name);
            }
            return;
        }
        if self.is_of_macros(here, node.span, expression) {
            return;
        }
        let mut values = expression.value.value.lookups();
        if matches!(values.next(), Some("csrf_token" | "csrf_input")) && self.scope.has_token() {
            self.told.token(Span::new(here.link.source.file, node.span));
        }
        let accesses = self.scope.accesses(expression);
        let escaped = is_escaped(expression, self.escaping);
        self.put_in(here.link, node.span, &accesses, escaped);
    }

    /// A value is written out here. Whether it stands where markup may.
    pub(super) fn put_in(
        &mut self,
        link: Link<'s>,
        span: TextRange,
        accesses: &[Access],
        escaped: bool,
    ) -> bool {
        if let Some(composed) = &mut self.composed {
            composed.accesses.extend_from_slice(accesses);
            composed.raw |= !escaped;
            return false;
        }
        let span = Span::new(link.source.file, span);
        self.told.filtered(span, accesses, self.tags);
        self.told.printed(span, accesses);
        let mut markup = false;
        for place in self.insert(span, Part::Value(accesses.to_vec())) {
            markup |= place == Place::Text;
            if !(escaped && is_plain(&place) && !is_for_scripts(accesses)) {
                let accesses = accesses.to_vec();
                let off = self.off.filter(|_| !escaped);
                self.told.insertion(Insertion { span, place, escaped, off, accesses });
            }
        }
        if !escaped {
            self.told.opaque(markup.then_some(span));
        }
        markup
    }

    /// Something harmless is written out here: an address of this site, a number.
    pub(super) fn put_harmless(&mut self, link: Link<'s>, span: TextRange, part: Part) {
        if self.composed.is_none() {
            self.insert(Span::new(link.source.file, span), part);
        }
    }

    /// Something is written out here of which it is not known what it says, but perhaps where it is from. What a
    /// function gives is escaped like any other value, unless it has marked it.
    pub(super) fn put_unknown(&mut self, link: Link<'s>, span: TextRange, accesses: &[Access]) {
        let place = Span::new(link.source.file, span);
        let markup = if !accesses.is_empty() {
            self.put_in(link, span, accesses, self.escaping)
        } else if self.composed.is_none() {
            self.insert(place, Part::Value(Vec::new())).contains(&Place::Text)
        } else {
            false
        };
        if markup {
            self.told.opaque(Some(place));
        }
    }

    /// The places where something is put in.
    fn insert(&mut self, span: Span, part: Part) -> Vec<Place> {
        let id = self.told.value(part.clone());
        let places = self.states.insertion(id, &mut self.told);
        self.told.put_in(span, part, &places);
        places
    }

    /// What stands in some nodes, put together apart from the page.
    pub(super) fn compose(&mut self, write: impl FnOnce(&mut Self)) -> Composed {
        let around = self.composed.replace(Composed::default());
        write(self);
        std::mem::replace(&mut self.composed, around).unwrap_or_default()
    }

    /// What was put together is written out here, through filters that make one text of it.
    pub(super) fn put_composed(
        &mut self,
        link: Link<'s>,
        span: TextRange,
        composed: Composed,
        filters: &[Filter],
    ) {
        let accesses = some(filters.iter().fold(composed.accesses, through));
        let escaped = escapes_all(filters) || !composed.raw;
        self.put_in(link, span, &accesses, escaped);
    }

    /// A block: the next definition of it that counts, or, where all of them are being written, this one.
    pub(super) fn block(&mut self, here: Here<'_, 's>, tag: &'s Tag, name: &'s str) {
        if self.definition(here, name) {
            return;
        }
        let scope = self.scope.len();
        let inside = Here { block: Some(name), ..here };
        for branch in &tag.branches {
            self.nodes(inside, &branch.nodes);
        }
        self.scope.cut(scope);
    }

    /// The next definition of a block that is not being written; whether there is one.
    fn definition(&mut self, here: Here<'_, 's>, name: &'s str) -> bool {
        let written = self.blocks.last().and_then(|blocks| blocks.get(name)).copied().unwrap_or(0);
        let Some((tag, at)) = here.frame.block(name, written) else { return false };
        let Some((link, own)) = here.frame.link(at) else { return false };
        self.writing(name, written + 1);
        let scope = self.scope.len();
        let inside = Here { link, name: own, block: Some(name), ..here };
        for branch in &tag.branches {
            self.nodes(inside, &branch.nodes);
        }
        self.scope.cut(scope);
        self.writing(name, written);
        true
    }

    fn writing(&mut self, name: &'s str, definitions: usize) {
        if let Some(blocks) = self.blocks.last_mut() {
            blocks.insert(name, definitions);
        }
    }

    /// All ways: each branch from the states before; with `exhaustive`, one of them is taken.
    pub(super) fn branches(&mut self, here: Here<'_, 's>, tag: &'s Tag, exhaustive: bool) {
        if let (true, [branch]) = (exhaustive, tag.branches.as_slice()) {
            return self.nodes(here, &branch.nodes);
        }
        let mut fork = Fork::at(&self.states);
        let scope = self.scope.len();
        let before = self.told.open.clone();
        let mut after = if exhaustive { Vec::new() } else { before.clone() };
        let mut ways = Vec::new();
        for branch in &tag.branches {
            fork.begin(&mut self.states);
            let question = branch.condition.as_ref().and_then(asked);
            let place = Span::new(here.link.source.file, branch.head);
            let around = self.asked.len();
            self.asked.extend(question.map(|question| (question, place)));
            self.told.open.clone_from(&before);
            self.nodes(here, &branch.nodes);
            self.asked.truncate(around);
            ways.push(self.scope.take(scope));
            for form in self.told.open.drain(..) {
                if !after.contains(&form) {
                    after.push(form);
                }
            }
            fork.end(&mut self.states);
        }
        if !exhaustive {
            ways.push(BTreeMap::new());
        }
        self.told.open = if tag.branches.is_empty() { before } else { after };
        self.scope.join(&ways);
        fork.join(&mut self.states, exhaustive && !tag.branches.is_empty());
    }

    /// A part that is rendered by itself: where it is put in is not known.
    pub(super) fn apart(&mut self, here: Here<'_, 's>, tag: &'s Tag) {
        let around = std::mem::take(&mut self.states);
        let open = std::mem::take(&mut self.told.open);
        let scope = self.scope.len();
        self.branches(here, tag, true);
        self.scope.cut(scope);
        self.fresh();
        self.states = around;
        self.told.open = open;
    }
}

/// Whether a value is escaped for scripts, wherever it is put in.
fn is_for_scripts(accesses: &[Access]) -> bool {
    let mut steps = accesses.iter().flat_map(|access| &access.steps);
    steps.any(|step| matches!(step, Step::Filter { name, .. } if &**name == "escapejs"))
}

fn is_extends(node: &Node) -> bool {
    node.tag().is_some_and(|tag| matches!(tag.form, Form::Extends { .. }))
}

fn is_super(expression: &FilterExpression) -> bool {
    expression.value.value.lookups().eq(["block", "super"])
}
