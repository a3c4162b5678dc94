use djsec_flow::{Flow, Kind};

use crate::html::Html;
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request in the first argument of `format_html` (or in the separator or format of
    /// `format_html_join`): an f-string, or a text that was put together or formatted before.
    ///
    /// ## Why it matters
    /// `format_html` escapes its other arguments only. What is in the format already goes to the page as
    /// it is, so that a script in it runs in the browser of whoever sees it. The call looks safe in
    /// review.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib import messages
    /// from django.shortcuts import redirect
    /// from django.utils.html import format_html
    ///
    ///
    /// def rename(request):
    ///     name = request.POST["name"]
    ///     messages.success(request, format_html(f"Renamed to <b>{name}</b>"))  # finding
    ///     return redirect("products")
    /// ```
    ///
    /// ## Not flagged
    /// A fixed format, and the value as an argument:
    /// ```python views.py
    /// from django.contrib import messages
    /// from django.shortcuts import redirect
    /// from django.utils.html import format_html
    ///
    /// FORMAT = "Renamed to <b>{}</b>"
    ///
    ///
    /// def rename(request):
    ///     messages.success(request, format_html(FORMAT, request.POST["name"]))
    ///     return redirect("products")
    /// ```
    ///
    /// ## How to fix
    /// Leave `{}` in the format and pass the value as an argument: `format_html("Renamed to <b>{}</b>",
    /// name)`.
    ///
    /// ## Limits
    /// Follows data of requests, and what was stored before where a view is seen that stores what any user sends;
    /// with `--confidence low` also other stored data. A format that holds nothing from outside is not reported,
    /// whatever it is put together from.
    ///
    /// ## References
    /// - [Django: format_html](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.format_html)
    RULE {
        id: "format-html-misused",
        group: "injection",
        summary: "data of a request is in the format of `format_html`",
        severity: High,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Html], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if cx.html_of(flow) != Some(&Html::Format) {
        return;
    }
    tell_html(&RULE, cx, flow, "becomes part of", out)
        .help("leave `{}` in the format and pass the value as an argument")
        .done();
}
