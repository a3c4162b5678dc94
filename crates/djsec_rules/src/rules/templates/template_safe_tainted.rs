use djsec_flow::{Flow, Kind};

use crate::html::Html;
use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template writes out without escaping it: through
    /// `|safe` or `|safeseq`, in `{% autoescape off %}`, or in an attribute or a `<script>` of data. The way is followed
    /// from where the data comes in through the view and its context, into the templates that are extended and included.
    ///
    /// ## Why it matters
    /// A script in the value runs in the browser of whoever sees the page, with their session.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"note": request.GET["note"]})
    /// ```
    /// ```html templates/show.html
    /// <p>{{ note|safe }}</p> {# finding #}
    /// {% autoescape off %}
    ///   <p title="{{ note|title }}">Note</p> {# finding #}
    /// {% endautoescape %}
    /// ```
    ///
    /// ## Not flagged
    /// What is escaped, cleaned, a number, or a text of the project itself:
    /// ```python views.py
    /// import nh3
    /// from django.shortcuts import render
    ///
    /// HINTS = {"short": "<b>Short</b>", "long": "<b>Long</b>"}
    ///
    ///
    /// def show(request):
    ///     text = nh3.clean(request.POST["text"])
    ///     hint = HINTS[request.GET["hint"]]
    ///     context = {"note": request.GET["note"], "text": text, "hint": hint, "page": int(request.GET["page"])}
    ///     return render(request, "show.html", context)
    /// ```
    /// ```html templates/show.html
    /// <p>{{ note }}</p>
    /// <p>{{ note|linebreaks|safe }} {{ note|slugify|safe }}</p>
    /// {{ text|safe }} {{ hint|safe }} {{ page|safe }}
    /// {{ note|json_script:"note" }}
    /// ```
    ///
    /// ## How to fix
    /// Leave the filter out: Django escapes by itself. HTML that users may write has to be cleaned (nh3) before it is
    /// stored or shown.
    ///
    /// ## Limits
    /// Follows data of requests; with `--confidence low` also data that was stored before. Of the tags and filters of
    /// other packages it is not known what they write. Templates of Jinja are read where the
    /// settings have Django's engine for them; the filters and functions that they get are those that the function
    /// of the `environment` option registers itself.
    ///
    /// ## References
    /// - [Django: automatic HTML escaping](https://docs.djangoproject.com/en/stable/ref/templates/language/#automatic-html-escaping)
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-safe-tainted",
        group: "templates",
        summary: "a template writes untrusted data without escaping it",
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
    if cx.html_of(flow) == Some(&Html::Template) {
        tell_html(&RULE, cx, flow, "becomes part of", out)
            .help("let Django escape it; clean HTML that users may write before it is shown")
            .done();
    }
}
