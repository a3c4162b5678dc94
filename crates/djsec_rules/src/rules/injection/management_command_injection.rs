use djsec_flow::{Flow, Kind};

use super::report::{is_management_command, report};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes the name of a management command, or one of its positional
    /// arguments, in `call_command` or `execute_from_command_line`.
    ///
    /// ## Why it matters
    /// Every command of Django and of the project can be run: `flush` empties the database, `dumpdata`
    /// writes it out, `loaddata` makes administrators. An argument that begins with `-` is an option.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.management import call_command
    /// from django.http import JsonResponse
    ///
    ///
    /// def maintain(request):
    ///     call_command(request.POST["command"])  # finding
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## Not flagged
    /// A table of commands, and values as keyword arguments:
    /// ```python views.py
    /// from django.core.management import call_command
    /// from django.http import JsonResponse
    ///
    /// COMMANDS = {"clean": "clearsessions", "index": "rebuild_index"}
    ///
    ///
    /// def maintain(request):
    ///     call_command(COMMANDS[request.POST["command"]])
    ///     call_command("send_report", to=request.POST["to"], days=int(request.POST["days"]))
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## How to fix
    /// Look the command up in a dict of those that may be run, and pass values as keyword arguments,
    /// which are never options. Better still, call the function that the command calls.
    ///
    /// ## Limits
    /// Values of keyword arguments are not counted: what a command does with them is not followed.
    ///
    /// ## References
    /// - [Django: call_command](https://docs.djangoproject.com/en/stable/ref/django-admin/#django.core.management.call_command)
    RULE {
        id: "management-command-injection",
        group: "injection",
        summary: "data of a request chooses a management command or its options",
        severity: High,
        cwe: [88],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.5"],
        checklist: ["no-command-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Command], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_management_command(flow) {
        report(&RULE, flow, "decides", out)
            .help("look the command up in a dict, and pass values as keyword arguments")
            .done();
    }
}
