use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes the content type of a response, the name under which it is
    /// saved (a hand-made `Content-Disposition`), its reason, or the name, domain or path of a cookie.
    ///
    /// ## Why it matters
    /// Whoever chooses the content type makes a page with scripts of what was meant as an image or a
    /// text. A quote in a file name adds another name behind it, so that a harmless download is saved as
    /// a program. Django itself refuses line breaks, so no other headers can be added.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import HttpResponse
    ///
    ///
    /// def export(request):
    ///     response = HttpResponse("a,b", content_type="text/csv")
    ///     response["Content-Disposition"] = f'attachment; filename="{request.GET["name"]}"'  # finding
    ///     return response
    ///
    ///
    /// def image(request):
    ///     return HttpResponse(b"...", content_type=request.GET["type"])  # finding
    /// ```
    ///
    /// ## Not flagged
    /// `FileResponse`, which writes the header itself, and a table of types:
    /// ```python views.py
    /// from django.http import FileResponse, HttpResponse
    /// from django.utils.http import content_disposition_header
    ///
    /// TYPES = {"png": "image/png", "gif": "image/gif"}
    ///
    ///
    /// def export(request):
    ///     return FileResponse(open("/srv/a.csv", "rb"), as_attachment=True, filename=request.GET["name"])
    ///
    ///
    /// def image(request):
    ///     response = HttpResponse(b"...", content_type=TYPES.get(request.GET["type"], "image/png"))
    ///     response["Content-Disposition"] = content_disposition_header(True, request.GET["name"])
    ///     return response
    /// ```
    ///
    /// ## How to fix
    /// Use `FileResponse(file, filename=name)` or `content_disposition_header`, which quote the name.
    /// Look the content type up in a dict of those that are served.
    ///
    /// ## Limits
    /// The values of cookies and of other headers are not counted: Django quotes the first, and refuses
    /// line breaks in both. Headers in `headers=` are not looked at.
    ///
    /// ## References
    /// - [Django: FileResponse](https://docs.djangoproject.com/en/stable/ref/request-response/#fileresponse-objects)
    RULE {
        id: "header-or-content-type-injection",
        group: "injection",
        summary: "data of a request decides what browsers make of a response",
        severity: Low,
        cwe: [113, 644],
        owasp: ["2025:A05"],
        asvs: ["5.0:4.1.1"],
        checklist: ["no-header-or-mail-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Header], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("use `FileResponse(filename=…)` for names, and a dict of types for the content type")
        .done();
}
