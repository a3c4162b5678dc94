use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId, Operator};

use crate::calls::Called;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds temporary files whose name others can know before they exist: `tempfile.mktemp()`, and files that
    /// are written under a name of the source in `/tmp`.
    ///
    /// ## Why it matters
    /// Everybody on the machine may write in `/tmp`. Who puts a link of that name there first decides what the
    /// site overwrites, or reads what it writes.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import tempfile
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def convert(request):
    ///     name = tempfile.mktemp()  # finding
    ///     with open(name, "wb") as out:
    ///         out.write(request.body)
    ///     with open("/tmp/converted.pdf", "wb") as out:  # finding
    ///         out.write(request.body)
    ///     return HttpResponse()
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// import tempfile
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def convert(request):
    ///     with tempfile.NamedTemporaryFile() as out:
    ///         out.write(request.body)
    ///     with open("/tmp/maintenance") as notice:
    ///         return HttpResponse(notice.read())
    /// ```
    ///
    /// ## How to fix
    /// Use `tempfile.NamedTemporaryFile()` or `tempfile.TemporaryDirectory()`: they make the file and its name at once,
    /// and nobody else can open it.
    ///
    /// ## Limits
    /// Management commands are not looked at, nor names that are in part not of the source
    /// (`f"/tmp/{uuid4()}"`). A service of systemd with `PrivateTmp` has its own `/tmp`, and so has a container.
    ///
    /// ## References
    /// - [Python: deprecated functions of `tempfile`](https://docs.python.org/3/library/tempfile.html#deprecated-functions-and-variables)
    RULE {
        id: "temp-file-insecure",
        group: "injection",
        summary: "a temporary file has a name that others can know before it exists",
        severity: Low,
        cwe: [377],
        owasp: ["2025:A01"],
        checklist: ["uploads-validated"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const NAMED: &[&str] = &["os.tempnam", "os.tmpnam", "tempfile.mktemp"];
const OPEN: &[&str] = &["builtins.open", "codecs.open", "io.open"];
const PATH: &[&str] = &["pathlib.Path", "pathlib.PosixPath"];

/// Folders in which everybody may write.
const SHARED: &[&str] = &["/dev/shm/", "/tmp/", "/var/tmp/"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(NAMED) {
        let message = "the name is free when it is given, and somebody else's when it is used";
        report(cx, &call, Confidence::High, message, out);
    }
    for call in cx.calls_to(OPEN) {
        let code = call.at.code;
        let mode = call.argument(1, "mode").and_then(|mode| code.string(mode)).unwrap_or("r");
        // `x` refuses what is there already.
        if mode.contains(['w', 'a', '+']) {
            let path = call.argument(0, "file").or_else(|| call.argument(0, "filename"));
            written(cx, &call, path, out);
        }
    }
    for call in cx.calls_to(PATH) {
        let writes = ["write_bytes", "write_text"];
        if writes.iter().any(|method| !call.methods(method).is_empty()) {
            written(cx, &call, call.arguments.first().map(|argument| argument.value), out);
        }
    }
}

/// Reports a call that writes to a path, if the source says which one, and everybody may write there.
fn written(cx: &Cx<'_>, call: &Called<'_>, path: Option<ExprId>, out: &mut Findings) {
    let shared = |at: Site<'_>, id: ExprId| {
        let text = fixed(at, id, 0);
        text.is_some_and(|text| SHARED.iter().any(|folder| text.starts_with(folder)))
    };
    if path.is_some_and(|path| cx.surely(call.at, path, &shared)) {
        let message = "everybody on the machine can know this name, and put a link there first";
        report(cx, call, Confidence::Medium, message, out);
    }
}

/// The text of a path that stands in the source: `"/tmp/" + "x"` as well.
fn fixed(at: Site<'_>, path: ExprId, depth: u8) -> Option<String> {
    let code = at.code;
    match code.expr(path) {
        Expr::Binary(left, Operator::Add, right) if depth < 8 => {
            Some(fixed(at, left, depth + 1)? + &fixed(at, right, depth + 1)?)
        }
        _ => code.string(path).map(str::to_owned),
    }
}

fn report(cx: &Cx<'_>, call: &Called<'_>, sure: Confidence, message: &str, out: &mut Findings) {
    // Who runs a command by hand is alone with it more often than not.
    if cx.is_command(call.at) || call.function().is_none() {
        return;
    }
    out.found(&RULE, call.at.expr_span(call.id), call.path_around(), message)
        .confidence(sure)
        .help("use `tempfile.NamedTemporaryFile()`")
        .done();
}
