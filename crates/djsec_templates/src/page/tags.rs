//! What tags write out.

use std::sync::Arc;

use djsec_base::Span;

use super::element::Part;
use super::escape::{is_escaped, keeps_tags};
use super::frame::resolved;
use super::scope::{Scope, some};
use super::walk::{Here, Walker};
use super::{Access, Call, Called, Gap, GapReason, Link, Of};
use crate::filter::{Filter, FilterExpression};
use crate::html::Loop;
use crate::library::written_name;
use crate::tags::{
    Arguments, Assignment, BlockTranslate, Form, arguments, arguments_alone, split_target, words,
};
use crate::tree::{Node, Tag, Word};

/// So many arguments of a call are looked at.
const MOST_ARGUMENTS: usize = 32;

impl<'s> Walker<'s> {
    pub(super) fn tag(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        match &tag.form {
            Form::Plain => self.plain(here, node, tag),
            Form::Switch { on } => self.switch(here, tag, *on),
            Form::Block { name } => self.block(here, tag, &name.text),
            Form::BlockTranslate(options) => self.translated(here, tag, options),
            Form::Cache { .. } => {
                self.cached += 1;
                self.branches(here, tag, true);
                self.cached -= 1;
            }
            Form::Cycle { values, name, silent } => {
                self.cycle(here, node, (values, name.as_ref()), *silent);
            }
            Form::FirstOf { values, target } => {
                let escaped = values.iter().all(|value| is_escaped(value, self.escaping));
                let accesses = self.all(values);
                for value in values {
                    self.macros_beside(here, value);
                }
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
                let escaped = is_escaped(message, self.escaping);
                let accesses = self.scope.accesses(message);
                self.give(here, node, target.as_ref(), accesses, escaped);
            }
            Form::Regroup { source, target, .. } => {
                let accesses = self.scope.accesses(source);
                self.scope.set(&target.text, accesses);
            }
            Form::With { assignments } => self.within(here, tag, assignments, None),
            Form::Filter { filters } => self.filtered(here, node, tag, filters),
            Form::Value { .. } | Form::Extends { .. } => self.branches(here, tag, true),
            Form::PartialDef { inline, .. } => {
                if *inline {
                    self.branches(here, tag, true);
                } else {
                    self.apart(here, tag);
                }
            }
            Form::Partial { name } => self.partial(here, &name.text),
            Form::Url { name, target, .. } => {
                let name: Option<Arc<str>> = name.constant().map(Arc::from);
                self.link(here, tag, name.as_ref());
                self.harmless(here, node, target.as_ref(), Part::Url(name));
            }
            Form::Static { path, target } => {
                let part = Part::Static(path.constant().map(Arc::from));
                self.harmless(here, node, target.as_ref(), part);
            }
            Form::Now { target, .. } | Form::WidthRatio { target, .. } | Form::Set { target } => {
                self.harmless(here, node, target.as_ref(), Part::Value(Vec::new()));
            }
            Form::Call(arguments) => {
                // With forms' media as its argument it writes elements.
                let nonce = &*tag.name.text == "csp_nonce_attr" && tag.args.is_empty();
                let part = if nonce { Part::Nonce } else { Part::Value(Vec::new()) };
                self.harmless(here, node, arguments.target.as_ref(), part);
            }
            Form::LanguageInfo { target, .. } => self.unset(Some(target)),
            Form::Lorem { .. } | Form::TemplateTag { .. } => {
                self.put_harmless(here.link, node.span, Part::Value(Vec::new()));
            }
            Form::Macro { parameters, .. } => self.macro_alone(here, tag, parameters),
            Form::MacroBlock { call, parameters } => self.macro_block(here, tag, call, parameters),
            Form::Load | Form::Import(_) | Form::ResetCycle { .. } => {}
            Form::Custom | Form::Malformed => self.custom(here, node, tag),
        }
    }

    /// Notes an address that is shown to some only.
    fn link(&mut self, here: Here<'_, 's>, tag: &'s Tag, name: Option<&Arc<str>>) {
        let (Some(name), Some((asked, condition))) = (name, self.asked.last()) else { return };
        let link = Link {
            name: Arc::clone(name),
            span: Span::new(here.link.source.file, tag.head),
            asked: asked.clone(),
            condition: *condition,
        };
        self.told.link(link);
    }

    fn plain(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        match &*tag.name.text {
            "if" => {
                let otherwise = tag.branches.iter().all(|branch| &*branch.name.text != "else");
                self.branches(here, tag, !otherwise);
            }
            "csrf_token" => {
                if self.scope.has_token() {
                    self.told.token(Span::new(here.link.source.file, node.span));
                }
                self.put_harmless(here.link, node.span, Part::Value(Vec::new()));
            }
            "debug" => self.put_harmless(here.link, node.span, Part::Value(Vec::new())),
            "comment" => {}
            _ => self.branches(here, tag, true),
        }
    }

    fn switch(&mut self, here: Here<'_, 's>, tag: &'s Tag, on: bool) {
        let before = (self.escaping, self.off);
        if &*tag.name.text == "autoescape" {
            self.escaping = on;
            self.off = (!on).then(|| Span::new(here.link.source.file, tag.head));
        }
        self.branches(here, tag, true);
        (self.escaping, self.off) = before;
    }

    fn translated(&mut self, here: Here<'_, 's>, tag: &'s Tag, options: &BlockTranslate) {
        let count = options.count.as_ref();
        let Some(target) = &options.target else {
            return self.within(here, tag, &options.with, count);
        };
        let composed = self.compose(|this| this.within(here, tag, &options.with, count));
        self.scope.set(&target.text, some(composed.accesses));
    }

    /// `{% cycle a b as name %}`; `{% cycle name %}` is the same once more.
    fn cycle(
        &mut self,
        here: Here<'_, 's>,
        node: &'s Node,
        (values, name): (&[FilterExpression], Option<&Word>),
        silent: bool,
    ) {
        let accesses = match name {
            Some(name) if values.is_empty() => self.scope.name(&name.text),
            _ => self.all(values),
        };
        if let Some(name) = name.filter(|_| !values.is_empty()) {
            self.scope.set(&name.text, accesses.clone());
        }
        if !silent {
            let escaped = match values {
                [] => self.escaping,
                _ => values.iter().all(|value| is_escaped(value, self.escaping)),
            };
            self.put_in(here.link, node.span, &accesses, escaped);
        }
    }

    /// `{% filter %}`: one value, unless its tags stay tags.
    fn filtered(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag, filters: &[Filter]) {
        if keeps_tags(filters) {
            return self.branches(here, tag, true);
        }
        let composed = self.compose(|this| this.branches(here, tag, true));
        self.put_composed(here.link, node.span, composed, filters);
        // The text around the values is not known any more.
        self.told.opaque(None);
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
            None => {
                self.put_in(here.link, node.span, &accesses, escaped);
            }
        }
    }

    fn harmless(&mut self, here: Here<'_, 's>, node: &'s Node, target: Option<&Word>, part: Part) {
        match target {
            Some(_) => self.unset(target),
            None => self.put_harmless(here.link, node.span, part),
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
        let packed = Scope::is_packed(sequence);
        for (at, target) in targets.iter().enumerate() {
            let part = |access: &Access| match targets.len() {
                1 => access.clone(),
                _ => access.clone().then(super::Step::Get(Arc::from(at.to_string()))),
            };
            let accesses = match (packed, at) {
                // `{% for name, value in kwargs.items() %}`: the names are the template's own.
                (true, 0) if targets.len() > 1 => Vec::new(),
                (true, _) => each.clone(),
                _ => each.iter().map(part).collect(),
            };
            self.scope.set(&target.text, accesses);
        }
        let set = self.scope.len();
        let open = self.told.open.clone();
        let mut turns = Loop::at(&self.states);
        let mut sets = false;
        loop {
            self.nodes(here, &body.nodes);
            sets = self.scope.len() > set && !sets;
            if !turns.again(&mut self.states) {
                break;
            }
            sets = false;
        }
        if sets {
            // What one turn sets, the next one sees.
            self.states = turns.before().clone();
            self.nodes(here, &body.nodes);
        }
        self.scope.cut(before);
        let left = std::mem::replace(&mut self.told.open, open);
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
        let new = left.into_iter().filter(|form| !self.told.open.contains(form));
        let new: Vec<usize> = new.collect();
        self.told.open.extend(new);
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
            self.told.gap(Gap { span, reason: GapReason::Computed });
            self.told.chosen(span, self.scope.accesses(template));
            self.told.opaque(None);
            return;
        };
        let given = assigned(&self.scope, with);
        let before = self.scope.len();
        if only {
            self.scope.wall(None);
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

    fn partial(&mut self, here: Here<'_, 's>, name: &str) {
        if let Some(nodes) = here.link.source.tree.partial(name) {
            self.nodes(here, nodes);
        }
    }

    /// A tag that is not Django's.
    fn custom(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        let called = self.tags.called(&tag.name.text);
        if let Some(Called::Context(name)) = &called {
            return self.made(here, node, tag, name);
        }
        let (_, target) = split_target(&tag.args);
        if &*tag.name.text == "script" && tag.is_block() && self.tags.shape("script").is_none() {
            // django-csp's: the script in it is written out with the nonce.
            self.told.nonced += 1;
            self.branches(here, tag, true);
            self.told.nonced -= 1;
            return;
        }
        self.told.opaque(None);
        if called == Some(Called::Node) {
            return self.node(here, node, tag);
        }
        let value = if called.is_some() {
            self.gives(here, tag, &arguments(&tag.args))
        } else {
            Vec::new()
        };
        if tag.is_block() {
            // Whether it writes out what it holds, and how often, is known to it alone.
            self.branches(here, tag, false);
        } else if target.is_none() {
            self.put_unknown(here.link, node.span, &value);
        }
        if let Some(target) = target {
            self.scope.set(&target.text, value);
        }
    }

    /// A tag that reads its words itself.
    fn node(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag) {
        let arguments = words(&tag.args);
        let writes = Arguments { target: None, ..arguments.clone() };
        let value = self.gives(here, tag, &writes);
        // That nothing is escaped is its own doing, whatever is around.
        let off = self.off.take();
        if value.is_empty() {
            self.put_unknown(here.link, node.span, &value);
        } else {
            self.put_in(here.link, node.span, &value, false);
        }
        self.off = off;
        // What it sets is put into the context, and need not be what it writes.
        if let Some(target) = &arguments.target {
            let set = self.gives(here, tag, &arguments);
            self.scope.set(&target.text, set);
        }
        if tag.is_block() {
            // Whether it writes out what it holds, and how often, is known to it alone.
            self.branches(here, tag, false);
        }
    }

    /// A tag whose function gives the context of a template. Nothing else is in it but the token.
    fn made(&mut self, here: Here<'_, 's>, node: &'s Node, tag: &'s Tag, name: &Arc<str>) {
        let call = self.call(here, tag, &arguments_alone(&tag.args));
        let before = self.scope.len();
        let token = self.scope.has_token();
        self.scope.wall(call.map(Of::Made));
        if token {
            self.scope.set("csrf_token", Vec::new());
        }
        let span = Span::new(here.link.source.file, node.span);
        if !self.include(name, span) {
            self.told.opaque(None);
        }
        self.scope.cut(before);
        self.scope.open();
    }

    /// What a tag's function gives.
    fn gives(&mut self, here: Here<'_, 's>, tag: &'s Tag, arguments: &Arguments) -> Vec<Access> {
        let call = self.call(here, tag, arguments);
        call.map(|call| Access::of(Of::Call(call), written_name(&tag.name.text)))
            .into_iter()
            .collect()
    }

    fn call(&mut self, here: Here<'_, 's>, tag: &'s Tag, arguments: &Arguments) -> Option<u32> {
        let positional = arguments.positional.iter().map(|value| (None, value));
        let keywords = arguments.keywords.iter().map(|one| (Some(&one.name), &one.value));
        let given = positional.chain(keywords).take(MOST_ARGUMENTS);
        let named = |name: &Word| Arc::from(&*name.text);
        let sets = arguments.target.is_some();
        let arguments =
            given.map(|(name, value)| (name.map(named), self.scope.accesses(value))).collect();
        let span = Span::new(here.link.source.file, tag.head);
        let call = Call { tag: Arc::from(&*tag.name.text), span, arguments, sets };
        let call = self.told.call(call);
        if call.is_none() {
            self.told.gap(Gap { span, reason: GapReason::Limit });
        }
        call
    }
}

fn assigned<'a>(
    scope: &Scope,
    with: impl IntoIterator<Item = &'a Assignment>,
) -> Vec<(Arc<str>, Vec<Access>)> {
    with.into_iter().map(|one| (Arc::from(&*one.name.text), scope.accesses(&one.value))).collect()
}
