use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds names of fields that a request chooses for `order_by`, `values`, `values_list`, `only`,
    /// `defer`, `distinct`, `dates` and `datetimes`.
    ///
    /// ## Why it matters
    /// Names of fields follow relations. The order of rows by `owner__password` tells which password's
    /// hash is the smaller one, and `values` shows it at once. A name that is none gives a server error.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.shortcuts import render
    ///
    ///
    /// def users(request):
    ///     rows = User.objects.order_by(request.GET.get("sort", "username"))  # finding
    ///     return render(request, "users.html", {"rows": rows})
    /// ```
    ///
    /// ## Not flagged
    /// A fixed set of fields:
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.shortcuts import render
    ///
    /// SORTABLE = {"name": "username", "new": "-date_joined"}
    ///
    ///
    /// def users(request):
    ///     rows = User.objects.order_by(SORTABLE.get(request.GET.get("sort"), "username"))
    ///     return render(request, "users.html", {"rows": rows})
    /// ```
    ///
    /// ## How to fix
    /// Look the field up in a dict of those that may be chosen. REST framework's `OrderingFilter` does so
    /// with `ordering_fields`.
    ///
    /// ## Limits
    /// A field that is read by name from an object (`getattr(row, name)`) is not reported.
    ///
    /// ## References
    /// - [Django: order_by](https://docs.djangoproject.com/en/stable/ref/models/querysets/#order-by)
    RULE {
        id: "orm-order-or-field-from-request",
        group: "injection",
        summary: "data of a request chooses the field that rows are ordered by or that is shown",
        severity: Medium,
        cwe: [200, 943],
        owasp: ["2025:A01"],
        asvs: ["5.0:2.2.1"],
        checklist: ["query-fields-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Order], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("look the field up in a dict of those that may be chosen")
        .done();
}
