use djsec_flow::{Flow, Kind};

use crate::flows::report;
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request in messages with the tag `safe` (`extra_tags="safe"`), which is how
    /// templates are told to print a message by `|safe`.
    ///
    /// ## Why it matters
    /// The message goes to the page as it is, on the next page that the visitor opens. A script in it runs
    /// with their session.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib import messages
    /// from django.shortcuts import redirect
    ///
    ///
    /// def rename(request):
    ///     text = f"Renamed to <b>{request.POST['name']}</b>"
    ///     messages.success(request, text, extra_tags="safe")  # finding
    ///     return redirect("products")
    /// ```
    ///
    /// ## Not flagged
    /// Fixed HTML, escaped values, and messages that templates escape:
    /// ```python views.py
    /// from django.contrib import messages
    /// from django.shortcuts import redirect
    /// from django.utils.html import format_html
    ///
    ///
    /// def rename(request):
    ///     name = request.POST["name"]
    ///     text = format_html("Renamed to <b>{}</b>", name)
    ///     messages.success(request, text, extra_tags="safe")
    ///     messages.info(request, '<a href="/undo/">Undo</a>', extra_tags="safe")
    ///     messages.info(request, f"It was renamed to {name}")
    ///     messages.info(request, f"It was renamed to {name}", extra_tags="unsafe")
    ///     return redirect("products")
    /// ```
    ///
    /// ## How to fix
    /// Make the message with `format_html`, which marks what it gives as safe by itself: it needs neither
    /// the tag nor `|safe` in the template.
    ///
    /// ## Limits
    /// Whether a template looks at the tag is not looked at. Messages and errors that are marked by
    /// `mark_safe` are reported by `mark-safe-tainted`. With `--confidence low` also stored data counts.
    ///
    /// ## References
    /// - [Django: adding extra message tags](https://docs.djangoproject.com/en/stable/ref/contrib/messages/#adding-extra-message-tags)
    RULE {
        id: "message-or-error-marked-safe",
        group: "injection",
        summary: "a message with data of a request is printed as HTML",
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
    if cx.html_of(flow) != Some(&Html::Message) {
        return;
    }
    report(&RULE, flow, "becomes part of", out)
        .help("make the message with `format_html`, without the tag")
        .done();
}
