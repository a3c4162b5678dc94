use djsec_base::{Confidence, Severity};
use djsec_flow::{Flow, Grade, Kind};

use super::report::{source, weighed};
use crate::passed::{Passed, is_closed, is_public, passed};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds what tells how the program works inside, where it is sent to whoever asked: traces, the SQL of
    /// queries, and the text of exceptions that nobody wrote for people: of any exception (`except Exception`),
    /// of databases, of the operating system, of other programs and servers. It looks at responses, pages, and
    /// messages.
    ///
    /// ## Why it matters
    /// Such texts name tables and columns, paths, hosts, addresses with their keys, versions of libraries: what
    /// is worth trying next, and whether the last attempt has come closer. An injection of SQL that must be
    /// guessed bit by bit is read off the page where the error of the database is shown.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import traceback
    ///
    /// from django.db import DatabaseError
    /// from django.http import JsonResponse
    ///
    /// from .orders import place
    ///
    ///
    /// def order(request):
    ///     try:
    ///         place(request.user)
    ///     except DatabaseError as error:
    ///         return JsonResponse({"error": str(error)}, status=500)  # finding
    ///     except Exception:
    ///         return JsonResponse({"error": traceback.format_exc()}, status=500)  # finding
    ///     return JsonResponse({"ok": True})
    /// ```
    ///
    /// ## Not flagged
    /// What was written to be read by people, what only staff sees, and what is logged:
    /// ```python views.py
    /// import logging
    ///
    /// from django.conf import settings
    /// from django.core.exceptions import ValidationError
    /// from django.http import JsonResponse
    ///
    /// from .orders import SoldOut, place
    ///
    /// logger = logging.getLogger(__name__)
    ///
    ///
    /// def order(request):
    ///     try:
    ///         place(request.user)
    ///     except (SoldOut, ValidationError) as error:
    ///         return JsonResponse({"error": str(error)}, status=400)
    ///     except Exception as error:
    ///         logger.exception("order failed")
    ///         detail = str(error) if settings.DEBUG else "Please try again later."
    ///         return JsonResponse({"error": detail, "kind": type(error).__name__}, status=500)
    ///     return JsonResponse({"ok": True})
    /// ```
    ///
    /// ## How to fix
    /// Log the exception (`logger.exception(…)`), and answer with a text of your own. Catch what you expect by its
    /// class, and raise an exception of your own with a text for people where one is needed.
    ///
    /// ## Limits
    /// Traces, SQL and stacks weigh more than the text of an exception. What only people see who have more than a
    /// login is reported with low confidence, and so are messages to people who are logged in. Exceptions of packages that djsec does not know, and those that say
    /// what is wrong with what was sent (`ValueError`, `KeyError`), are left out, and so is what is raised again
    /// as an exception of another class, or goes through code that djsec does not know. What is under `if settings.DEBUG:` or asks for `is_staff` is left out,
    /// too.
    ///
    /// ## References
    /// - [OWASP: error handling](https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html)
    /// - [Django: error reporting](https://docs.djangoproject.com/en/stable/howto/error-reporting/)
    RULE {
        id: "error-detail-to-user",
        group: "injection",
        summary: "a trace or the text of an exception is sent to whoever asked",
        severity: Medium,
        cwe: [209],
        owasp: ["2025:A10"],
        asvs: ["5.0:16.5.1", "5.0:13.4.2"],
        checklist: [],
        since: "next",
        checks: [Check::Flow(&[Kind::Told], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let passed = passed(cx, flow);
    let what = match flow.source.grade {
        Grade::Failure => format!("the text of an exception, {},", source(flow)),
        _ => format!("{}, which tells how the program works inside,", source(flow)),
    };
    let message = format!("{what} is sent to {}", flow.words);
    weighed(&RULE, flow, weight(cx, flow, &passed), message, out)
        .help("log it, and answer with a text of your own")
        .done();
}

/// A trace tells more than the text of an exception, and people who run the site may know what is in it.
fn weight(cx: &Cx<'_>, flow: &Flow, passed: &[Passed<'_>]) -> (Severity, Confidence) {
    let trace = flow.source.grade == Grade::Trace;
    let severity = if trace { RULE.meta.severity } else { Severity::Low };
    let known = is_closed(cx, passed) || passed.iter().any(|function| function.is_of_admin(cx));
    // Who is told by a message whether what they have set up works is mostly one who works with the site.
    let told = flow.words.ends_with("a message") && !trace && !is_public(cx, passed);
    if known || told || flow.doubt > 0 {
        return (severity.lower(), Confidence::Low);
    }
    (severity, if trace { Confidence::High } else { Confidence::Medium })
}
