use djsec_base::Span;
use djsec_flow::{Flow, Kind};
use djsec_python::QualifiedName;
use djsec_python::code::FunctionId;

use super::report::report;
use crate::own::{self, Site};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that chooses a model, where rows of that model are then read or written:
    /// `apps.get_model(request.GET["model"]).objects.all()`, a row of `ContentType` by its name,
    /// `getattr(models, name)`.
    ///
    /// ## Why it matters
    /// Every installed model can be named, also those of Django and of packages: users with their
    /// passwords' hashes, sessions, tokens, log entries. What the page was made for does not limit it.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.apps import apps
    /// from django.http import JsonResponse
    ///
    ///
    /// def export(request):
    ///     model = apps.get_model("shop", request.GET["model"])
    ///     rows = list(model.objects.values())  # finding
    ///     return JsonResponse({"rows": rows})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("export/", views.export)]
    /// ```
    ///
    /// ## Not flagged
    /// A table of the models that may be chosen:
    /// ```python views.py
    /// from django.apps import apps
    /// from django.http import Http404, JsonResponse
    ///
    /// EXPORTED = {"product", "category"}
    ///
    ///
    /// def export(request):
    ///     name = request.GET["model"]
    ///     if name not in EXPORTED:
    ///         raise Http404
    ///     model = apps.get_model("shop", name)
    ///     return JsonResponse({"rows": list(model.objects.values())})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("export/", views.export)]
    /// ```
    ///
    /// ## How to fix
    /// Look the model up in a dict or set of those that may be chosen. Where it really may be any, ask for
    /// the permission on it: `user.has_perm(f"{app}.view_{name}")`.
    ///
    /// ## Limits
    /// Views for staff are left out, and so is code that asks for a permission by `has_perm`, for a mark that
    /// only models of the project have (`hasattr(model, "search_fields")`), or for a base class. Ids of
    /// content types that are converted to numbers first are not seen. What is imported by a name of the
    /// request is `code-injection`, whatever is done with it.
    ///
    /// ## References
    /// - [Django: the application registry](https://docs.djangoproject.com/en/stable/ref/applications/#django.apps.apps.get_model)
    RULE {
        id: "dynamic-model-access",
        group: "injection",
        summary: "data of a request chooses the model whose rows are used",
        severity: High,
        cwe: [470, 639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2", "5.0:15.3.1"],
        checklist: ["object-ownership", "input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Model], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let mut passed: Vec<Passed<'_>> = Vec::new();
    for place in flow.steps.iter().map(|step| step.place).chain([flow.place]) {
        if let Some(function) = Passed::at(cx, place)
            && !passed.iter().any(|known| known.is(&function))
        {
            passed.push(function);
        }
    }
    if passed.iter().any(|function| function.asks_permission() || function.is_of_admin(cx)) {
        return;
    }
    let mut reached = cx.endpoints().filter_map(|endpoint| {
        let by = passed.iter().find(|function| function.runs_for(cx, &endpoint))?;
        Some(by.is_open(&endpoint))
    });
    // What no view is seen to run may be run by one that is not seen.
    let first = reached.next();
    if first == Some(false) && !reached.any(|open| open) {
        return;
    }
    report(&RULE, flow, "chooses", out)
        .help("look the model up in a table of those that may be chosen")
        .done();
}

/// A function that the data goes through.
struct Passed<'a> {
    at: Site<'a>,
    id: FunctionId,
    /// The class in whose body it stands.
    owner: Option<QualifiedName>,
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
    fn asks_permission(&self) -> bool {
        const ASKED: &[&str] =
            &["has_perm", "has_perms", "has_module_perms", "get_objects_for_user"];
        let function = self.at.code.function(self.id);
        function.is_some_and(|function| self.at.mentions(function, ASKED))
    }

    /// Whether it is a method of an admin, which asks for permissions itself.
    fn is_of_admin(&self, cx: &Cx<'_>) -> bool {
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
        let name = self.at.code.function(self.id).map_or("", |f| self.at.code.text(f.name));
        endpoint.level_for(name).is_none_or(|level| !level.needs_more_than_login())
    }
}
