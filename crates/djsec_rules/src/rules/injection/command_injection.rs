use djsec_base::Confidence;
use djsec_flow::{Flow, Kind};

use super::report::{is_management_command, source, weighed};
use crate::writers::tell;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of a shell command, or chooses the program that is run:
    /// `os.system`, `subprocess` with `shell=True` or as first element of the list, `asyncio`, paramiko,
    /// fabric, and what a container runs. And data that may begin with `-` among the arguments of a program that
    /// runs others or writes files when an option says so: `git`, `ssh`, `tar`, `curl` and their like.
    ///
    /// ## Why it matters
    /// Whoever sends the request runs programs on the server, with the rights of the application: they
    /// read its secrets and its database, and stay.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import subprocess
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def ping(request):
    ///     host = request.GET["host"]
    ///     out = subprocess.run(f"ping -c 1 {host}", shell=True, capture_output=True)  # finding
    ///     return HttpResponse(out.stdout, content_type="text/plain")
    ///
    ///
    /// def clone(request):
    ///     subprocess.run(["git", "clone", request.POST["url"], "/srv/new"], check=True)  # finding
    ///     return HttpResponse("done", content_type="text/plain")
    /// ```
    ///
    /// ## Not flagged
    /// A fixed program with a list of arguments, a quoted argument, and a number:
    /// ```python views.py
    /// import shlex
    /// import subprocess
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def ping(request):
    ///     host = request.GET["host"]
    ///     subprocess.run(["ping", "-c", "1", "--", host], check=True)
    ///     subprocess.run("nslookup -- " + shlex.quote(host), shell=True)
    ///     subprocess.run("ping -c %d 127.0.0.1" % int(request.GET["count"]), shell=True)
    ///     return HttpResponse("done", content_type="text/plain")
    /// ```
    ///
    /// ## How to fix
    /// Pass a list whose first element is a fixed program, without `shell=True`, and put `--` before what
    /// comes from outside, so that it is no option. Where a shell is needed, quote each value with
    /// `shlex.quote`.
    ///
    /// ## Limits
    /// Of options only those are looked for that a value could become by its first letter, for programs that djsec
    /// knows, and where the list is written out; what is read from the database is not taken for one. Management
    /// commands are `management-command-injection`.
    ///
    /// ## References
    /// - [Python: security of subprocess](https://docs.python.org/3/library/subprocess.html#security-considerations)
    /// - [OWASP: OS command injection](https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html)
    RULE {
        id: "command-injection",
        group: "injection",
        summary: "data of a request becomes part of a command",
        severity: Critical,
        cwe: [78, 88],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.5"],
        checklist: ["no-command-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Command, Kind::Option], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if flow.kind == Kind::Option {
        let confidence = if flow.doubt == 0 { Confidence::Medium } else { Confidence::Low };
        let words =
            format!("{} may begin with `-`, and so become one of {}", source(flow), flow.words);
        weighed(&RULE, flow, (RULE.meta.severity.lower(), confidence), words, out)
            .help("put `\"--\"` before it, or refuse what begins with `-`")
            .done();
    } else if !is_management_command(flow) {
        tell(&RULE, cx, flow, "becomes part of", out)
            .help("pass a list whose first element is a fixed program, without `shell=True`")
            .done();
    }
}
