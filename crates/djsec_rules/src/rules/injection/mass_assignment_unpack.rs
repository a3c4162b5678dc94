use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds rows that are made or changed with names of fields from a request: `Model(**request.data)`,
    /// `objects.create(**…)`, `update(**…)`, `update_or_create(defaults=…)`, and `setattr` in a loop over
    /// what was sent; and sessions that keep what was sent under a key that was sent, too.
    ///
    /// ## Why it matters
    /// Whoever sends the request adds a field that no form has: `is_superuser`, `owner`, `price` or
    /// `verified`. The row is written as they like. In a session, who is logged in and what they have passed
    /// stands beside everything else.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.http import JsonResponse
    ///
    ///
    /// def edit(request):
    ///     for name, value in request.POST.items():
    ///         setattr(request.user, name, value)  # finding
    ///     request.user.save()
    ///     return JsonResponse({})
    ///
    ///
    /// def register(request):
    ///     User.objects.create(**request.POST.dict())  # finding
    ///     return JsonResponse({})
    ///
    ///
    /// def prefer(request):
    ///     request.session[request.POST["name"]] = request.POST["value"]  # finding
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## Not flagged
    /// Fields that are named, a form, and names of a fixed set:
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.http import JsonResponse
    ///
    /// EDITABLE = ("first_name", "last_name")
    ///
    ///
    /// def edit(request):
    ///     for name in EDITABLE:
    ///         setattr(request.user, name, request.POST[name])
    ///     for name, value in request.POST.items():
    ///         if name in EDITABLE:
    ///             setattr(request.user, name, value)
    ///     request.user.save()
    ///     return JsonResponse({})
    ///
    ///
    /// def register(request):
    ///     User.objects.create(username=request.POST["username"])
    ///     return JsonResponse({})
    ///
    ///
    /// def prefer(request):
    ///     request.session["prefers " + request.POST["name"]] = request.POST["value"]
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## How to fix
    /// Name the fields, or use a form or a serializer with its list of fields and pass its cleaned or
    /// validated data. Keep what visitors name in a mapping of its own in the session, or under a key that
    /// begins with something of yours.
    ///
    /// ## Limits
    /// The data of a form or serializer counts as safe: whether its fields are too many is another rule's
    /// affair. `setattr` on what is no row is reported, too.
    ///
    /// ## References
    /// - [OWASP: mass assignment](https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html)
    RULE {
        id: "mass-assignment-unpack",
        group: "injection",
        summary: "data of a request chooses which fields of a row are written",
        severity: High,
        cwe: [915, 501],
        owasp: ["2025:A08"],
        asvs: ["5.0:15.3.3"],
        checklist: ["mass-assignment"],
        since: "next",
        checks: [Check::Flow(&[Kind::Assignment, Kind::SessionKey], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let help = match flow.kind {
        Kind::SessionKey => {
            "keep it in a mapping of its own, or put something of yours before the key"
        }
        _ => "name the fields, or pass the cleaned data of a form or serializer",
    };
    report(&RULE, flow, "decides", out).help(help).done();
}
