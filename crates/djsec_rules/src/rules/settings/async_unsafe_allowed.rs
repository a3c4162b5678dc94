use djsec_base::{Finding, Location, Span};
use djsec_django::evidence::Strength;

use crate::{Check, Cx, Findings, declare_rule};

const VARIABLE: &str = "DJANGO_ALLOW_ASYNC_UNSAFE";

declare_rule! {
    /// ## What it does
    /// Finds `DJANGO_ALLOW_ASYNC_UNSAFE` set in what production runs: the image, compose files,
    /// manifests, process and environment files, and `os.environ` in the code.
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
    /// Code counts in the modules that production's settings are read from, and in `wsgi`, `asgi` and
    /// `manage`: elsewhere it is most often a notebook or a script. Files of variables count where they
    /// are deployed, not the `.env` of a developer.
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
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for assigned in &cx.project.variables {
        let variable = &assigned.variable;
        let deployed = assigned.strength == Strength::Deployed && variable.name == VARIABLE;
        if deployed && variable.value.text() != Some("") {
            report(variable.span, out);
        }
    }
    // No code is read where none knows the variable.
    if !cx.program.mentions_name(VARIABLE) {
        return;
    }
    let loaded = cx.settings().files();
    for (module, found) in cx.own_modules() {
        let path = cx.program.path(module);
        let starts = matches!(path.file_name(), Some("wsgi.py" | "asgi.py" | "manage.py"));
        if !starts && !loaded.contains(&found.file) {
            continue;
        }
        let names = ["os.environ.__setitem__", "os.environ.setdefault", "os.putenv"];
        for call in names.iter().flat_map(|name| cx.program.calls_to(module, name)) {
            let arguments = call.arguments(cx.files);
            let mut texts = arguments.iter().map(|arg| cx.program.argument_text(module, arg));
            if texts.next().flatten().as_deref() == Some(VARIABLE)
                && texts.next().flatten().as_deref() != Some("")
            {
                report(call.span, out);
            }
        }
    }
}

fn report(span: Span, out: &mut Findings) {
    let message = format!(
        "`{VARIABLE}` lets coroutines share database connections: requests can mix up their data"
    );
    out.report(Finding::new(&RULE.meta, Location::Span(span), VARIABLE, message))
        .help("remove the variable, and call the database through `sync_to_async`")
        .done();
}
