use djsec_flow::{Flow, Kind};

use super::place::{Code, code};
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template writes into an attribute which Alpine, Vue,
    /// `AngularJS`, htmx or hyperscript run as code: `x-data`, `:title`, `@click`, `ng-click`, `hx-on`.
    ///
    /// ## Why it matters
    /// To the browser these are plain attributes, and to the library they are code: a value in them runs, escaped or
    /// not.
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
    /// <div x-data="{ name: '{{ name }}' }"></div> {# finding #}
    /// <button @click="rename('{{ name }}')">Rename</button> {# finding #}
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
    /// <div x-data="panel" data-name="{{ name }}"></div>
    /// <button @click="rename({{ pk }})">Rename</button>
    /// <div x-data="{ name: '{{ name|escapejs }}' }"></div>
    /// ```
    ///
    /// ## How to fix
    /// Put the value into a `data-` attribute, or into `json_script`, and let the library read it there.
    ///
    /// ## Limits
    /// Follows data of requests; with `--confidence low` also data that was stored before. `{{ }}` of the library
    /// itself, in `{% verbatim %}` or in text, is not looked at.
    ///
    /// ## References
    /// - [Alpine.js: security](https://alpinejs.dev/advanced/csp)
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "client-framework-expression",
        group: "templates",
        summary: "untrusted data becomes part of what a script library runs",
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
    if code(cx, flow) == Some(Code::Library) {
        tell_html(&RULE, cx, flow, "becomes part of", out)
            .help("put it into a `data-` attribute, and read it from there")
            .done();
    }
}
