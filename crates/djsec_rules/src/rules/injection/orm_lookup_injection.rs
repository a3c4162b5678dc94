use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds names of look-ups that a request chooses: `filter(**request.GET.dict())`, or a dict whose
    /// keys come from it, in `filter`, `exclude`, `get`, `Q` and `When`.
    ///
    /// ## Why it matters
    /// A look-up follows relations. `owner__password__startswith=pbkdf2` tells, one letter after the
    /// other, what no page shows. In versions of Django without the fix for CVE-2025-64459, `_connector`
    /// puts SQL into the statement as well.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.http import JsonResponse
    ///
    ///
    /// def search(request):
    ///     found = User.objects.filter(**request.GET.dict())  # finding
    ///     return JsonResponse({"count": found.count()})
    /// ```
    ///
    /// ## Not flagged
    /// Names of the source, whatever the values are, and names that were looked at before:
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.http import JsonResponse
    ///
    /// ALLOWED = {"username", "first_name"}
    ///
    ///
    /// def search(request):
    ///     found = User.objects.filter(**{"username__icontains": request.GET["q"]})
    ///     chosen = {k: v for k, v in request.GET.items() if k in ALLOWED}
    ///     return JsonResponse({"count": found.filter(**chosen).count()})
    /// ```
    ///
    /// ## How to fix
    /// Write the names of the look-ups in the source and take only the values from the request.
    /// django-filter does so for a list of declared fields. Where names have to come from outside, keep
    /// those that are in a fixed set.
    ///
    /// ## Limits
    /// Names that an address takes (`**self.kwargs`) and the fields of a form or serializer are fixed,
    /// and are not counted.
    ///
    /// ## References
    /// - [Django: CVE-2025-64459](https://www.djangoproject.com/weblog/2025/nov/05/security-releases/)
    RULE {
        id: "orm-lookup-injection",
        group: "injection",
        summary: "data of a request chooses the look-ups of a query",
        severity: High,
        cwe: [89, 943],
        owasp: ["2025:A05"],
        asvs: ["5.0:2.2.1"],
        checklist: ["query-fields-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Lookup], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("write the names in the source, or keep those that are in a fixed set")
        .done();
}
