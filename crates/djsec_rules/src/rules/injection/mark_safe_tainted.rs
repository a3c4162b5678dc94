use djsec_flow::{Flow, Kind};

use crate::html::Html;
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of what `mark_safe`, `SafeString` or markupsafe's
    /// `Markup` declares to be safe HTML.
    ///
    /// ## Why it matters
    /// Templates escape everything but this. A script in the value runs in the browser of whoever sees
    /// the page, with their session.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// def search(request):
    ///     found = mark_safe("No results for <b>" + request.GET["q"] + "</b>")  # finding
    ///     return render(request, "search.html", {"found": found})
    /// ```
    ///
    /// ## Not flagged
    /// Formats that escape what they are given, cleaned HTML, and constants:
    /// ```python views.py
    /// import nh3
    /// from django.shortcuts import render
    /// from django.utils.html import escape, format_html
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// def search(request):
    ///     found = format_html("No results for <b>{}</b>", request.GET["q"])
    ///     note = mark_safe("<i>" + escape(request.GET["note"]) + "</i>")
    ///     text = mark_safe(nh3.clean(request.POST.get("text", "")))
    ///     icon = mark_safe("<svg></svg>")
    ///     context = {"found": found, "note": note, "text": text, "icon": icon}
    ///     return render(request, "search.html", context)
    /// ```
    ///
    /// ## How to fix
    /// Write the HTML as the format of `format_html` and pass the values as its arguments. Clean HTML
    /// that users may write (nh3, bleach) before you mark it.
    ///
    /// ## Limits
    /// Follows data of requests, and what was stored before where a view is seen that stores what any user sends;
    /// with `--confidence low` also other stored data. What JavaScript or an attribute without quotes makes of
    /// escaped text is not looked at. HTML that markdown makes counts as not cleaned.
    ///
    /// ## References
    /// - [Django: mark_safe](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.safestring.mark_safe)
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "mark-safe-tainted",
        group: "injection",
        summary: "data of a request is marked as safe HTML",
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
    if cx.html_of(flow) != Some(&Html::Marked) {
        return;
    }
    tell_html(&RULE, cx, flow, "becomes part of", out)
        .help("write the HTML as the format of `format_html` and pass the value as an argument")
        .done();
}
