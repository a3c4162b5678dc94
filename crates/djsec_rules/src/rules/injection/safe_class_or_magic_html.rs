use djsec_flow::{Flow, Kind};

use crate::html::Html;
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request in what an object says is its HTML: `__html__`, and `__str__` of a class with
    /// `html_safe`.
    ///
    /// ## Why it matters
    /// Templates, `format_html` and `conditional_escape` ask an object for its `__html__` and escape nothing
    /// of that. No `mark_safe` shows in review that the text must have been escaped.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// class Badge:
    ///     def __init__(self, label):
    ///         self.label = label
    ///
    ///     def __html__(self):
    ///         return f"<span>{self.label}</span>"  # finding
    ///
    ///
    /// def preview(request):
    ///     badge = Badge(request.GET["label"])
    ///     return render(request, "preview.html", {"badge": badge})
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.utils.html import format_html
    ///
    ///
    /// class Badge:
    ///     def __init__(self, label):
    ///         self.label = label
    ///
    ///     def __html__(self):
    ///         return format_html("<span>{}</span>", self.label)
    ///
    ///     def __str__(self):
    ///         return f"<{self.label}>"
    ///
    ///
    /// def preview(request):
    ///     badge = Badge(request.GET["label"])
    ///     return render(request, "preview.html", {"badge": badge})
    /// ```
    ///
    /// ## How to fix
    /// Make the HTML with `format_html`.
    ///
    /// ## Limits
    /// Follows data of requests, and what was stored before where a view is seen that stores what any user sends;
    /// with `--confidence low` also other stored data. Classes derived from `SafeString` are reported by
    /// `mark-safe-tainted`, where they are made.
    ///
    /// ## References
    /// - [Django: html_safe](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.html_safe)
    RULE {
        id: "safe-class-or-magic-html",
        group: "injection",
        summary: "an object says that data of a request is its HTML",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Html], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if cx.html_of(flow) != Some(&Html::Magic) {
        return;
    }
    tell_html(&RULE, cx, flow, "becomes part of", out)
        .help("make the HTML with `format_html`")
        .done();
}
