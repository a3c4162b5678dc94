//! Which forms and serializers plain users send.

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_django::views::objects::{FormAct, FormUse};
use djsec_django::views::{GuardSource, Guarding, Level};
use djsec_python::QualifiedName;
use djsec_python::code::Function;

use super::decides::{any_method, mentions};
use super::fields::{self, Said};
use crate::own::Site;
use crate::{Cx, Endpoint};

/// A form that anybody, or any user, may send to a view.
#[derive(Clone)]
pub(super) struct Sent<'a, 'c> {
    pub(super) endpoint: Endpoint<'a>,
    pub(super) used: &'c FormUse,
}

/// The forms that anybody or any user may send.
pub(super) fn sent<'a, 'c>(cx: &'c Cx<'a>) -> Vec<Sent<'a, 'c>> {
    let mut all = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        for used in objects.forms.iter().filter(|used| !used.for_some) {
            let sent = Sent { endpoint: endpoint.clone(), used };
            if sent.is_open() && !sent.checks_more(cx) {
                all.push(sent);
            }
        }
    }
    all
}

impl Sent<'_, '_> {
    fn is_open(&self) -> bool {
        matches!(self.level(), Some(Level::Public | Level::Authenticated))
    }

    /// Whether a permission class of the project looks at more than the login. What it asks for is not
    /// known then, but it is asked.
    fn checks_more(&self, cx: &Cx<'_>) -> bool {
        let guards = self.endpoint.view.guards.iter();
        let mut classes = guards
            .filter(|guard| guard.source == GuardSource::DrfClass && self.may_pass(guard))
            .filter_map(|guard| cx.counting_method(&cx.named(&guard.what)?, "has_permission"));
        classes.any(|(at, id, _)| {
            at.code.function(id).is_some_and(|function| {
                at.calls_in(function).into_iter().any(|call| {
                    let called = at.called(call);
                    !matches!(called, Some("bool" | "getattr" | "has_permission" | "super"))
                })
            })
        })
    }

    /// Whether a guard stands before one of the methods by which it is sent.
    fn may_pass(&self, guard: &Guarding) -> bool {
        self.endpoint.writing_methods().iter().any(|method| guard.covers(method))
    }

    /// Who may send it. A function answers by several methods; it is sent by one that writes.
    fn level(&self) -> Option<&Level> {
        let is_function = self.endpoint.class().is_none();
        if is_function {
            let writing = self.endpoint.writing_methods().into_iter();
            return writing.filter_map(|method| self.endpoint.level(method)).min();
        }
        self.endpoint.level_for(&self.used.handler)
    }

    /// Whether a generic view makes the form of the fields of its model.
    pub(super) fn is_of_view(&self) -> bool {
        self.used.model.as_ref() == Some(&self.used.class)
    }

    pub(super) fn who(&self) -> &'static str {
        if self.level().is_some_and(Level::is_public) { "anybody" } else { "any user" }
    }

    /// What stays the same when code moves: one of its fields.
    pub(super) fn subject(&self, cx: &Cx<'_>, field: &str) -> String {
        let class = cx.program.dotted(&self.used.class).unwrap_or_default();
        format!("{class}.{field}")
    }

    /// Whether the code of the view gives a field a value of its own, or looks at what came in it.
    pub(super) fn decides(&self, cx: &Cx<'_>, field: &str) -> bool {
        if self.used.given.iter().any(|given| **given == *field) {
            return true;
        }
        // What is done for new rows says nothing about changes, and the other way round.
        let other: &[&str] = match self.used.act {
            FormAct::Creates => &["perform_update", "update", "partial_update"],
            FormAct::Updates => &["perform_create", "create"],
            FormAct::Made => &[],
        };
        self.any_function(cx, |at, function| {
            !other.contains(&at.code.text(function.name)) && mentions(at, function, field)
        })
    }

    /// Whether something holds for a function that runs for the view, or a method of its class.
    pub(super) fn any_function(
        &self,
        cx: &Cx<'_>,
        holds: impl Fn(Site<'_>, &Function) -> bool,
    ) -> bool {
        let of_class = self.endpoint.class().is_some_and(|class| any_method(cx, class, &holds));
        of_class || cx.functions_of(self.endpoint.view).any(|(at, function)| holds(at, function))
    }
}

/// What counts as the `Meta` of a class: its own, or an inherited one.
pub(super) fn meta(cx: &Cx<'_>, class: &QualifiedName) -> Option<QualifiedName> {
    let AttributeValue::Class(module, code, id) = cx.classes.attribute(class, "Meta")?.value else {
        return None;
    };
    Some(cx.program.resolve(module, &code.class(id)?.path))
}

/// What a form or serializer lists as its fields, and where.
pub(super) struct Listed<'a> {
    pub(super) at: Site<'a>,
    pub(super) said: Said<'a>,
    pub(super) place: Span,
}

/// What counts as the list of fields of a form or serializer: what `Meta` says; of a view that makes
/// its form itself, what the view says.
pub(super) fn listed<'a>(cx: &Cx<'a>, sent: &Sent<'a, '_>) -> Option<Listed<'a>> {
    let (at, value) = if sent.is_of_view() {
        cx.assigned(sent.endpoint.class()?, "fields")?
    } else {
        let meta = meta(cx, &sent.used.class)?;
        if let Some(found) = cx.assigned(&meta, "fields") {
            found
        } else {
            let (at, value) = cx.assigned(&meta, "exclude")?;
            return Some(Listed {
                at,
                said: fields::except(at, value),
                place: at.expr_span(value),
            });
        }
    };
    Some(Listed { at, said: fields::read(at, value), place: at.expr_span(value) })
}
