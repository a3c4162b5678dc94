use djsec_base::{Severity, Span};
use djsec_flow::{Flow, Kind};
use djsec_python::code::{Comparison, Expr, ExprId};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds numbers of a request that say how much the server does, with nothing that bounds them: how often
    /// a loop runs, how often a text or a list is repeated, how long the server waits, how many digits a
    /// number has, how large an image becomes, how many rows are read at once.
    ///
    /// ## Why it matters
    /// That a number is a number does not make it small. One request for `999999999` keeps a worker busy or
    /// fills the memory, and a few of them stop the site.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import JsonResponse
    ///
    /// from .models import Book
    ///
    ///
    /// def codes(request):
    ///     count = int(request.GET["count"])
    ///     return JsonResponse({"codes": [new_code() for _ in range(count)]})  # finding
    ///
    ///
    /// def books(request):
    ///     limit = int(request.GET.get("limit", 20))
    ///     return JsonResponse({"books": list(Book.objects.values("title")[:limit])})  # finding
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Book(models.Model):
    ///     title = models.CharField(max_length=100)
    /// ```
    ///
    /// ## Not flagged
    /// What is bounded by `min()`, by a comparison, or by the field of a form:
    /// ```python views.py
    /// from django import forms
    /// from django.http import JsonResponse
    ///
    ///
    /// class Codes(forms.Form):
    ///     count = forms.IntegerField(max_value=50)
    ///
    ///
    /// def codes(request):
    ///     count = min(int(request.GET["count"]), 50)
    ///     return JsonResponse({"codes": [new_code() for _ in range(count)]})
    ///
    ///
    /// def more(request):
    ///     form = Codes(request.GET)
    ///     form.full_clean()
    ///     return JsonResponse({"codes": [new_code() for _ in range(form.cleaned_data["count"])]})
    /// ```
    ///
    /// ## How to fix
    /// Say how much is the most: `min(count, 50)`, `max_value=50` of a form's field.
    ///
    /// ## Limits
    /// Only what was made a number is followed (`int()`, `<int:count>`, fields for numbers), and a comparison
    /// with more than one counts as a bound, whatever is done about it. Of rows that are read between two
    /// ends only what the second end adds to the first counts, and nothing where all are read unless a
    /// number is sent (`if limit:`).
    ///
    /// ## References
    /// - [OWASP: unrestricted resource consumption](https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/)
    RULE {
        id: "unbounded-work",
        group: "injection",
        summary: "a number of a request says how much the server does, without a bound",
        severity: Medium,
        cwe: [770, 400, 1284],
        owasp: ["2025:A06"],
        asvs: ["5.0:15.2.2"],
        checklist: ["no-regex-dos", "input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Amount], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let of_rows = flow.words.contains("rows");
    if of_rows && is_wanted(cx, flow.place) {
        return;
    }
    // One number that bounds nothing is one finding, however often it is used.
    let same = |other: &&Flow| other.source.place == flow.source.place && other.words == flow.words;
    let of_number = cx.flows().of(Kind::Amount).filter(same);
    let mut all = of_number.filter(|other| !of_rows || !is_wanted(cx, other.place));
    if all.next().is_some_and(|first| first.place != flow.place) {
        return;
    }
    let mut found = report(&RULE, flow, "decides", out);
    for other in all {
        found = found.related(Some(other.place), "and here");
    }
    let found = found.help("say how much is the most: `min(…, 50)`");
    // A table may be small.
    if of_rows { found.at_most(Severity::Low).done() } else { found.done() }
}

/// Whether rows are only limited where somebody asks for it, and all are read otherwise: `if limit:`.
fn is_wanted(cx: &Cx<'_>, place: Span) -> bool {
    let Some(at) = cx.site_of(place.file) else { return false };
    let code = at.code;
    let is_count = |id: &ExprId| code.expr_range(*id) == place.range;
    let Some(count) = code.all_exprs().map(|(id, _)| id).find(is_count) else { return false };
    let mut names = Vec::new();
    code.each_inner(count, &mut |id, _| names.extend(code.name(id)));
    at.tests_of(count).into_iter().any(|test| {
        let asked = match code.expr(test) {
            Expr::Compare(left, rest) => match code.comparisons(rest) {
                [(Comparison::IsNot, _)] => left,
                _ => return false,
            },
            _ => test,
        };
        code.name(asked).is_some_and(|name| names.contains(&name))
    })
}
