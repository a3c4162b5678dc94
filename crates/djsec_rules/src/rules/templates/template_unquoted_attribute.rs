use djsec_flow::{Flow, Kind};

use super::place::{Bare, bare};
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template writes into a tag without quotes around it: as
    /// the value of an attribute, or among the attributes.
    ///
    /// ## Why it matters
    /// Escaping does nothing about spaces. `x onfocus=alert(1) autofocus` adds an event handler to the tag.
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
    /// <input name=q value={{ q }}> {# finding #}
    /// <p {{ q }}>Text</p> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"q": request.GET["q"], "n": int(request.GET["n"])})
    /// ```
    /// ```html templates/show.html
    /// <input name=q value="{{ q }}">
    /// <input name=n value={{ n }} {% if q %}required{% endif %}>
    /// <option value={{ forloop.counter }} selected>
    /// ```
    ///
    /// ## How to fix
    /// Write quotes around the value.
    ///
    /// ## Limits
    /// Follows data of requests; with `--confidence low` also data that was stored before.
    ///
    /// ## References
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-unquoted-attribute",
        group: "templates",
        summary: "untrusted data stands in a tag without quotes",
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
    if bare(cx, flow) == Some(Bare::Tag) {
        tell_html(&RULE, cx, flow, "becomes part of", out).help("write quotes around it").done();
    }
}
