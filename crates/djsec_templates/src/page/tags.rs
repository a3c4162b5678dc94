//! What tags write out.

use std::sync::Arc;

use djsec_base::Span;

use super::element::Part;
use super::escape::is_escaped;
use super::frame::resolved;
use super::scope::Scope;
use super::walk::{Here, Walker};
use super::{Access, Gap, GapReason};
use crate::filter::FilterExpression;
use crate::html::Loop;
use crate::tags::{Assignment, Form};
use crate::tree::{Node, NodeKind, Tag, Word};

impl<'s> Walker<'s> {
    pub(super) fn tag(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        match &tag.form {
            Form::Plain => self.plain(here, node, tag),
            Form::Switch { on } => self.switch(here, tag, *on),
            Form::Block { name } => self.block(here, &name.text, None),
            Form::Extends { .. } => self.orphan(here, tag),
            Form::BlockTranslate(options) => {
                self.within(here, tag, &options.with, options.count.as_ref());
                self.unset(options.target.as_ref());
            }
            Form::Cache { .. } => {
                self.cached += 1;
                self.branches(here, tag, true);
                self.cached -= 1;
            }
            Form::Cycle { values, name, silent } => {
                let accesses = self.all(values);
                if let Some(name) = name.as_ref().filter(|_| !values.is_empty()) {
                    self.scope.set(&name.text, accesses.clone());
                }
                if !silent {
                    self.put_in(here.link, node.span, &accesses, self.escaping);
                }
            }
            Form::FirstOf { values, target } => {
                let escaped = self.escaping && values.iter().all(is_escaped);
                let accesses = self.all(values);
                self.give(here, node, target.as_ref(), accesses, escaped);
            }
            Form::For { targets, sequence, .. } => self.each(here, tag, targets, sequence),
            Form::IfChanged { .. } => {
                let otherwise = tag.branches.len() < 2;
                self.branches(here, tag, !otherwise);
            }
            Form::Include { template, with, only } => {
                self.included(here, node, template, with, *only);
            }
            Form::Translate { message, target, .. } => {
                let escaped = self.escaping && is_escaped(message);
                let accesses = self.scope.accesses(message);
                self.give(here, node, target.as_ref(), accesses, escaped);
            }
            Form::Regroup { source, target, .. } => {
                let accesses = self.scope.accesses(source);
                self.scope.set(&target.text, accesses);
            }
            Form::With { assignments } => self.within(here, tag, assignments, None),
            Form::Filter { .. } | Form::Value { .. } => self.branches(here, tag, true),
            Form::PartialDef { inline, .. } => {
                if *inline {
                    self.branches(here, tag, true);
                } else {
                    self.apart(here, tag);
                }
            }
            Form::Partial { name } => self.partial(here, &name.text),
            Form::Url { name, target, .. } => {
                let part = Part::Url(name.constant().map(Arc::from));
                self.harmless(target.as_ref(), part);
            }
            Form::Static { path, target } => {
                let part = Part::Static(path.constant().map(Arc::from));
                self.harmless(target.as_ref(), part);
            }
            Form::Now { target, .. } | Form::WidthRatio { target, .. } | Form::Set { target } => {
                self.harmless(target.as_ref(), Part::Value(Vec::new()));
            }
            Form::Call(arguments) => {
                // With forms' media as its argument it writes elements.
                let nonce = &*tag.name.text == "csp_nonce_attr" && tag.args.is_empty();
                let part = if nonce { Part::Nonce } else { Part::Value(Vec::new()) };
                self.harmless(arguments.target.as_ref(), part);
            }
            Form::LanguageInfo { target, .. } => self.unset(Some(target)),
            Form::Lorem { .. } | Form::TemplateTag { .. } => {
                self.put_harmless(Part::Value(Vec::new()));
            }
            Form::Load | Form::ResetCycle { .. } => {}
            Form::Custom | Form::Malformed => self.custom(here, node, tag),
        }
    }

    fn plain(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        match &*tag.name.text {
            "if" => {
                let otherwise = tag.branches.iter().all(|branch| &*branch.name.text != "else");
                self.branches(here, tag, !otherwise);
            }
            "csrf_token" => self.told.token(Span::new(here.link.source.file, node.span)),
            "comment" => {}
            _ => self.branches(here, tag, true),
        }
    }

    fn switch(&mut self, here: Here<'_, 's>, tag: &'s Tag, on: bool) {
        let before = self.escaping;
        if &*tag.name.text == "autoescape" {
            self.escaping = on;
        }
        self.branches(here, tag, true);
        self.escaping = before;
    }

    /// A template whose parent is not known: what it writes out are its blocks.
    fn orphan(&mut self, here: Here<'_, 's>, tag: &'s Tag) {
        for node in tag.branches.iter().flat_map(|branch| &branch.nodes) {
            if let NodeKind::Tag(inner) = &node.kind
                && let Form::Block { name } = &inner.form
            {
                self.block(here, &name.text, None);
            }
        }
    }

    fn all(&self, values: &[FilterExpression]) -> Vec<Access> {
        values.iter().flat_map(|value| self.scope.accesses(value)).collect()
    }

    fn unset(&mut self, target: Option<&Word>) {
        if let Some(target) = target {
            self.scope.set(&target.text, Vec::new());
        }
    }

    /// A value is written out, or put into a variable.
    fn give(
        &mut self,
        here: Here<'_, 's>,
        node: &'s Node,
        target: Option<&Word>,
        accesses: Vec<Access>,
        escaped: bool,
    ) {
        match target {
            Some(target) => self.scope.set(&target.text, accesses),
            None => self.put_in(here.link, node.span, &accesses, escaped),
        }
    }

    fn harmless(&mut self, target: Option<&Word>, part: Part) {
        match target {
            Some(_) => self.unset(target),
            None => self.put_harmless(part),
        }
    }

    fn within(
        &mut self,
        here: Here<'_, 's>,
        tag: &'s Tag,
        with: &[Assignment],
        count: Option<&Assignment>,
    ) {
        let before = self.scope.len();
        for (name, accesses) in assigned(&self.scope, with.iter().chain(count)) {
            self.scope.set(&name, accesses);
        }
        self.branches(here, tag, true);
        self.scope.cut(before);
    }

    fn each(
        &mut self,
        here: Here<'_, 's>,
        tag: &'s Tag,
        targets: &[Word],
        sequence: &FilterExpression,
    ) {
        let Some((body, empty)) = tag.branches.split_first() else { return };
        let before = self.scope.len();
        let each = self.scope.each(sequence);
        for (at, target) in targets.iter().enumerate() {
            let part = |access: &Access| match targets.len() {
                1 => access.clone(),
                _ => access.clone().then(super::Step::Get(Arc::from(at.to_string()))),
            };
            let accesses = each.iter().map(part).collect();
            self.scope.set(&target.text, accesses);
        }
        let mut turns = Loop::at(&self.states);
        loop {
            self.nodes(here, &body.nodes);
            if !turns.again(&mut self.states) {
                break;
            }
        }
        self.scope.cut(before);
        match empty.first() {
            Some(empty) => {
                self.states = turns.before().clone();
                self.nodes(here, &empty.nodes);
                let none = self.states.clone();
                turns.leave(&mut self.states, true);
                self.states.join(none);
            }
            None => turns.leave(&mut self.states, false),
        }
    }

    fn included(
        &mut self,
        here: Here<'_, 's>,
        node: &'s Node,
        template: &FilterExpression,
        with: &[Assignment],
        only: bool,
    ) {
        let span = Span::new(here.link.source.file, node.span);
        let Some(name) = template.constant() else {
            self.told.page.gaps.push(Gap { span, reason: GapReason::Computed });
            self.told.opaque(None);
            return;
        };
        let given = assigned(&self.scope, with);
        let before = self.scope.len();
        if only {
            self.scope.wall(false);
        }
        for (name, accesses) in given {
            self.scope.set(&name, accesses);
        }
        let name = resolved(here.name, name);
        if !self.include(&name, span) {
            self.told.opaque(None);
        }
        self.scope.cut(before);
        if only {
            self.scope.open();
        }
    }

    /// A part that is rendered by itself: where it is put in is not known.
    fn apart(&mut self, here: Here<'_, 's>, tag: &'s Tag) {
        let around = std::mem::take(&mut self.states);
        self.branches(here, tag, true);
        self.states = around;
    }

    fn partial(&mut self, here: Here<'_, 's>, name: &str) {
        let found = here.link.source.tree.walk().find_map(|node| {
            let tag = node.tag()?;
            let Form::PartialDef { name: known, .. } = &tag.form else { return None };
            (*known.text == *name).then_some(tag)
        });
        if let Some(branch) = found.and_then(|tag| tag.branches.first()) {
            self.nodes(here, &branch.nodes);
        }
    }

    /// A tag that is not Django's.
    fn custom(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        let target = target(tag);
        if let Some(name) = self.tags.inclusion(&tag.name.text) {
            // What it gives the template is known to its function alone.
            let before = self.scope.len();
            self.scope.wall(false);
            let span = Span::new(here.link.source.file, node.span);
            if !self.include(&name, span) {
                self.told.opaque(None);
            }
            self.scope.cut(before);
            self.scope.open();
            return;
        }
        if &*tag.name.text == "script" && tag.is_block() && self.tags.shape("script").is_none() {
            // django-csp's: the script in it is written out with the nonce.
            self.told.nonced += 1;
            self.branches(here, tag, true);
            self.told.nonced -= 1;
            return;
        }
        self.told.opaque(None);
        if tag.is_block() {
            self.branches(here, tag, true);
        } else if target.is_none() && self.put(Part::Value(Vec::new())) {
            self.told.opaque(Some(Span::new(here.link.source.file, node.span)));
        }
        self.unset(target);
    }
}

/// The variable that a tag sets: `{% tag … as name %}`.
fn target(tag: &Tag) -> Option<&Word> {
    match tag.args.as_slice() {
        [.., middle, target] if &*middle.text == "as" => Some(target),
        _ => None,
    }
}

fn assigned<'a>(
    scope: &Scope,
    with: impl IntoIterator<Item = &'a Assignment>,
) -> Vec<(Arc<str>, Vec<Access>)> {
    with.into_iter().map(|one| (Arc::from(&*one.name.text), scope.accesses(&one.value))).collect()
}
