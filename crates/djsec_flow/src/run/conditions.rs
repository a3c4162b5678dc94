//! What the models ask of other arguments: `when` and `unless`.

use std::sync::Arc;

use djsec_django::hierarchy::{AttributeValue, KnownValue};
use djsec_python::code::{Code, ExprId};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::construct::last_of;
use super::waits::parameter;
use crate::Kinds;
use crate::args::Args;
use crate::catalog::{Condition, Model, Sanitizer, Slot, Test, last};
use crate::taint::Origin;
use crate::value::{MADE, Value, What};

impl Run<'_, '_> {
    /// As what a call gives nothing harmful, by what it is given.
    pub(super) fn made_safe(&self, model: &Model, args: &Args) -> Kinds {
        let holds = |one: &&Sanitizer| {
            let open = self.undecided((&one.when, &one.unless), args);
            open.is_some_and(|open| open.is_empty())
        };
        let safe = model.safe_if.iter().filter(holds);
        safe.fold(model.safe, |all, one| all.or(one.safe))
    }

    /// The conditions that cannot be decided; `None` where one says no.
    pub(super) fn undecided<'s>(
        &self,
        (when, unless): (&'s [Condition], &'s [Condition]),
        args: &Args,
    ) -> Option<Vec<&'s Condition>> {
        let mut open = Vec::new();
        for (conditions, wanted) in [(when, true), (unless, false)] {
            for condition in conditions {
                match self.holds(condition, args) {
                    Some(holds) if holds == wanted => {}
                    Some(_) => return None,
                    None => open.push(condition),
                }
            }
        }
        Some(open)
    }

    /// Whether an argument is what a condition says; `None` where that cannot be told.
    fn holds(&self, condition: &Condition, args: &Args) -> Option<bool> {
        if condition.slots.contains(&Slot::Owner) {
            return Some(self.owner_is(condition));
        }
        let Some(given) = given(condition, args) else {
            // What is not given has its default, unless `**options` may hold it.
            return args.is_complete().then_some(false);
        };
        // What it is where the caller gives nothing decides nothing here.
        if is_argument(given) && matches!(given.what, What::Bool(_) | What::Text(_)) {
            return None;
        }
        let what = match &condition.field {
            None => &given.what,
            Some(field) => match given.known_field(field) {
                Some(value) => &value.what,
                None => return given.known_field(MADE).map(|_| false),
            },
        };
        self.passes(&condition.test, what)
    }

    /// Whether something is what a test asks for.
    fn passes(&self, test: &Test, what: &What) -> Option<bool> {
        if let What::Either(all) = what {
            let mut each = all.iter().map(|what| self.passes(test, what));
            let first = each.next()?;
            return first.filter(|first| each.all(|one| one == Some(*first)));
        }
        match (test, what) {
            (Test::Given, _) => Some(true),
            (Test::Is(wanted), What::Bool(is)) => Some(is == wanted),
            (Test::Contains(part), What::Text(text)) => Some(text.contains(&**part)),
            (Test::Lacks(part), What::Text(text)) => Some(!text.contains(&**part)),
            (Test::Names(names), What::Text(text)) => Some(names.contains(text)),
            (Test::Names(names), What::Name(QualifiedName::External(name))) => Some(
                names
                    .iter()
                    .any(|wanted| wanted == name || name.ends_with(&format!(".{}", last(wanted)))),
            ),
            (Test::Class(wanted), What::Name(class) | What::Instance(class)) => {
                Some(self.is_of_class(class, wanted))
            }
            (Test::Defines(method), What::Name(class) | What::Instance(class)) => {
                Some(!self.overrides(class, method).is_empty())
            }
            _ => None,
        }
    }

    /// Whether a class is one of some classes of packages, or derived from one.
    pub(super) fn is_of_class(&self, class: &QualifiedName, wanted: &[Arc<str>]) -> bool {
        let canonical = self.world.hierarchy.canonical(class);
        let mut known = self.external_bases(class);
        known.extend(self.external_bases(&canonical));
        known.iter().any(|base| wanted.contains(base))
    }

    /// Whether the class or the function that a call stands in lists a class under a name.
    fn owner_is(&self, condition: &Condition) -> bool {
        match (&condition.field, &condition.test) {
            (Some(field), Test::Class(wanted)) => self.owner_lists(field, wanted),
            _ => false,
        }
    }

    /// The same of a function by its decorators.
    pub(super) fn decorators_list(&self, field: &str, wanted: &[Arc<str>]) -> bool {
        let mut is_view = false;
        for decorator in self.code.exprs(self.function.decorators) {
            let (callee, arguments) = self.code.call(*decorator).unwrap_or((*decorator, &[]));
            let Some(name) = self.named(callee) else { continue };
            is_view |= name.is_external("rest_framework.decorators.api_view");
            let listed = arguments.first().filter(|_| last_of(&name) == Some(field));
            if let Some(listed) = listed {
                return self.is_listed((self.module, self.code, listed.value), wanted);
            }
        }
        // Such a function becomes the handler of a class with nothing of its own.
        let class = || QualifiedName::External(Arc::from("rest_framework.views.APIView"));
        is_view && self.lists(&class(), field, wanted)
    }

    /// Whether one of some classes stands in the list that a class has under a name.
    pub(super) fn lists(&self, class: &QualifiedName, field: &str, wanted: &[Arc<str>]) -> bool {
        match self.world.hierarchy.attribute(class, field).map(|found| found.value) {
            Some(AttributeValue::Assigned(module, code, value)) => {
                self.is_listed((module, code, value), wanted)
            }
            Some(AttributeValue::Known(KnownValue::Setting(path))) => {
                self.settings_list(path, wanted)
            }
            _ => false,
        }
    }

    pub(super) fn is_listed(
        &self,
        (module, code, list): (ModuleId, &Code, ExprId),
        wanted: &[Arc<str>],
    ) -> bool {
        if let Some(listed) = code.elements(list) {
            return listed.iter().any(|id| {
                let name = self.world.named((module, code), *id);
                name.is_some_and(|name| self.is_of_class(&name, wanted))
            });
        }
        // `renderer_classes = api_settings.DEFAULT_RENDERER_CLASSES`
        match self.world.named((module, code), list) {
            Some(QualifiedName::External(name)) => {
                let key = name.strip_prefix("rest_framework.settings.api_settings.");
                key.is_some_and(|key| self.settings_list(&format!("REST_FRAMEWORK.{key}"), wanted))
            }
            _ => false,
        }
    }

    fn settings_list(&self, path: &str, wanted: &[Arc<str>]) -> bool {
        self.world.listed(path).iter().any(|class| self.is_of_class(class, wanted))
    }
}

/// Whether a value is a parameter or an item of one, as it was given.
fn is_argument(value: &Value) -> bool {
    parameter(value).is_some_and(|label| match &label.origin {
        Origin::Parameter(_, path) => path.as_ref().is_none_or(|path| path.ends_with(']')),
        Origin::Source(_) => false,
    })
}

/// The argument that a condition asks about, also out of `**options`.
fn given<'a>(condition: &Condition, args: &'a Args) -> Option<&'a Value> {
    if let Some(given) = args.given(&condition.slots) {
        return Some(&given.value);
    }
    condition.slots.iter().find_map(|slot| match slot {
        Slot::Named(name) => args.named(name),
        _ => None,
    })
}
