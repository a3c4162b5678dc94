use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds names that a request chooses for what a query works out: `annotate(**names)`, `alias`,
    /// `aggregate`, `values` and `values_list`.
    ///
    /// ## Why it matters
    /// Such a name becomes part of the SQL statement. Django checks it, and had to learn again and again
    /// which characters end it: CVE-2022-28346, CVE-2024-42005, CVE-2025-57833 and CVE-2025-59681 all
    /// need exactly this.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.db.models import Count
    /// from django.http import JsonResponse
    ///
    ///
    /// def totals(request):
    ///     names = {request.GET["label"]: Count("pk")}
    ///     return JsonResponse(User.objects.aggregate(**names))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// A name of the source, which is replaced in the answer:
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.db.models import Count
    /// from django.http import JsonResponse
    ///
    ///
    /// def totals(request):
    ///     total = User.objects.aggregate(total=Count("pk"))["total"]
    ///     return JsonResponse({request.GET["label"]: total})
    /// ```
    ///
    /// ## How to fix
    /// Write the names in the source, and put the names that users chose on the result.
    ///
    /// ## Limits
    /// Names of columns that are given as positional arguments are `orm-order-or-field-from-request`.
    ///
    /// ## References
    /// - [Django: security releases](https://docs.djangoproject.com/en/stable/releases/security/)
    RULE {
        id: "orm-alias-injection",
        group: "injection",
        summary: "data of a request chooses the names of columns",
        severity: High,
        cwe: [89],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.4"],
        checklist: ["sql-parameterised", "query-fields-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Alias], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("write the names in the source, and rename what comes out")
        .done();
}
