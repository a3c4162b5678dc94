use djsec_base::Confidence;
use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds texts of a request that are written to a log as they are. They are reported with low
    /// confidence, as most logs are written or read in a form that shows line breaks.
    ///
    /// ## Why it matters
    /// With a line break in it the text looks like further lines of the log: a login of somebody else, or
    /// nothing at all where an attack should be seen.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import logging
    ///
    /// from django.http import JsonResponse
    ///
    /// logger = logging.getLogger(__name__)
    ///
    ///
    /// def search(request):
    ///     logger.info("search for %s", request.GET["q"])  # finding
    ///     return JsonResponse({})
    /// ```
    /// ```toml djsec.toml
    /// confidence = "low"
    /// ```
    ///
    /// ## Not flagged
    /// A representation, which shows line breaks as `\n`, and numbers:
    /// ```python views.py
    /// import logging
    ///
    /// from django.http import JsonResponse
    ///
    /// logger = logging.getLogger(__name__)
    ///
    ///
    /// def search(request):
    ///     logger.info("search for %r", request.GET["q"])
    ///     logger.info("search for %s on page %d", repr(request.GET["q"]), int(request.GET["page"]))
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## How to fix
    /// Write `%r` instead of `%s`, or write the log as JSON, whose texts have no line breaks.
    ///
    /// ## Limits
    /// How the log is formatted is not looked at. A format with `%r` counts as safe for everything that
    /// is put into it.
    ///
    /// ## References
    /// - [OWASP: log injection](https://owasp.org/www-community/attacks/Log_Injection)
    RULE {
        id: "log-injection",
        group: "injection",
        summary: "data of a request is written to a log with its line breaks",
        severity: Low,
        cwe: [117],
        owasp: ["2025:A09"],
        asvs: ["5.0:16.4.1"],
        checklist: ["no-header-or-mail-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Log], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "becomes part of", out)
        .confidence(Confidence::Low)
        .help("write `%r` instead of `%s`")
        .done();
}
