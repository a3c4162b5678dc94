use djsec_flow::{Flow, Kind};

use super::report::{say, source};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds HTML that is put together of tags and data of a request, or of what users stored, and that is sent to a
    /// script as JSON: `JsonResponse({"row": f"<td>{name}</td>"})`.
    ///
    /// ## Why it matters
    /// Nothing escapes what stands between the tags. A script that gets tags puts them into the page as they are
    /// (`innerHTML`, `.html()`, a table that renders its cells), and with them the attacker's.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import JsonResponse
    ///
    ///
    /// def found(request):
    ///     return JsonResponse({"html": f"<h2>Found for {request.GET['q']}</h2>"})  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Data without tags, which the script may put into the page as a text, and tags that know of escaping:
    /// ```python views.py
    /// from django.http import JsonResponse
    /// from django.template.loader import render_to_string
    /// from django.utils.html import format_html
    ///
    ///
    /// def found(request):
    ///     q = request.GET["q"]
    ///     html = format_html("<h2>Found for {}</h2>", q)
    ///     rows = render_to_string("rows.html", {"q": q})
    ///     return JsonResponse({"q": q, "html": html, "rows": rows})
    /// ```
    ///
    /// ## How to fix
    /// Use `format_html("<h2>{}</h2>", q)`, or `render_to_string`, or send the data and let the script write it with
    /// `textContent`.
    ///
    /// ## Limits
    /// Whether the script puts it into the page as HTML is not seen. HTML that is sent as a page is
    /// [httpresponse-reflected](httpresponse-reflected.md).
    ///
    /// ## References
    /// - [OWASP: DOM based XSS prevention](https://cheatsheetseries.owasp.org/cheatsheets/DOM_based_XSS_Prevention_Cheat_Sheet.html)
    RULE {
        id: "html-string-built",
        group: "injection",
        summary: "HTML for a script is put together without escaping",
        severity: Medium,
        cwe: [79, 116],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Markup], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let message = format!("{} stands unescaped in {}", source(flow), flow.words);
    say(&RULE, flow, message, out)
        .help("put it together with `format_html`, which escapes what it is given")
        .done();
}
