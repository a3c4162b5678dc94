use djsec_flow::{Flow, Kind};

use crate::writers::tell;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that is written as a cell of a CSV file or a worksheet.
    ///
    /// ## Why it matters
    /// Spreadsheets run cells that begin with `=`, `+`, `-` or `@`. Whoever opens the file sends its
    /// other cells to an address, or starts a program after one click.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import csv
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def export(request):
    ///     response = HttpResponse(content_type="text/csv")
    ///     csv.writer(response).writerow(["search", request.GET["q"]])  # finding
    ///     return response
    /// ```
    ///
    /// ## Not flagged
    /// A number, and a text with a quote before it:
    /// ```python views.py
    /// import csv
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def export(request):
    ///     response = HttpResponse(content_type="text/csv")
    ///     csv.writer(response).writerow(["page", int(request.GET["page"])])
    ///     csv.writer(response).writerow(["note", "'" + request.GET["note"]])
    ///     return response
    /// ```
    ///
    /// ## How to fix
    /// Put a single quote before cells that begin with `=`, `+`, `-`, `@`, a tab or a line break, or use
    /// a package that does so (defusedcsv).
    ///
    /// ## Limits
    /// Most cells come from the database: what was stored before is reported only with `--confidence
    /// low`, unless a view is seen that stores what any user sends. Exports of django-import-export are not looked at.
    ///
    /// ## References
    /// - [OWASP: CSV injection](https://owasp.org/www-community/attacks/CSV_Injection)
    RULE {
        id: "csv-formula-injection",
        group: "injection",
        summary: "data of a request becomes a cell that a spreadsheet runs",
        severity: Low,
        cwe: [1236],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.10"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Spreadsheet], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    tell(&RULE, cx, flow, "ends in", out)
        .help("put a single quote before cells that begin with `=`, `+`, `-` or `@`")
        .done();
}
