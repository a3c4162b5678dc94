use djsec_flow::{Flow, Kind};

use super::place::{Code, code};
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template writes into an attribute that browsers run:
    /// `onclick` and its like, or an address that begins with `javascript:`.
    ///
    /// ## Why it matters
    /// The browser undoes the escaping of an attribute before it runs it: `&#x27;` is a quote again, and ends the
    /// string that the value stands in.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"name": request.GET["name"]})
    /// ```
    /// ```html templates/show.html
    /// <button onclick="remove('{{ name }}')">Remove</button> {# finding #}
    /// <a href="javascript:show('{{ name }}')">Show</a> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"name": request.GET["name"], "pk": int(request.GET["pk"])})
    /// ```
    /// ```html templates/show.html
    /// <button data-name="{{ name }}" onclick="remove(this)">Remove</button>
    /// <button onclick="remove({{ pk }})">Remove</button>
    /// <button onclick="remove('{{ name|escapejs }}')">Remove</button>
    /// ```
    ///
    /// ## How to fix
    /// Put the value into a `data-` attribute and read it in the script, which a strict content security policy asks
    /// for anyway. In a string of a handler, `escapejs` is what helps.
    ///
    /// ## Limits
    /// Follows data of requests; with `--confidence low` also data that was stored before.
    ///
    /// ## References
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-event-handler-context",
        group: "templates",
        summary: "untrusted data becomes part of an event handler",
        severity: High,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Script], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if code(cx, flow) == Some(Code::Handler) {
        tell_html(&RULE, cx, flow, "becomes part of", out)
            .help("put it into a `data-` attribute and read it in the script")
            .done();
    }
}
