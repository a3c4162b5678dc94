use djsec_flow::{Flow, Kind};

use super::place::{Code, code};
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template writes into a `<script>`: into its code, into
    /// a template literal, or into a string without being escaped for HTML or with `escapejs`.
    ///
    /// ## Why it matters
    /// Escaping for HTML does not know JavaScript: where no quotes are around a value, it is code as it stands, and
    /// backticks are not escaped at all.
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
    /// <script>
    ///   const limit = {{ q }}; {# finding #}
    ///   const text = `{{ q }}`; {# finding #}
    ///   const raw = "{{ q|safe }}"; {# finding: template-script-context #}
    /// </script>
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
    /// <script>
    ///   const n = {{ n }};
    ///   const text = "{{ q|escapejs }}";
    ///   const quoted = "{{ q }}";
    ///   const address = "{% url 'show' %}?q={{ q|urlencode }}";
    /// </script>
    /// {{ q|json_script:"q-data" }}
    /// <script type="text/x-template"><b>{{ q }}</b></script>
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("", views.show, name="show")]
    /// ```
    ///
    /// ## How to fix
    /// Hand values to scripts with `{{ value|json_script:"id" }}` and read them with
    /// `JSON.parse(document.getElementById("id").textContent)`; or write `"{{ value|escapejs }}"`, with the quotes.
    ///
    /// ## Limits
    /// A value that is escaped for HTML and stands in quotes is not reported: it can neither end the string nor the
    /// script. Follows data of requests; with `--confidence low` also data that was stored before.
    ///
    /// ## References
    /// - [Django: json_script](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#json-script)
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-script-context",
        group: "templates",
        summary: "untrusted data becomes part of a script in a page",
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
    if code(cx, flow) == Some(Code::Script) {
        tell_html(&RULE, cx, flow, "becomes part of", out)
            .help("hand it over with `json_script`, or write it in quotes with `escapejs`")
            .done();
    }
}
