//! The tree of a template: what Django's parser makes of it, with places.

use djsec_base::TextRange;

use crate::error::Error;
use crate::filter::FilterExpression;
use crate::tags::{Condition, Form};

/// A template that was read. Nothing is left out of it: what Django refuses is kept as far as it can be
/// understood, and said in `errors`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Template {
    /// The nodes in order. After `{% extends %}` the rest of the template is the branch of that tag.
    pub nodes: Vec<Node>,
    /// What Django would refuse, in the order in which its parser would meet it: the first is what it says.
    pub errors: Vec<Error>,
    /// The libraries that are loaded, in order.
    pub loads: Vec<Load>,
}

/// `{% load a b %}`, or `{% load x from a %}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The libraries; with `from`, the tags and filters that are taken of one.
    pub names: Vec<Word>,
    /// The library of `from`.
    pub from: Option<Word>,
    /// The tag.
    pub span: TextRange,
}

/// One node, and all that is inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// From its first byte to its last; a block's end tag is included.
    pub span: TextRange,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Text that is written out as it stands.
    Text,
    /// `{# … #}`.
    Comment,
    /// `{{ … }}`.
    Variable(FilterExpression),
    /// `{% … %}`, with what it holds.
    Tag(Box<Tag>),
}

/// A tag and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name.
    pub name: Word,
    /// The words after the name, as `Token.split_contents` has them.
    pub args: Vec<Word>,
    /// The tag itself, without what it holds.
    pub head: TextRange,
    /// The line of the tag, counted from 1.
    pub line: u32,
    /// What its words mean, where the tag is Django's own.
    pub form: Form,
    /// None for a simple tag. A block has at least one: the first begins at the tag itself, the others at
    /// `elif`, `else`, `empty`, `plural`. What is inside `{% comment %}` is not kept.
    pub branches: Vec<Branch>,
}

/// A part of a block: what stands between two of its tags.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The tag that begins it: `if`, `elif`, `else`.
    pub name: Word,
    /// The words of that tag after its name.
    pub args: Vec<Word>,
    /// That tag.
    pub head: TextRange,
    /// Of `if` and `elif`: when it is taken.
    pub condition: Option<Condition>,
    /// What it holds.
    pub nodes: Vec<Node>,
}

/// A word of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its text. White space in `_("…")` is one space each, as in Django.
    pub text: Box<str>,
    /// Its bytes.
    pub span: TextRange,
}

impl Template {
    /// The first tag that makes this template a child of another.
    pub fn extends(&self) -> Option<&Tag> {
        self.nodes
            .iter()
            .find_map(|node| node.tag().filter(|tag| matches!(tag.form, Form::Extends { .. })))
    }

    /// The nodes of the partial of that name (`{% partialdef name %}`), which `page.html#name` is.
    pub fn partial(&self, name: &str) -> Option<&[Node]> {
        let tags = self.walk().filter_map(Node::tag);
        let mut partials = tags.filter(|tag| match &tag.form {
            Form::PartialDef { name: defined, .. } => &*defined.text == name,
            _ => false,
        });
        partials.next()?.branches.first().map(|branch| branch.nodes.as_slice())
    }

    /// All nodes, each before those inside.
    pub fn walk(&self) -> Walk<'_> {
        Walk { pending: vec![self.nodes.iter()] }
    }
}

impl Node {
    /// The tag, if it is one.
    pub fn tag(&self) -> Option<&Tag> {
        match &self.kind {
            NodeKind::Tag(tag) => Some(tag),
            _ => None,
        }
    }
}

impl Tag {
    /// Whether it holds other nodes.
    pub fn is_block(&self) -> bool {
        !self.branches.is_empty()
    }
}

/// All nodes of a template in the order of its text.
#[derive(Debug)]
pub struct Walk<'t> {
    pending: Vec<std::slice::Iter<'t, Node>>,
}

impl<'t> Iterator for Walk<'t> {
    type Item = &'t Node;

    fn next(&mut self) -> Option<&'t Node> {
        loop {
            let Some(node) = self.pending.last_mut()?.next() else {
                self.pending.pop();
                continue;
            };
            let branches = node.tag().map_or(&[][..], |tag| &tag.branches);
            self.pending.extend(branches.iter().rev().map(|branch| branch.nodes.iter()));
            return Some(node);
        }
    }
}
