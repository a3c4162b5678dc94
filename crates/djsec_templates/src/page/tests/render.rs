//! Writes pages out along one way through their branches, with a marker for each insertion.
//!
//! What Django does is written here once more, in Django's own terms (`django.template.loader_tags`):
//! blocks are queues from which the last is taken while it is rendered.

#![expect(clippy::string_slice, reason = "nodes stand where their texts do")]

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::Span;

use crate::html::tests::browser::marker;
use crate::page::{Called, Source, Sources, Tags};
use crate::tags::{Form, relative_name};
use crate::tree::{Node, NodeKind, Tag};

/// Which branches are taken.
pub(super) enum Way {
    First,
    Last,
    /// Always the same for one seed.
    Random(u64),
}

impl Way {
    fn choose(&mut self, among: usize) -> usize {
        match self {
            Self::First => 0,
            Self::Last => among.saturating_sub(1),
            Self::Random(seed) => {
                *seed ^= *seed << 13;
                *seed ^= *seed >> 7;
                *seed ^= *seed << 17;
                usize::try_from(*seed >> 33).unwrap_or(0) % among.max(1)
            }
        }
    }
}

/// What was written out.
pub(super) struct Written {
    /// The pages: one, and one more for each part of which nobody knows where it stands.
    pub(super) pages: Vec<String>,
    /// The insertions by the numbers of their markers.
    pub(super) insertions: Vec<Span>,
}

/// Writes the page of a template; none if it takes more than is reasonable.
pub(super) fn render(sources: &Sources, name: &str, tags: &dyn Tags, way: Way) -> Option<Written> {
    let written = Written { pages: Vec::new(), insertions: Vec::new() };
    let mut renderer = Renderer {
        sources,
        tags,
        way,
        out: String::new(),
        written,
        queues: Vec::new(),
        including: Vec::new(),
        depth: 0,
        steps: 0,
    };
    renderer.template(name);
    let page = std::mem::take(&mut renderer.out);
    renderer.written.pages.push(page);
    (renderer.steps < STEPS).then_some(renderer.written)
}

/// Nodes that are written.
const STEPS: usize = 100_000;
/// How deep.
const DEEPEST: usize = 150;

/// A block that was defined: in which template, and as what.
type Block<'s> = (&'s Source, Arc<str>, &'s Tag);
/// `BlockContext`.
type Queues<'s> = BTreeMap<&'s str, Vec<Block<'s>>>;

struct Renderer<'s> {
    sources: &'s Sources,
    tags: &'s dyn Tags,
    way: Way,
    out: String,
    written: Written,
    queues: Vec<Queues<'s>>,
    including: Vec<Arc<str>>,
    depth: usize,
    steps: usize,
}

#[derive(Clone)]
struct At<'s> {
    source: &'s Source,
    name: Arc<str>,
    block: Option<&'s str>,
}

impl<'s> Renderer<'s> {
    fn template(&mut self, name: &str) -> bool {
        let Some(source) = self.sources.get(name) else { return false };
        self.queues.push(Queues::new());
        let mut chain: Vec<At<'s>> = vec![At { source, name: Arc::from(name), block: None }];
        while let Some(at) = chain.last().cloned() {
            self.add_blocks(&at);
            let Some(tag) = at.source.tree.extends() else {
                self.nodes(&at, &at.source.tree.nodes);
                break;
            };
            let above = at.source.tree.nodes.iter().take_while(|node| {
                !node.tag().is_some_and(|tag| matches!(tag.form, Form::Extends { .. }))
            });
            self.nodes(&at, above);
            let Some(parent) = self.parent(&chain, tag) else {
                self.blocks_alone(&chain);
                break;
            };
            chain.push(parent);
        }
        self.queues.pop();
        if let (true, Some(first)) = (self.including.is_empty(), chain.first()) {
            self.partials(first);
        }
        true
    }

    /// `ExtendsNode.find_template`: not what it comes from.
    fn parent(&self, chain: &[At<'s>], tag: &Tag) -> Option<At<'s>> {
        let Form::Extends { parent } = &tag.form else { return None };
        let name = absolute(&chain.last()?.name, parent.constant()?);
        let known: Vec<_> = chain.iter().map(|at| at.source.file).collect();
        let (source, _) = self.sources.placed_beside(&name, &mut |file| known.contains(&file))?;
        Some(At { source, name, block: None })
    }

    fn add_blocks(&mut self, at: &At<'s>) {
        let Some(queues) = self.queues.last_mut() else { return };
        for tag in at.source.tree.walk().filter_map(Node::tag) {
            if let Form::Block { name } = &tag.form {
                let block = (at.source, Arc::clone(&at.name), tag);
                queues.entry(&*name.text).or_default().insert(0, block);
            }
        }
    }

    /// Blocks of templates whose parent is not there: each is a page of its own.
    fn blocks_alone(&mut self, chain: &[At<'s>]) {
        let mut seen: Vec<&str> = Vec::new();
        for at in chain.iter().rev() {
            let mut found = Vec::new();
            outer(&at.source.tree.nodes, &mut found);
            for tag in found {
                let Form::Block { name } = &tag.form else { continue };
                if !seen.contains(&&*name.text) {
                    seen.push(&name.text);
                    self.alone(|this| this.block(at, tag, &name.text));
                }
            }
        }
    }

    /// Partials of a template that extends another: a view may render them by name.
    fn partials(&mut self, at: &At<'s>) {
        let Some(tag) = at.source.tree.extends() else { return };
        self.queues.push(Queues::new());
        for tag in tag.branches.iter().flat_map(|branch| &branch.nodes).filter_map(Node::tag) {
            if matches!(tag.form, Form::PartialDef { .. }) {
                self.alone(|this| this.branch(at, tag, 0));
            }
        }
        self.queues.pop();
    }

    fn alone(&mut self, write: impl FnOnce(&mut Self)) {
        let around = std::mem::take(&mut self.out);
        write(self);
        let page = std::mem::replace(&mut self.out, around);
        self.written.pages.push(page);
    }

    fn nodes(&mut self, at: &At<'s>, nodes: impl IntoIterator<Item = &'s Node>) {
        if self.depth >= DEEPEST {
            self.steps = STEPS;
            return;
        }
        self.depth += 1;
        for node in nodes {
            self.steps += 1;
            if self.steps >= STEPS {
                break;
            }
            match &node.kind {
                NodeKind::Text => {
                    self.out.push_str(&at.source.text[std::ops::Range::<usize>::from(node.span)]);
                }
                NodeKind::Comment => {}
                NodeKind::Variable(expression) => {
                    if !expression.value.value.lookups().eq(["block", "super"]) {
                        self.mark(at, node);
                    } else if let Some(name) = at.block {
                        self.next(name);
                    }
                }
                NodeKind::Tag(tag) => self.tag(at, node, tag),
            }
        }
        self.depth -= 1;
    }

    fn mark(&mut self, at: &At<'s>, node: &Node) {
        self.out.push_str(&marker(self.written.insertions.len()));
        self.written.insertions.push(Span::new(at.source.file, node.span));
    }

    fn branch(&mut self, at: &At<'s>, tag: &'s Tag, which: usize) {
        if let Some(branch) = tag.branches.get(which) {
            self.nodes(at, &branch.nodes);
        }
    }

    /// One of the branches, or, if that may be, none.
    fn one_of(&mut self, at: &At<'s>, tag: &'s Tag, or_none: bool) {
        let which = self.way.choose(tag.branches.len() + usize::from(or_none));
        self.branch(at, tag, which);
    }

    /// The next definition of a block; whether there was one.
    fn next(&mut self, name: &'s str) -> bool {
        let queue = self.queues.last_mut().and_then(|queues| queues.get_mut(name));
        let Some((source, own, tag)) = queue.and_then(Vec::pop) else { return false };
        self.branch(&At { source, name: Arc::clone(&own), block: Some(name) }, tag, 0);
        if let Some(queue) = self.queues.last_mut().and_then(|queues| queues.get_mut(name)) {
            queue.push((source, own, tag));
        }
        true
    }

    fn block(&mut self, at: &At<'s>, tag: &'s Tag, name: &'s str) {
        if !self.next(name) {
            self.branch(&At { block: Some(name), ..at.clone() }, tag, 0);
        }
    }

    fn tag(&mut self, at: &At<'s>, node: &'s Node, tag: &'s Tag) {
        match &tag.form {
            Form::Plain if &*tag.name.text == "if" => {
                let otherwise = tag.branches.iter().any(|branch| &*branch.name.text == "else");
                self.one_of(at, tag, !otherwise);
            }
            Form::Plain if matches!(&*tag.name.text, "csrf_token" | "debug") => self.mark(at, node),
            Form::Plain if &*tag.name.text == "comment" => {}
            Form::IfChanged { .. } => self.one_of(at, tag, tag.branches.len() < 2),
            Form::Block { name } => self.block(at, tag, &name.text),
            Form::BlockTranslate(options) if options.target.is_some() => {}
            Form::BlockTranslate(_) => self.one_of(at, tag, false),
            Form::For { .. } => self.each(at, tag),
            Form::Filter { filters } if !crate::page::escape::keeps_tags(filters) => {
                self.mark(at, node);
            }
            Form::Include { template, .. } => {
                if let Some(name) = template.constant() {
                    self.include(&absolute(&at.name, name));
                }
            }
            Form::Partial { name } => {
                if let Some(nodes) = at.source.tree.partial(&name.text) {
                    self.nodes(at, nodes);
                }
            }
            Form::PartialDef { inline: false, .. } => self.alone(|this| this.branch(at, tag, 0)),
            Form::Custom | Form::Malformed => self.custom(at, node, tag),
            Form::Load | Form::ResetCycle { .. } => {}
            form if writes(form) => self.mark(at, node),
            _ => self.branch(at, tag, 0),
        }
    }

    fn each(&mut self, at: &At<'s>, tag: &'s Tag) {
        // The first way goes through once, the last not at all.
        let turns = [1, 2, 0][self.way.choose(3)];
        for _ in 0..turns {
            self.branch(at, tag, 0);
        }
        if turns == 0 {
            self.branch(at, tag, 1);
        }
    }

    fn include(&mut self, name: &Arc<str>) {
        // What is in it once more is a gap of the page.
        if self.including.contains(name) {
            return;
        }
        self.including.push(Arc::clone(name));
        if !self.template(name)
            && let Some((name, partial)) = name.split_once('#')
            && let Some(source) = self.sources.get(name)
            && let Some(nodes) = source.tree.partial(partial)
        {
            self.queues.push(Queues::new());
            self.nodes(&At { source, name: Arc::from(name), block: None }, nodes);
            self.queues.pop();
        }
        self.including.pop();
    }

    fn custom(&mut self, at: &At<'s>, node: &'s Node, tag: &'s Tag) {
        if let Some(Called::Context(name)) = self.tags.called(&tag.name.text) {
            self.include(&name);
        } else if tag.is_block() {
            self.one_of(at, tag, true);
        } else if tag.args.iter().rev().nth(1).is_none_or(|word| &*word.text != "as") {
            self.mark(at, node);
        }
    }
}

/// Whether a tag that holds nothing writes something here, rather than into a variable.
fn writes(form: &Form) -> bool {
    match form {
        Form::Cycle { silent, .. } => !silent,
        Form::FirstOf { target, .. }
        | Form::Translate { target, .. }
        | Form::Url { target, .. }
        | Form::Static { target, .. }
        | Form::Now { target, .. }
        | Form::WidthRatio { target, .. }
        | Form::Set { target } => target.is_none(),
        Form::Call(arguments) => arguments.target.is_none(),
        Form::Lorem { .. } | Form::TemplateTag { .. } => true,
        _ => false,
    }
}

fn outer<'s>(nodes: &'s [Node], found: &mut Vec<&'s Tag>) {
    for tag in nodes.iter().filter_map(Node::tag) {
        if matches!(tag.form, Form::Block { .. }) {
            found.push(tag);
        } else {
            tag.branches.iter().for_each(|branch| outer(&branch.nodes, found));
        }
    }
}

fn absolute(own: &str, name: &str) -> Arc<str> {
    relative_name(own, name, true).ok().flatten().map_or_else(|| Arc::from(name), Arc::from)
}
