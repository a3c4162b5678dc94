//! The API views of the project that say nothing themselves, and so follow the defaults.

use std::collections::BTreeSet;

use djsec_base::Span;
use djsec_django::settings::SettingRef;
use djsec_python::{Binding, BindingKind, ModuleId, Program, QualifiedName};

use crate::{Class, Cx};

/// What the views of an API do about one of DRF's defaults.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// A view that follows the default, if there is one: the first in the order of the files.
    pub follows: Option<String>,
    /// How many follow it.
    pub count: usize,
    /// How many say something of their own.
    pub own: usize,
    /// Names of views that do not count.
    apart: BTreeSet<String>,
}

/// What a view says by itself.
pub(super) struct Own {
    /// Attributes and methods of a class (`permission_classes`, `get_permissions`).
    pub attributes: &'static [&'static str],
    /// The decorator of a function.
    pub decorator: &'static str,
    /// Bases that make a class one of these views: prefixes of dotted names in `rest_framework`.
    pub bases: &'static [&'static str],
}

/// Every kind of view.
pub(super) const VIEWS: &[&str] =
    &["rest_framework.views.", "rest_framework.generics.", "rest_framework.viewsets."];

/// Those that list rows, and what they say about pages.
pub(super) const LISTS: Own = Own {
    attributes: &["pagination_class", "paginate_queryset", "paginator", "list"],
    decorator: "",
    bases: &[
        "rest_framework.generics.List",
        "rest_framework.viewsets.ModelViewSet",
        "rest_framework.viewsets.ReadOnlyModelViewSet",
    ],
};

/// Surveys the project's API views. Classes that others are derived from, tests, and classes of
/// which not every base is known are left out.
pub(super) fn survey(cx: &Cx<'_>, own: &Own) -> Survey {
    survey_but(cx, own, BTreeSet::new())
}

/// The same without some of the views.
pub(super) fn survey_but(cx: &Cx<'_>, own: &Own, apart: BTreeSet<String>) -> Survey {
    let program = cx.program;
    let mut survey = Survey { apart, ..Survey::default() };
    let api = cx.rest_framework();
    let found: Vec<&Class> =
        api.classes.iter().filter(|class| is_view(&class.order, own.bases)).collect();
    for (id, module) in cx.own_modules() {
        for binding in &module.summary.bindings {
            if let BindingKind::Function(decorators) = &binding.kind
                && decorators.iter().any(|found| api.kin.may_be(found))
            {
                function(program, id, binding, decorators, own, &mut survey);
            }
        }
    }
    let bases: BTreeSet<&QualifiedName> =
        found.iter().flat_map(|class| class.order.iter().skip(1)).collect();
    for class in &found {
        if bases.contains(&class.name) {
            continue;
        }
        match says_own(program, &class.order, own) {
            Some(true) => survey.own += 1,
            Some(false) => survey.add(program.dotted(&class.name)),
            None => {}
        }
    }
    survey
}

impl Survey {
    fn add(&mut self, name: Option<String>) {
        if name.as_ref().is_some_and(|name| self.apart.contains(name)) {
            return;
        }
        self.count += 1;
        if self.follows.is_none() {
            self.follows = name;
        }
    }

    /// The views in words, to follow "such as": `shop.views.OrderList (and 3 more)`.
    pub(super) fn words(&self) -> Option<String> {
        let name = self.follows.as_ref()?;
        Some(match self.count {
            0 | 1 => format!("`{name}`"),
            count => format!("`{name}` and {} more", count - 1),
        })
    }
}

/// Where to report a default that the project left alone without a word: the app's installation.
pub(super) fn default_place(cx: &Cx<'_>, setting: &SettingRef<'_>) -> Option<Span> {
    if setting.explicit { None } else { cx.app_place("rest_framework") }
}

fn is_view(order: &[QualifiedName], bases: &[&str]) -> bool {
    order.iter().any(|base| match base {
        QualifiedName::External(name) => bases.iter().any(|prefix| name.starts_with(prefix)),
        _ => false,
    })
}

/// Whether a class of the hierarchy says something of its own; `None` where it may.
fn says_own(program: &Program, order: &[QualifiedName], own: &Own) -> Option<bool> {
    let mut known = true;
    for name in order {
        match name {
            QualifiedName::External(name) => known &= name.starts_with("rest_framework."),
            QualifiedName::Project(..) => {
                let Some(class) = program.class(name) else {
                    known = false;
                    continue;
                };
                if class.attributes.iter().any(|found| own.attributes.contains(&&*found.name)) {
                    return Some(true);
                }
            }
            QualifiedName::Module(_) | QualifiedName::Unknown => known = false,
        }
    }
    known.then_some(false)
}

fn function(
    program: &Program,
    id: ModuleId,
    binding: &Binding,
    decorators: &[Box<str>],
    own: &Own,
    survey: &mut Survey,
) {
    if !own.bases.contains(&"rest_framework.views.") {
        return;
    }
    let is = |name: &str| {
        let wanted = format!("rest_framework.decorators.{name}");
        decorators.iter().any(|found| program.resolve(id, found).is_external(&wanted))
    };
    if !is("api_view") {
        return;
    }
    if is(own.decorator) {
        survey.own += 1;
    } else {
        let name = program.resolve(id, &binding.name);
        survey.add(program.dotted(&name));
    }
}
