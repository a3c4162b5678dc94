//! Tags of the project in templates: functions that are called with what the page was handed.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::Span;
use djsec_templates::page::Of;

use super::page::{Handed, under_key};
use super::{REQUEST, Run};
use crate::Kinds;
use crate::args::{Args, Given};
use crate::pages::{PageCall, Reading, Sinks, Tag, mark};
use crate::summary::Summary;
use crate::taint::{Label, Origin, SEPARATOR};
use crate::value::{ANY, Value, What};

/// So many parts of what a tag is given are looked up before it is called.
const MOST_PARTS: usize = 24;

/// The parts of parameters that matter to who calls a function.
pub(super) type Parts = BTreeSet<(u16, Arc<str>)>;

pub(super) fn parts_of(summary: &Summary) -> Parts {
    let mut parts = Parts::new();
    let hits = summary.hits.iter().map(|hit| &hit.label);
    let fields = summary.returns.fields.iter().flat_map(|fields| fields.values());
    let returns = fields.chain([&summary.returns]).flat_map(|value| value.taint.labels());
    for label in hits.chain(returns) {
        if let Origin::Parameter(at, Some(path)) = &label.origin
            && parts.len() < MOST_PARTS
        {
            parts.insert((*at, Arc::clone(path)));
        }
    }
    parts
}

/// What the context has of what a function asks for by its name. What is not is not looked at: contexts are handed
/// on whole to much that only reads the request.
pub(super) fn asked_of_context(handed: &Handed<'_>, parts: &Parts, parameter: u16) -> Value {
    let own = parts.iter().filter(|(at, _)| *at == parameter);
    let keys: BTreeSet<&str> = own.filter_map(|(_, path)| path.split(SEPARATOR).next()).collect();
    let keys = keys.into_iter().filter(|key| key.starts_with('[') && *key != ANY);
    keys.fold(Value::default(), |value, key| {
        let part = under_key(handed.context, key).map(&|taint| handed.stepped(taint));
        value.with_field(key, part)
    })
}

impl Run<'_, '_> {
    /// Which calls of tags matter: what comes out arrives somewhere, or their function does something with what
    /// it is given. Most tags of a page only show something, escaped, and a page is shown by many views.
    pub(super) fn that_matter(&mut self, sinks: &Sinks) -> Vec<bool> {
        let mut matter = sinks.asked.clone();
        for (at, called) in sinks.calls.iter().enumerate().rev() {
            let Some(tag) = called.tag else { continue };
            let does = self.does_something(tag);
            let Some(matters) = matter.get_mut(at) else { continue };
            *matters |= does;
            if *matters {
                let given = called.arguments.iter().flat_map(|(_, accesses)| accesses);
                mark(&mut matter, given);
            }
        }
        matter
    }

    /// Whether it matters to the function of a tag what it is given, apart from what it gives back.
    fn does_something(&mut self, tag: Tag) -> bool {
        let (module, function) = tag.function;
        if let Some(key) = self.world.index.key(module, function) {
            self.out.calls(key);
        }
        let of_parameter = |label: &Label| label.origin.parameter().is_some();
        // What a node does shows when it is made.
        tag.parses
            || self.summary(module, function).is_some_and(|summary| {
                summary.hits.iter().any(|hit| of_parameter(&hit.label))
                    || summary
                        .raises
                        .iter()
                        .any(|(_, taint)| taint.labels().iter().any(of_parameter))
                    || !summary.invokes.is_empty()
                    || !summary.waits.is_empty()
            })
    }

    /// What the function of a tag gives that is called in a template, and whether that was seen.
    pub(super) fn tagged(&mut self, handed: &Handed<'_>, called: &PageCall) -> (Value, bool) {
        let Some(tag) = called.tag else { return (Value::default(), false) };
        if tag.parses {
            return self.written_by_node(handed, called, tag);
        }
        let place = called.place;
        let (module, function) = tag.function;
        let summary = self.summary(module, function);
        let parts = summary.as_deref().map(parts_of).unwrap_or_default();
        let mut args = self.tag_arguments(handed, called, tag, &parts);
        self.look_up_parts(&parts, tag, &mut args, place);
        self.told = Some((Arc::clone(&called.name), place));
        let mut value = self.apply(&args, tag.function, false, place, None);
        if let Some((summary, code)) = summary.zip(self.world.program.code(module)) {
            let bound = args.bound(code, function, false);
            let given: Vec<&Value> = bound.iter().map(|one| &one.value).collect();
            value = handed_on(value, &summary.returns, &given);
        }
        self.told = None;
        (value, true)
    }

    pub(super) fn tag_arguments(
        &mut self,
        handed: &Handed<'_>,
        called: &PageCall,
        tag: Tag,
        parts: &Parts,
    ) -> Args {
        let expr = self.code.no_expr();
        let mut args = Args::default();
        if tag.takes_context {
            let value = asked_of_context(handed, parts, 0);
            args.positional.push(Given { value, expr });
        }
        if tag.takes_content {
            args.positional.push(Given { value: Value::default(), expr });
        }
        for (name, accesses) in &called.arguments {
            let mut all: Option<Value> = None;
            for asked in accesses {
                let at = (called.place, Reading::default());
                let (mut value, _) = self.accessed(handed, asked, at);
                if asked.access.of == Of::Page {
                    value = value.map(&|taint| handed.stepped(taint));
                }
                match &mut all {
                    Some(all) => all.join(&value),
                    None => all = Some(value),
                }
            }
            let given = Given { value: all.unwrap_or_default(), expr };
            match name {
                Some(name) => args.keywords.push((Arc::clone(name), given)),
                None => args.positional.push(given),
            }
        }
        args
    }

    /// Rows are handed to tags whole, and their fields are only asked for in the function, which does not know
    /// what it is given: they are looked up here.
    fn look_up_parts(&mut self, parts: &Parts, tag: Tag, args: &mut Args, place: Span) {
        let (module, function) = tag.function;
        let code = self.world.program.code(module);
        let Some((code, function)) = code.and_then(|code| Some((code, code.function(function)?)))
        else {
            return;
        };
        for (at, path) in parts {
            let Some(parameter) = function.parameters.get(usize::from(*at)) else { continue };
            let name = code.text(parameter.name);
            let mut keywords = args.keywords.iter_mut();
            let given = match args.positional.get_mut(usize::from(*at)) {
                Some(given) => Some(given),
                None => keywords.find(|(known, _)| **known == *name).map(|(_, given)| given),
            };
            if let Some(given) = given {
                let path: Vec<&str> = path.split(SEPARATOR).collect();
                self.told = Some((format!("{name}.{}", path.join(".")).into(), place));
                given.value = self.with_part(std::mem::take(&mut given.value), &path, place);
            }
        }
    }

    /// A row with what stands under a path of its fields.
    fn with_part(&mut self, value: Value, path: &[&str], place: Span) -> Value {
        let Some((first, rest)) = path.split_first() else { return value };
        let part = match (&value.what, value.known_field(first)) {
            (_, Some(known)) => known.clone(),
            (What::Query(_), None) if *first == ANY => self.element(&value),
            (What::Instance(_), None) if !first.starts_with('[') => {
                self.attribute(&value, first, place, self.code.no_expr())
            }
            _ => return value,
        };
        let part = self.with_part(part, rest, place);
        value.with_field(first, part)
    }

    /// What the context has that a tag is given, whoever shows the page.
    pub(super) fn with_context(&self, context: Value) -> Value {
        let request = Value::instance(REQUEST);
        let user = Value::of(What::Instance(self.user_model()));
        context
            .with_field("[request]", request.clone())
            .with_field("request", request)
            .with_field("[user]", user)
    }
}

/// What a function only hands on stays what it is: `return {"order": order}`.
fn handed_on(value: Value, returns: &Value, given: &[&Value]) -> Value {
    let mut value = value;
    let fields = returns.fields.iter().flat_map(|fields| fields.iter());
    for (name, field) in fields.filter(|(_, field)| field.what == What::Unknown) {
        if let Some(same) = same(field, given) {
            value = value.with_field(name, same);
        }
    }
    match same(returns, given) {
        Some(same) if returns.fields.is_none() && returns.what == What::Unknown => same,
        _ => value,
    }
}

/// The row, or the rows, that a value is: a parameter or a part of one, and nothing else.
fn same(value: &Value, given: &[&Value]) -> Option<Value> {
    let [label] = value.taint.labels() else { return None };
    let Label { origin: Origin::Parameter(at, path), safe: Kinds::NONE, doubt: 0, .. } = label
    else {
        return None;
    };
    let argument = *given.get(usize::from(*at))?;
    let parts = path.iter().flat_map(|path| path.split(SEPARATOR));
    let found = parts.fold(argument.clone(), |value, part| value.field(part));
    matches!(found.what, What::Instance(_) | What::Query(_)).then_some(found)
}
