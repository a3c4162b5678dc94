use djsec_base::{Severity, Span};
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::{Data, ObjectKind};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds tools of development that are installed or active in production: the debug toolbar, silk,
    /// browser reload, query and profiling tools.
    ///
    /// ## Why it matters
    /// They exist to show what happens inside: queries with their parameters, settings, request bodies,
    /// sessions. Silk records all requests and shows them to everybody unless told otherwise, and a toolbar
    /// callback that says `True` shows the toolbar to everybody.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["silk"]  # finding
    /// MIDDLEWARE += ["silk.middleware.SilkyMiddleware"]
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["debug_toolbar"]
    /// MIDDLEWARE += ["debug_toolbar.middleware.DebugToolbarMiddleware"]
    /// DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": lambda request: True}  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// if DEBUG:
    ///     INSTALLED_APPS += ["debug_toolbar", "silk"]
    ///     MIDDLEWARE.insert(0, "debug_toolbar.middleware.DebugToolbarMiddleware")
    /// ```
    /// Silk that asks who is there:
    /// ```python settings.py
    /// INSTALLED_APPS += ["silk"]
    /// MIDDLEWARE += ["silk.middleware.SilkyMiddleware"]
    /// SILKY_AUTHENTICATION = True
    /// SILKY_AUTHORISATION = True
    /// ```
    /// Commands only:
    /// ```python settings.py
    /// INSTALLED_APPS += ["django_extensions"]
    /// ```
    ///
    /// ## How to fix
    /// Add the tools in the development settings only, together with their middleware and URLs.
    ///
    /// ## Limits
    /// The toolbar without a callback of its own stays hidden while `DEBUG` is off: that it is installed is
    /// reported as low. URLs are not looked at yet.
    ///
    /// ## References
    /// - [Django Debug Toolbar: installation](https://django-debug-toolbar.readthedocs.io/en/latest/installation.html)
    /// - [Silk: authentication](https://github.com/jazzband/django-silk#authenticationauthorisation)
    RULE {
        id: "dev-app-in-production",
        group: "settings",
        summary: "tools of development are active in production",
        severity: High,
        cwe: [489, 215],
        owasp: ["2025:A02"],
        asvs: ["5.0:13.4.2", "5.0:15.2.3"],
        checklist: ["debug-off", "error-monitoring"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

/// A tool, and what it does to a site.
struct Tool {
    app: &'static str,
    message: &'static str,
    severity: Severity,
}

const TOOLS: &[Tool] = &[
    Tool {
        app: "debug_toolbar",
        message: "the debug toolbar is installed in production: one setting away from showing queries and settings to visitors",
        severity: Severity::Low,
    },
    Tool {
        app: "django_browser_reload",
        message: "browser reload is installed in production, and keeps a connection open for each visitor",
        severity: Severity::Low,
    },
    Tool {
        app: "nplusone.ext.django",
        message: "nplusone is installed in production: it watches, and may break, every query",
        severity: Severity::Low,
    },
    Tool {
        app: "django_pdb",
        message: "a debugger is installed in production: a request can stop the process for it",
        severity: Severity::High,
    },
    Tool {
        app: "werkzeug_debugger_runserver",
        message: "the Werkzeug debugger is installed in production: it runs code that visitors type",
        severity: Severity::High,
    },
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let apps = cx.setting("INSTALLED_APPS");
    let shown = shown_to_all(cx);
    for tool in TOOLS {
        let installed = cx.has_app(tool.app);
        if tool.app == "debug_toolbar"
            && let Some((callback, span)) = &shown
        {
            let active = installed & *callback;
            if !active.is_never() {
                out.judge(
                    cx,
                    &RULE,
                    &cx.setting("DEBUG_TOOLBAR_CONFIG"),
                    active,
                    "the debug toolbar shows itself to everybody: queries, settings and sessions of production",
                )
                .help("install the toolbar in the development settings only")
                .at(*span)
                .done();
                continue;
            }
        }
        out.judge(cx, &RULE, &apps, installed, tool.message)
            .at_most(tool.severity)
            .help("install it in the development settings only")
            .at(span_of(&apps, installed, tool.app))
            .done();
    }
    silk(cx, &apps, out);
}

/// Silk's pages are open to everybody unless both switches are on.
fn silk(cx: &Cx<'_>, apps: &SettingRef<'_>, out: &mut Findings) {
    let asks =
        cx.setting("SILKY_AUTHENTICATION").truthy() & cx.setting("SILKY_AUTHORISATION").truthy();
    let recording = cx.setting("MIDDLEWARE").any(|data| match data {
        Data::Sym(_) => None,
        data => Some(data.as_str().is_some_and(|name| name.starts_with("silk.middleware."))),
    });
    let open = cx.has_app("silk") & recording & !asks;
    out.judge(
        cx,
        &RULE,
        apps,
        open,
        "silk records every request of production, and shows bodies and queries to whoever opens its pages",
    )
    .help("install it in the development settings only, or set `SILKY_AUTHENTICATION` and `SILKY_AUTHORISATION`")
    .at(span_of(apps, open, "silk"))
    .done();
}

fn span_of(apps: &SettingRef<'_>, when: Cond<'_>, app: &str) -> Option<Span> {
    let config = format!("{app}.apps.");
    apps.elements()
        .into_iter()
        .find(|part| {
            part.data.as_str().is_some_and(|name| name == app || name.starts_with(&config))
                && !(part.when & when).is_never()
        })
        .and_then(|part| part.span)
}

/// In which worlds the toolbar's callback says yes to everybody, as far as its text shows it.
fn shown_to_all<'a>(cx: &Cx<'a>) -> Option<(Cond<'a>, Option<Span>)> {
    let callback = cx.setting("DEBUG_TOOLBAR_CONFIG").entry("SHOW_TOOLBAR_CALLBACK");
    let always = |data: &Data, span: Option<Span>| match data {
        Data::Object(object) if object.kind == ObjectKind::Function => {
            span.is_some_and(|span| returns_true(cx.files.slice(span)))
        }
        _ => false,
    };
    let when = callback.where_part(|part| always(&part.data, part.span));
    let span = callback
        .alternatives()
        .into_iter()
        .find(|part| always(&part.data, part.span))
        .and_then(|part| part.span);
    (!when.is_never()).then_some((when, span))
}

/// `lambda request: True`, or a function whose only statement is `return True`.
fn returns_true(source: &str) -> bool {
    let body = source.split_once(':').map_or("", |(_, body)| body).trim();
    (source.starts_with("lambda") && body == "True")
        || (source.starts_with("def") && body == "return True")
}
