use djsec_flow::{Flow, Kind};

use super::place::{Bare, bare};
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template writes into a style sheet, a `style`
    /// attribute, the document of an `<iframe srcdoc>`, or the name of a tag.
    ///
    /// ## Why it matters
    /// Escaping for HTML is not made for these places: `srcdoc` is read as HTML once more after the escaping is undone,
    /// and in a style sheet a value can load addresses that give away what the page shows.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"q": request.GET["q"]})
    /// ```
    /// ```html templates/show.html
    /// <iframe srcdoc="<p>{{ q }}</p>"></iframe> {# finding #}
    /// <style>.note { color: {{ q }}; }</style> {# finding #}
    /// <h{{ q }}>Title</h1> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"n": int(request.GET["n"]), "wide": request.GET.get("wide") == "1"})
    /// ```
    /// ```html templates/show.html
    /// <style>.note { width: {{ n }}px; }</style>
    /// <h{{ n }}>Title</h{{ n }}>
    /// <iframe src="/frame/"></iframe>
    /// {% if wide %}<p style="width: 100%">{% else %}<p>{% endif %}Text</p>
    /// ```
    ///
    /// ## How to fix
    /// Choose among values that the project lists. Load the document of a frame from an address of its own.
    ///
    /// ## Limits
    /// Follows data of requests; with `--confidence low` also data that was stored before, and what stands in `style`
    /// attributes.
    ///
    /// ## References
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-css-srcdoc-name-context",
        group: "templates",
        summary: "untrusted data stands where escaping does not reach",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Attribute], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if bare(cx, flow) == Some(Bare::Other) {
        tell_html(&RULE, cx, flow, "becomes part of", out)
            .help("choose among values that the project lists")
            .done();
    }
}
