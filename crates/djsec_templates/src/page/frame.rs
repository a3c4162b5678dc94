//! A template with its ancestors: which definition of a block counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::TextRange;

use super::source::{Source, Sources};
use super::{Gap, GapReason};
use crate::filter::FilterExpression;
use crate::tags::{Form, relative_name};
use crate::tree::{Node, NodeKind, Tag};

/// Templates extend each other this deep at most.
const DEEPEST: usize = 50;

/// One link of the chain from a template to the one that nothing is above.
#[derive(Clone, Copy)]
pub(super) struct Link<'s> {
    pub(super) source: &'s Source,
    /// Where its positions begin.
    pub(super) start: u32,
}

/// A template that is rendered, with its ancestors.
pub(super) struct Frame<'s> {
    /// The template, then what it extends.
    pub(super) chain: Vec<Link<'s>>,
    /// Its name and theirs.
    pub(super) names: Vec<Arc<str>>,
    /// For each block its definitions with the link in which each stands: the one that counts first.
    blocks: BTreeMap<&'s str, Vec<(usize, &'s Tag)>>,
    /// What is not known of it.
    pub(super) gap: Option<Gap>,
}

impl<'s> Frame<'s> {
    /// The chain of a template; none if it is not there.
    pub(super) fn new(sources: &'s Sources, name: &str) -> Option<Self> {
        let (source, start) = sources.placed(name)?;
        let mut frame = Self {
            chain: vec![Link { source, start }],
            names: vec![Arc::from(name)],
            blocks: BTreeMap::new(),
            gap: None,
        };
        frame.ancestors(sources);
        for at in 0..frame.chain.len() {
            frame.collect(at);
        }
        Some(frame)
    }

    /// A template by itself, whatever it extends.
    pub(super) fn alone(link: Link<'s>, name: Arc<str>) -> Self {
        Self { chain: vec![link], names: vec![name], blocks: BTreeMap::new(), gap: None }
    }

    fn ancestors(&mut self, sources: &'s Sources) {
        while let Some(link) = self.chain.last().copied() {
            let Some(tag) = link.source.tree.extends() else { return };
            let Form::Extends { parent } = &tag.form else { return };
            let gap = |reason| {
                let span = djsec_base::Span::new(link.source.file, tag.head);
                Some(Gap { span, reason })
            };
            let Some(parent) = parent.constant() else {
                self.gap = gap(GapReason::Computed);
                return;
            };
            let own = self.names.last().map_or("", |name| &**name);
            let parent = resolved(own, parent);
            let again = self.names.contains(&parent);
            let missing = if again { GapReason::Cycle } else { GapReason::Missing };
            if self.chain.len() >= DEEPEST {
                self.gap = gap(GapReason::Limit);
                return;
            }
            // A template may extend one of its own name, which another loader finds.
            let mut above = |file| self.chain.iter().any(|link| link.source.file == file);
            let Some((source, start)) = sources.placed_beside(&parent, &mut above) else {
                self.gap = gap(missing);
                return;
            };
            self.chain.push(Link { source, start });
            self.names.push(parent);
        }
    }

    /// What says which template the last one of the chain extends, where that is no constant.
    pub(super) fn computed(&self) -> Option<(Link<'s>, TextRange, &'s FilterExpression)> {
        let link = *self.chain.last()?;
        let tag = link.source.tree.extends()?;
        let Form::Extends { parent } = &tag.form else { return None };
        parent.constant().is_none().then_some((link, tag.head, parent))
    }

    fn collect(&mut self, at: usize) {
        let Some(link) = self.chain.get(at).copied() else { return };
        for node in link.source.tree.walk() {
            let NodeKind::Tag(tag) = &node.kind else { continue };
            if let Form::Block { name } = &tag.form {
                self.blocks.entry(&*name.text).or_default().push((at, tag));
            }
        }
    }

    /// A definition of a block, the one that counts first, and the link in which it stands.
    pub(super) fn block(&self, name: &str, at: usize) -> Option<(&'s Tag, usize)> {
        let (link, tag) = self.blocks.get(name)?.get(at)?;
        Some((tag, *link))
    }

    /// A link of the chain, with the name of its template.
    pub(super) fn link(&self, at: usize) -> Option<(Link<'s>, &str)> {
        Some((*self.chain.get(at)?, self.names.get(at)?))
    }
}

/// The blocks that stand in no other block, in order.
pub(super) fn outer_blocks(nodes: &[Node]) -> Vec<&Tag> {
    let mut found = Vec::new();
    let mut pending = vec![nodes.iter()];
    while let Some(level) = pending.last_mut() {
        let Some(node) = level.next() else {
            pending.pop();
            continue;
        };
        let Some(tag) = node.tag() else { continue };
        if matches!(tag.form, Form::Block { .. }) {
            found.push(tag);
        } else {
            pending.extend(tag.branches.iter().rev().map(|branch| branch.nodes.iter()));
        }
    }
    found
}

/// The name that another is, seen from a template: `./side.html`.
pub(super) fn resolved(own: &str, name: &str) -> Arc<str> {
    match relative_name(own, name, true) {
        Ok(Some(found)) => Arc::from(found),
        _ => Arc::from(name),
    }
}
