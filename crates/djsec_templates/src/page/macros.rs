//! Macros of Jinja: written where they are called, with what they are given there.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{FileId, Span, TextRange};

use super::Access;
use super::element::Part;
use super::escape::keeps_markup;
use super::frame::{Frame, Link, resolved};
use super::scope::{Scope, some};
use super::walk::{Here, Walker};
use crate::filter::{Filter, FilterExpression, MacroCall, Value};
use crate::html::States;
use crate::jinja::{KWARGS, VARARGS};
use crate::tags::{Assignment, Form, Import};
use crate::tree::{Node, Tag};

/// A macro that calls itself is written so many times in itself.
const MOST_IN_ITSELF: usize = 2;

/// A macro, seen from a template that calls it.
#[derive(Clone)]
pub(super) struct Macro<'s> {
    /// The template in which it stands.
    link: Link<'s>,
    template: Arc<str>,
    tag: &'s Tag,
    parameters: &'s [Assignment],
    /// Whether it sees the context of the page.
    with_context: bool,
}

/// The macros that a template calls, by its file, the name of a module and their own.
pub(super) type Macros<'s> = BTreeMap<(FileId, Option<&'s str>, &'s str), Option<Macro<'s>>>;

/// `{% call %}` around the call of a macro, with what is known where it stands.
pub(super) struct Caller<'f, 's> {
    here: Here<'f, 's>,
    tag: &'s Tag,
    parameters: &'s [Assignment],
    scope: Scope,
    escaping: (bool, Option<Span>),
}

/// What a macro is given.
struct Given<'s> {
    positional: Vec<Vec<Access>>,
    keywords: Vec<(&'s str, Vec<Access>)>,
    /// What any parameter may be that is not given otherwise.
    spread: Vec<Access>,
}

impl Given<'_> {
    /// What a parameter is given; nothing is known of it, or its default counts, where that is nothing.
    fn of(&self, at: usize, name: &str) -> Option<&[Access]> {
        let by_name = || self.keywords.iter().find(|(known, _)| *known == name);
        let value = self.positional.get(at).or_else(|| by_name().map(|(_, value)| value));
        value.map(Vec::as_slice)
    }
}

impl<'s> Walker<'s> {
    /// A macro where it is defined: it writes nothing there. What it holds is read by itself, for macros that
    /// nobody is seen to call.
    pub(super) fn macro_alone(
        &mut self,
        here: Here<'_, 's>,
        tag: &'s Tag,
        parameters: &'s [Assignment],
    ) {
        let before = self.scope.len();
        for parameter in parameters {
            self.scope.set(&parameter.name.text, Vec::new());
        }
        self.apart(Here { caller: None, ..here }, tag);
        self.scope.cut(before);
    }

    /// `{% call(a) name(value) %}`
    pub(super) fn macro_block(
        &mut self,
        here: Here<'_, 's>,
        tag: &'s Tag,
        call: &'s FilterExpression,
        parameters: &'s [Assignment],
    ) {
        let Value::Macro(called) = &call.value.value else {
            return self.macro_alone(here, tag, parameters);
        };
        let scope = self.scope.clone();
        let escaping = (self.escaping, self.off);
        let caller = Caller { here, tag, parameters, scope, escaping };
        if !self.macro_written(here, called, Some(&caller)) {
            self.macro_alone(here, tag, parameters);
        }
    }

    /// Writes what an expression has of macros; whether that is all there is.
    pub(super) fn is_of_macros(
        &mut self,
        here: Here<'_, 's>,
        span: TextRange,
        expression: &'s FilterExpression,
    ) -> bool {
        let Value::Macro(call) = &expression.value.value else {
            self.macros_beside(here, expression);
            return false;
        };
        call.given().for_each(|given| self.macros_beside(here, given));
        if !keeps_markup(&expression.filters) {
            self.macro_filtered(here, span, call, &expression.filters);
        } else if !self.macro_written(here, call, None) {
            self.put_unknown(here.link, span, &[]);
        }
        true
    }

    /// What a macro gives goes through filters that make another text of it.
    fn macro_filtered(
        &mut self,
        here: Here<'_, 's>,
        span: TextRange,
        call: &'s MacroCall,
        filters: &[Filter],
    ) {
        let composed = self.compose(|this| {
            this.macro_written(here, call, None);
        });
        self.put_composed(here.link, span, composed, filters);
    }

    /// Macros that are called in an expression, which may be put in here or anywhere: what they write is read from
    /// here, and what follows as if they had written nothing.
    pub(super) fn macros_beside(&mut self, here: Here<'_, 's>, expression: &'s FilterExpression) {
        match &expression.value.value {
            Value::Any(all) => all.iter().for_each(|one| self.macros_beside(here, one)),
            Value::Macro(call) => {
                call.given().for_each(|given| self.macros_beside(here, given));
                let states: States = self.states.clone();
                let open = self.told.open.clone();
                self.macro_written(here, call, None);
                self.states = states;
                self.told.open = open;
            }
            _ => {}
        }
    }

    /// Writes what a call of a macro gives; whether it is known which macro that is.
    fn macro_written(
        &mut self,
        here: Here<'_, 's>,
        call: &'s MacroCall,
        caller: Option<&Caller<'_, 's>>,
    ) -> bool {
        let given = self.given(call);
        if call.is_caller() {
            return here.caller.is_some_and(|caller| {
                self.caller_written(caller, &given);
                true
            });
        }
        let Some(found) = self.macro_of(here, call) else { return false };
        let place = Span::new(found.link.source.file, found.tag.head);
        if self.running.iter().filter(|running| **running == place).count() >= MOST_IN_ITSELF {
            self.put_harmless(here.link, call.span, Part::Value(Vec::new()));
            return true;
        }
        self.running.push(place);
        self.macro_body(&found, &given, caller);
        self.running.pop();
        true
    }

    fn given(&self, call: &'s MacroCall) -> Given<'s> {
        let accesses = |value| self.scope.accesses(value);
        let keywords = call.keywords.iter().map(|(name, value)| (&**name, accesses(value)));
        Given {
            positional: call.positional.iter().map(accesses).collect(),
            keywords: keywords.collect(),
            spread: call.spread.iter().flat_map(accesses).collect(),
        }
    }

    /// What a macro holds. It sees its parameters, what its template sets at the top, and the context of the page
    /// only where it is that page's or is imported with it; no names of the place where it is called.
    fn macro_body(
        &mut self,
        found: &Macro<'s>,
        given: &Given<'s>,
        caller: Option<&Caller<'_, 's>>,
    ) {
        self.told.part(&found.template);
        let before = self.scope.len();
        let escaping = (self.escaping, self.off);
        (self.escaping, self.off) = (self.tags.escapes(), None);
        let token = self.scope.has_token();
        self.scope.wall(self.scope.context().filter(|_| found.with_context));
        if token {
            // One that is written there is meant to be one, whether or not the import brings it along.
            self.scope.set("csrf_token", Vec::new());
        }
        self.sets_of(&found.link.source.tree.nodes);
        for (at, parameter) in found.parameters.iter().enumerate() {
            let name = &*parameter.name.text;
            let value = given.of(at, name).map(<[Access]>::to_vec);
            let default = || {
                let own = self.scope.accesses(&parameter.value).into_iter();
                some(own.chain(given.spread.iter().cloned()).collect())
            };
            let value = value.unwrap_or_else(default);
            self.scope.set(name, value);
        }
        self.beyond_parameters(found.parameters, given);
        let frame = Frame::alone(found.link, Arc::clone(&found.template));
        let here = Here { caller, ..Here::top(&frame, found.link, &found.template) };
        for branch in &found.tag.branches {
            self.nodes(here, &branch.nodes);
        }
        (self.escaping, self.off) = escaping;
        self.scope.cut(before);
        self.scope.open();
    }

    /// What a macro is given besides its parameters: `varargs` and `kwargs`.
    fn beyond_parameters(&mut self, parameters: &[Assignment], given: &Given<'s>) {
        let places = given.positional.iter().skip(parameters.len()).enumerate();
        let places: Vec<_> = places.map(|(at, value)| (at.to_string(), value.clone())).collect();
        self.scope.pack(VARARGS, &places, &given.spread);
        let is_own = |name: &str| parameters.iter().any(|own| *own.name.text == *name);
        let named = given.keywords.iter().filter(|(name, _)| !is_own(name));
        let named: Vec<_> =
            named.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.scope.pack(KWARGS, &named, &given.spread);
    }

    /// What stands in `{% call %}`, seen from where that stands.
    fn caller_written(&mut self, caller: &Caller<'_, 's>, given: &Given<'s>) {
        let scope = std::mem::replace(&mut self.scope, caller.scope.clone());
        let escaping = (self.escaping, self.off);
        (self.escaping, self.off) = caller.escaping;
        for (at, parameter) in caller.parameters.iter().enumerate() {
            let name = &*parameter.name.text;
            let value = given.of(at, name).unwrap_or(&given.spread).to_vec();
            self.scope.set(name, value);
        }
        for branch in &caller.tag.branches {
            self.nodes(caller.here, &branch.nodes);
        }
        (self.escaping, self.off) = escaping;
        self.scope = scope;
    }

    /// The names that a template sets at its top.
    fn sets_of(&mut self, nodes: &'s [Node]) {
        for tag in nodes.iter().filter_map(Node::tag) {
            if let Form::FirstOf { values, target: Some(target) } = &tag.form {
                let accesses = values.iter().flat_map(|value| self.scope.accesses(value)).collect();
                self.scope.set(&target.text, accesses);
            }
        }
    }

    /// The macro that is called: one of the template in which the call stands, or that it imports; or of a template
    /// that this one extends or is extended by.
    fn macro_of(&mut self, here: Here<'_, 's>, call: &'s MacroCall) -> Option<Macro<'s>> {
        let own = self.macro_in(here.link, here.name, call);
        own.or_else(|| {
            let frame = here.frame;
            let links = (0..frame.chain.len()).filter_map(|at| frame.link(at));
            links.into_iter().find_map(|(link, name)| self.macro_in(link, name, call))
        })
    }

    fn macro_in(&mut self, link: Link<'s>, own: &str, call: &'s MacroCall) -> Option<Macro<'s>> {
        let key = (link.source.file, call.module.as_deref(), &*call.name);
        if let Some(known) = self.macros.get(&key) {
            return known.clone();
        }
        let found = match call.module {
            None => defined(link, own, &call.name, true),
            Some(_) => None,
        };
        let found = found.or_else(|| self.imported(link, own, call));
        self.macros.insert(key, found.clone());
        found
    }

    fn imported(&self, link: Link<'s>, own: &str, call: &MacroCall) -> Option<Macro<'s>> {
        let tags = link.source.tree.walk().filter_map(Node::tag);
        tags.filter_map(|tag| match &tag.form {
            Form::Import(import) => Some(&**import),
            _ => None,
        })
        .find_map(|import| {
            let name = taken(import, call)?;
            let template = resolved(own, import.template.constant()?);
            let (source, start) = self.sources.placed(&template)?;
            defined(Link { source, start }, &template, name, import.with_context)
        })
    }
}

/// The name in the other template of a macro that is called, if it is taken from there by this import.
fn taken<'i>(import: &'i Import, call: &'i MacroCall) -> Option<&'i str> {
    let Some(module) = &call.module else {
        let (name, _) = import.names.iter().find(|(_, here)| here.text == call.name)?;
        return Some(&name.text);
    };
    (*import.module.as_ref()?.text == **module).then_some(&call.name)
}

/// The macro of that name that a template defines, the last if there are several.
fn defined<'s>(link: Link<'s>, own: &str, name: &str, with_context: bool) -> Option<Macro<'s>> {
    let tags = link.source.tree.walk().filter_map(Node::tag);
    let all = tags.filter_map(|tag| match &tag.form {
        Form::Macro { name: known, parameters } if *known.text == *name => Some((tag, parameters)),
        _ => None,
    });
    let (tag, parameters) = all.last()?;
    Some(Macro { link, template: Arc::from(own), tag, parameters, with_context })
}
