use djsec_flow::{Flow, Kind};

use super::report::{is_fixture, report};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that `django.core.serializers.deserialize` reads: the format of `dumpdata`
    /// and `loaddata`.
    ///
    /// ## Why it matters
    /// What is in it names the model and every field. Whoever sends it makes a user with `is_superuser`,
    /// changes the password of another, or writes rows of any other model, past all forms and
    /// permissions.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core import serializers
    /// from django.http import JsonResponse
    ///
    ///
    /// def restore(request):
    ///     for item in serializers.deserialize("json", request.body):  # finding
    ///         item.save()
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## Not flagged
    /// A form or a serializer with its own fields:
    /// ```python views.py
    /// from django import forms
    /// from django.core import serializers
    /// from django.http import JsonResponse
    ///
    ///
    /// class ProductForm(forms.Form):
    ///     name = forms.CharField()
    ///
    ///
    /// def restore(request):
    ///     form = ProductForm(request.POST)
    ///     return JsonResponse({"valid": form.is_valid()})
    ///
    ///
    /// def examples(request):
    ///     with open("/srv/examples.json") as file:
    ///         return JsonResponse({"count": len(list(serializers.deserialize("json", file)))})
    /// ```
    ///
    /// ## How to fix
    /// Read the data with a form or a serializer that names the model and its fields. If it has to be
    /// this format, refuse every object whose model is not the one that is meant, before `save()`.
    ///
    /// ## Limits
    /// Checks of the model that is named in each object are not seen, nor who may call the view: for a
    /// tool of administrators it is less severe than it says. `loaddata` with a path from a request is
    /// `management-command-injection`.
    ///
    /// ## References
    /// - [Django: serializing objects](https://docs.djangoproject.com/en/stable/topics/serialization/)
    RULE {
        id: "fixture-deserialization-from-user",
        group: "injection",
        summary: "data of a request is read as rows of any model",
        severity: Critical,
        cwe: [502, 915],
        owasp: ["2025:A08"],
        asvs: ["5.0:15.3.3"],
        checklist: ["no-unsafe-deserialization", "mass-assignment"],
        since: "next",
        checks: [Check::Flow(&[Kind::Deserialize], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_fixture(flow) {
        report(&RULE, flow, "is read as", out)
            .help("read it with a form or a serializer that names the model and its fields")
            .done();
    }
}
