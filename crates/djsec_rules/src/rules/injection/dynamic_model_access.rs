use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::passed::{is_closed, passed};
use crate::{Check, Cx, Findings, declare_rule};

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
    let passed = passed(cx, flow);
    if passed.iter().any(|function| function.asks_permission() || function.is_of_admin(cx)) {
        return;
    }
    if is_closed(cx, &passed) {
        return;
    }
    report(&RULE, flow, "chooses", out)
        .help("look the model up in a table of those that may be chosen")
        .done();
}
