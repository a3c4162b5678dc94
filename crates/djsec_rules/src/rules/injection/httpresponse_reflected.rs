use djsec_flow::{Flow, Grade, Kind};

use crate::html::Html;
use crate::sent_as::is_no_page;
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of the body of an `HttpResponse` (or of one derived from
    /// it) that browsers read as HTML, without having been escaped.
    ///
    /// ## Why it matters
    /// A link with a script in it makes your site send that script to whoever follows the link. It runs
    /// with their session: it reads their pages and acts in their name.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import HttpResponse
    ///
    ///
    /// def greet(request):
    ///     return HttpResponse(f"<h1>Hello {request.GET['name']}</h1>")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Escaped data, numbers, other types than HTML, and templates, which escape:
    /// ```python views.py
    /// from django.http import HttpResponse, JsonResponse
    /// from django.shortcuts import render
    /// from django.utils.html import escape, format_html
    ///
    ///
    /// def greet(request):
    ///     return HttpResponse(format_html("<h1>Hello {}</h1>", request.GET["name"]))
    ///
    ///
    /// def echo(request):
    ///     if request.GET.get("plain"):
    ///         return HttpResponse(request.GET["plain"], content_type="text/plain")
    ///     if request.GET.get("json"):
    ///         return JsonResponse({"json": request.GET["json"]})
    ///     if request.GET.get("page"):
    ///         return render(request, "page.html", {"page": request.GET["page"]})
    ///     return HttpResponse("Not found: " + escape(request.GET["q"]))
    /// ```
    ///
    /// ## How to fix
    /// Render a template. For a line of text pass it through `escape` or `format_html`, or send it as
    /// what it is: `content_type="text/plain"`, or a `JsonResponse`.
    ///
    /// ## Limits
    /// What is written into a response after it was made (`response.write`, `response.content = …`) is
    /// looked at where it is known to be a page: not in a function that is only handed the response.
    /// Headers are not counted, as no other site makes a browser send them. A content type that cannot be
    /// told lowers the confidence.
    ///
    /// ## References
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "httpresponse-reflected",
        group: "injection",
        summary: "data of a request is sent back as HTML",
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
    if cx.html_of(flow) != Some(&Html::Sent)
        || is_no_page(cx, flow.place)
        || is_sent_by_script(cx, flow)
    {
        return;
    }
    tell_html(&RULE, cx, flow, "becomes part of", out)
        .help("render a template, escape it, or send it with another content type")
        .done();
}

/// Whether only a script can have sent it, with `PUT`, `PATCH` or `DELETE`: what is answered to that, no browser
/// shows as a page.
fn is_sent_by_script(cx: &Cx<'_>, flow: &Flow) -> bool {
    const HANDLERS: &[&str] = &["delete", "destroy", "partial_update", "patch", "put"];
    let is_handler = || {
        cx.function_at(flow.source.place).is_some_and(|(at, function)| {
            function.class.is_some() && HANDLERS.contains(&at.code.text(function.name))
        })
    };
    flow.source.grade == Grade::Remote && is_handler()
}
