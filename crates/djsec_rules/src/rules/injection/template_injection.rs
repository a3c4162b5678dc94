use djsec_flow::{Flow, Kind};

use crate::writers::tell;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of the source of a template of Django, Jinja2 or Mako.
    ///
    /// ## Why it matters
    /// In Jinja2 and Mako a template is code: it runs commands on the server. In Django's language it
    /// reads whatever the context leads to, loads tags, and leaves everything unescaped that it likes.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import HttpResponse
    /// from django.template import Context, Template
    ///
    ///
    /// def preview(request):
    ///     template = Template("Hello " + request.POST["greeting"])  # finding
    ///     return HttpResponse(template.render(Context({"user": request.user})))
    /// ```
    ///
    /// ## Not flagged
    /// The same data in the context of a template that is fixed:
    /// ```python views.py
    /// from django.http import HttpResponse
    /// from django.template import Context, Template
    ///
    /// GREETING = Template("Hello {{ greeting }}")
    ///
    ///
    /// def preview(request):
    ///     return HttpResponse(GREETING.render(Context({"greeting": request.POST["greeting"]})))
    /// ```
    ///
    /// ## How to fix
    /// Keep the source of templates in files and pass data in the context. Where users write texts with
    /// placeholders, use `string.Template`.
    ///
    /// ## Limits
    /// Templates that are stored in the database are reported only with `--confidence low`, unless a view is seen
    /// that stores what any user sends: often only administrators write them. Jinja2's sandbox is not told apart,
    /// as it has been escaped from.
    ///
    /// ## References
    /// - [PortSwigger: server-side template injection](https://portswigger.net/web-security/server-side-template-injection)
    RULE {
        id: "template-injection",
        group: "injection",
        summary: "data of a request is compiled as a template",
        severity: Critical,
        cwe: [1336],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.7"],
        checklist: ["no-code-or-template-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Template], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    tell(&RULE, cx, flow, "becomes part of", out)
        .help("keep the source in a file and pass the data in the context")
        .done();
}
