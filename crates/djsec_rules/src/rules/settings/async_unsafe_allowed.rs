use djsec_base::{FileId, FileKind, Finding, Location, Role, Span, TextRange, TextSize};

use crate::{Check, Cx, Findings, declare_rule};

const VARIABLE: &str = "DJANGO_ALLOW_ASYNC_UNSAFE";

declare_rule! {
    /// ## What it does
    /// Finds `DJANGO_ALLOW_ASYNC_UNSAFE` in what production runs: the image, compose and process files,
    /// environment files, and `os.environ[…]` in the code.
    ///
    /// ## Why it matters
    /// Django stops code that uses the database from a coroutine, because connections are not made for it:
    /// two requests may end up in one transaction and see, or write, each other's data. The variable turns
    /// the stop off, and the damage stays silent. Any text turns it off, `false` included.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # finding
    /// ```
    /// ```python settings.py
    /// TIME_ZONE = "UTC"
    /// ```
    /// ```dockerfile Dockerfile
    /// FROM python:3.12
    /// ENV DJANGO_ALLOW_ASYNC_UNSAFE=1  # finding
    /// CMD ["gunicorn", "shop.wsgi"]
    /// ```
    ///
    /// ## Not flagged
    /// Scripts and tests of their own, and comments:
    /// ```python settings.py
    /// # Never set DJANGO_ALLOW_ASYNC_UNSAFE here.
    /// TIME_ZONE = "UTC"
    /// ```
    /// ```python tests/conftest.py
    /// import os
    ///
    /// os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// ASYNC_CHECKED = "DJANGO_ALLOW_ASYNC_UNSAFE" not in os.environ
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    /// ```
    ///
    /// ## How to fix
    /// Remove the variable, and call what touches the database through `sync_to_async`.
    ///
    /// ## Limits
    /// Code counts where it is a settings, `wsgi`, `asgi` or `manage` module: elsewhere it is most often
    /// a notebook or a script.
    ///
    /// ## References
    /// - [Django: async safety](https://docs.djangoproject.com/en/stable/topics/async/#async-safety)
    RULE {
        id: "async-unsafe-allowed",
        group: "settings",
        summary: "the stop for database access from coroutines is off",
        severity: Low,
        cwe: [362],
        owasp: ["2025:A02"],
        checklist: ["app-server-hardened"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (id, file) in cx.files.iter() {
        let ours = file.path.starts_with(&cx.project.root) && file.role == Role::Application;
        if !ours || !file.text().contains(VARIABLE) {
            continue;
        }
        let wanted = match file.kind {
            FileKind::Dockerfile
            | FileKind::Compose
            | FileKind::Yaml
            | FileKind::DotEnv
            | FileKind::Procfile
            | FileKind::Systemd
            | FileKind::Shell => true,
            FileKind::Python => starts_processes(cx, id),
            _ => false,
        };
        if wanted {
            check_file(id, file.text(), file.kind == FileKind::Python, out);
        }
    }
}

/// Whether a module runs when a server starts.
fn starts_processes(cx: &Cx<'_>, id: FileId) -> bool {
    let path = cx.files.path(id);
    cx.settings().file == Some(id)
        || matches!(path.file_name(), Some("wsgi.py" | "asgi.py" | "manage.py" | "settings.py"))
}

fn check_file(file: FileId, text: &str, python: bool, out: &mut Findings) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let place = sets(line, python).and_then(|at| TextSize::try_from(start + at).ok());
        start += line.len();
        let (Some(at), Ok(length)) = (place, TextSize::try_from(VARIABLE.len())) else { continue };
        let span = Span::new(file, TextRange::at(at, length));
        let message = format!(
            "`{VARIABLE}` lets coroutines share database connections: requests can mix up their data"
        );
        out.report(Finding::new(&RULE.meta, Location::Span(span), VARIABLE, message))
            .help("remove the variable, and call the database through `sync_to_async`")
            .done();
    }
}

/// Where in a line the variable is set to something.
fn sets(line: &str, python: bool) -> Option<usize> {
    let at = line.find(VARIABLE)?;
    let before = line.get(..at)?;
    if before.contains('#') {
        return None;
    }
    let after = line.get(at + VARIABLE.len()..)?.trim_start_matches(['"', '\'', ']', ' ']);
    if python {
        let assigned =
            before.contains("environ[") && after.starts_with('=') && !after.starts_with("==");
        let defaulted = before.contains("environ.setdefault(");
        return (assigned || defaulted).then_some(at);
    }
    let value = after.strip_prefix(['=', ':']).unwrap_or(after).trim().trim_matches(['"', '\'']);
    (!value.is_empty()).then_some(at)
}
