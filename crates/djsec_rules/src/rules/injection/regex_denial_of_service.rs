use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of a regular expression: of Python's `re`, or of a
    /// look-up that the database runs (`name__regex`).
    ///
    /// ## Why it matters
    /// Some patterns take time that doubles with every letter they are tried on. Whoever may choose the
    /// pattern stops a worker with a single short request, and some more stop all.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import re
    ///
    /// from django.http import JsonResponse
    ///
    ///
    /// def filtered(request):
    ///     pattern = re.compile(request.GET["pattern"])
    ///     found = [line for line in open("/srv/log") if pattern.search(line)]  # finding
    ///     return JsonResponse({"lines": found})
    /// ```
    ///
    /// ## Not flagged
    /// An escaped text, and a look-up for a text:
    /// ```python views.py
    /// import re
    ///
    /// from django.contrib.auth.models import User
    /// from django.http import JsonResponse
    ///
    ///
    /// def filtered(request):
    ///     pattern = re.compile(re.escape(request.GET["text"]), re.IGNORECASE)
    ///     users = User.objects.filter(username__icontains=request.GET["text"])
    ///     found = [line for line in open("/srv/log") if pattern.search(line)]
    ///     return JsonResponse({"lines": found, "users": users.count()})
    /// ```
    ///
    /// ## How to fix
    /// Escape the text with `re.escape`, or use `in` and `__icontains`. Where users must write patterns,
    /// run them with an engine that takes linear time (`google-re2`).
    ///
    /// ## Limits
    /// Only patterns that come from outside are reported, where they are run: to compile one is no harm.
    /// Patterns of the source that take exponential time on certain texts come later.
    ///
    /// ## References
    /// - [OWASP: regular expression denial of service](https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS)
    RULE {
        id: "regex-denial-of-service",
        group: "injection",
        summary: "data of a request is run as a regular expression",
        severity: Medium,
        cwe: [1333, 730],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.12"],
        checklist: ["no-regex-dos"],
        since: "next",
        checks: [Check::Flow(&[Kind::Regex], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "becomes part of", out)
        .help("escape it with `re.escape`, or look for the text itself")
        .done();
}
