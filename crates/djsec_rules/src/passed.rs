//! The functions that data goes through on its way into a sink, and who has them run.

use djsec_base::Span;
use djsec_django::views::Level;
use djsec_flow::Flow;
use djsec_python::QualifiedName;
use djsec_python::code::FunctionId;

use crate::own::{self, Site};
use crate::{Cx, Endpoint};

/// A function that the data goes through.
pub(crate) struct Passed<'a> {
    at: Site<'a>,
    id: FunctionId,
    /// The class in whose body it stands.
    owner: Option<QualifiedName>,
}

/// The functions on the way of some data, each once.
pub(crate) fn passed<'a>(cx: &Cx<'a>, flow: &Flow) -> Vec<Passed<'a>> {
    let mut all: Vec<Passed<'a>> = Vec::new();
    for place in flow.steps.iter().map(|step| step.place).chain([flow.place]) {
        if let Some(function) = Passed::at(cx, place)
            && !all.iter().any(|known| known.is(&function))
        {
            all.push(function);
        }
    }
    all
}

/// Whether all views for which these functions are seen to run need more than a login. What no view is seen to run
/// may be run by one that is not seen.
pub(crate) fn is_closed(cx: &Cx<'_>, passed: &[Passed<'_>]) -> bool {
    let mut reached = cx.endpoints().filter_map(|endpoint| {
        let by = passed.iter().find(|function| function.runs_for(cx, &endpoint))?;
        Some(by.is_open(&endpoint))
    });
    reached.next() == Some(false) && !reached.any(|open| open)
}

/// Whether a view for which one of these functions is seen to run is for everybody.
pub(crate) fn is_public(cx: &Cx<'_>, passed: &[Passed<'_>]) -> bool {
    cx.endpoints().any(|endpoint| {
        let by = passed.iter().find(|function| function.runs_for(cx, &endpoint));
        by.is_some_and(|by| by.level_of(&endpoint).is_some_and(Level::is_public))
    })
}

impl<'a> Passed<'a> {
    fn at(cx: &Cx<'a>, place: Span) -> Option<Self> {
        let at = cx.site_of(place.file)?;
        let start = place.range.start();
        let id = at.code.function_around(start)?;
        let class = at.code.class_around(start).and_then(|class| at.code.class(class));
        let owner = class.map(|class| cx.program.resolve(at.module, &class.path));
        Some(Self { at, id, owner })
    }

    fn is(&self, other: &Self) -> bool {
        self.at.module == other.at.module && self.id == other.id
    }

    /// Whether it asks Django for a permission: then that on the chosen model.
    pub(crate) fn asks_permission(&self) -> bool {
        const ASKED: &[&str] =
            &["has_perm", "has_perms", "has_module_perms", "get_objects_for_user"];
        let function = self.at.code.function(self.id);
        function.is_some_and(|function| self.at.mentions(function, ASKED))
    }

    /// Whether it is a method of an admin, which asks for permissions itself.
    pub(crate) fn is_of_admin(&self, cx: &Cx<'_>) -> bool {
        let class = self.owner.as_ref().and_then(|owner| cx.own_class(owner));
        class.is_some_and(|class| {
            [own::Kind::ModelAdmin, own::Kind::Inline, own::Kind::AdminSite]
                .iter()
                .any(|kind| class.is(*kind))
        })
    }

    /// Whether it runs for a view: it is one of the functions that Django calls, or a method of its class.
    fn runs_for(&self, cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
        let is = |body: &djsec_django::views::Body| {
            body.module == self.at.module && body.function == self.id
        };
        let of_class = || {
            let (Some(class), Some(owner)) = (endpoint.class(), &self.owner) else { return false };
            cx.classes.order(class).contains(owner)
        };
        endpoint.view.bodies.iter().any(is) || of_class()
    }

    /// Whether no more than a login is needed for it to run for a view.
    fn is_open(&self, endpoint: &Endpoint<'_>) -> bool {
        self.level_of(endpoint).is_none_or(|level| !level.needs_more_than_login())
    }

    fn level_of<'e>(&self, endpoint: &'e Endpoint<'_>) -> Option<&'e Level> {
        let name = self.at.code.function(self.id).map_or("", |f| self.at.code.text(f.name));
        endpoint.level_for(name)
    }
}
