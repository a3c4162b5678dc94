use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes the name of a template, or a part of it: in `render`,
    /// `render_to_string`, `get_template` and `TemplateResponse`, or in a template in `{% include %}` and `{% extends %}`.
    ///
    /// ## Why it matters
    /// Every template of the project and of its packages can be shown, with a context that it was not
    /// written for: pages of the admin, mails with their links, or files that lie beside the templates.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def page(request):
    ///     return render(request, "pages/" + request.GET["page"] + ".html")  # finding
    /// ```
    ///
    /// ```python widgets.py
    /// from django.shortcuts import render
    ///
    ///
    /// def board(request):
    ///     return render(request, "board.html", {"widget": request.GET["widget"]})
    /// ```
    /// ```html templates/board.html
    /// {% include widget %} {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// A table of the names, and a fixed set:
    /// ```python views.py
    /// from django.http import Http404
    /// from django.shortcuts import render
    ///
    /// PAGES = {"terms": "pages/terms.html", "about": "pages/about.html"}
    ///
    ///
    /// def page(request):
    ///     return render(request, PAGES.get(request.GET["page"], "pages/missing.html"))
    ///
    ///
    /// def help_page(request):
    ///     topic = request.GET["topic"]
    ///     if topic not in {"orders", "returns"}:
    ///         raise Http404
    ///     return render(request, f"help/{topic}.html")
    /// ```
    ///
    /// ## How to fix
    /// Look the name up in a dict of the templates that may be shown, or let the address take slugs only
    /// (`<slug:page>`).
    ///
    /// ## Limits
    /// Django's loaders never leave the folders of templates, and this rule is only about what lies in
    /// them. Texts of an address that have no slash count.
    ///
    /// ## References
    /// - [Django: loaders and folders of templates](https://docs.djangoproject.com/en/stable/topics/templates/)
    RULE {
        id: "template-name-injection",
        group: "injection",
        summary: "data of a request chooses the template that is rendered",
        severity: Medium,
        cwe: [73, 98],
        owasp: ["2025:A05"],
        asvs: ["5.0:2.2.1"],
        checklist: ["no-code-or-template-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::TemplateName], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("look the name up in a dict of the templates that may be shown")
        .done();
}
