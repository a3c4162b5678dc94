use djsec_base::{Confidence, Location, Severity, Span};
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use crate::own::{Kind as Of, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds contexts of templates that hold more than a page needs: all settings, the environment, the
    /// request's `META`, or every name of a function or module (`locals()`, `globals()`).
    ///
    /// ## Why it matters
    /// Every template can then print the secret key, the passwords of databases or those of other services:
    /// one wrong line, one template that somebody may edit, one error page with the context on it is enough.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.conf import settings
    /// from django.shortcuts import render
    ///
    ///
    /// def page(request):
    ///     return render(request, "page.html", {"settings": settings})  # finding
    ///
    ///
    /// def other(request):
    ///     title = "Other"
    ///     return render(request, "page.html", locals())  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.conf import settings
    /// from django.shortcuts import render
    ///
    ///
    /// def page(request):
    ///     return render(request, "page.html", {"site_name": settings.SITE_NAME})
    ///
    ///
    /// def other(request):
    ///     title = "Other"
    ///     return render(request, "page.html", {"title": title, "agent": request.META["HTTP_USER_AGENT"]})
    /// ```
    ///
    /// ## How to fix
    /// Name what the page needs: `{"site_name": settings.SITE_NAME}`.
    ///
    /// ## Limits
    /// Looks at contexts that are written where a template is rendered, in `get_context_data`, and in the
    /// context processors of the settings. What templates make of them is not looked at.
    ///
    /// ## References
    /// - [Django: context processors](https://docs.djangoproject.com/en/stable/ref/templates/api/#writing-your-own-context-processors)
    RULE {
        id: "template-context-overexposed",
        group: "injection",
        summary: "templates are given more than they need",
        severity: Low,
        cwe: [200, 497],
        owasp: ["2025:A02"],
        asvs: ["5.0:15.3.1"],
        checklist: [],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What renders a template, and at which position and under which names it takes the context.
const RENDERERS: &[(&str, usize, &[&str])] = &[
    ("django.shortcuts.render", 2, &["context", "dictionary"]),
    ("django.shortcuts.render_to_response", 1, &["context", "dictionary"]),
    ("django.template.loader.render_to_string", 1, &["context", "dictionary"]),
    ("django.template.response.TemplateResponse", 2, &["context"]),
    ("django.template.context.Context", 0, &["dict_"]),
    ("django.template.Context", 0, &["dict_"]),
    ("django.template.context.RequestContext", 1, &["dict_"]),
    ("django.template.RequestContext", 1, &["dict_"]),
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    const SIGNS: &[&str] = &["settings", "locals", "globals", "META", "environ"];
    if !cx.mentions(SIGNS) {
        return;
    }
    rendered(cx, out);
    built(cx, out);
    processed(cx, out);
}

/// Contexts that are given to what renders.
fn rendered(cx: &Cx<'_>, out: &mut Findings) {
    let names: Vec<&'static str> = RENDERERS.iter().map(|(name, ..)| *name).collect();
    for call in cx.calls_to(&names) {
        let known = RENDERERS.iter().find(|(name, ..)| *name == call.name);
        let Some((_, position, keywords)) = known else { continue };
        let given = call.argument(*position, keywords.first().copied().unwrap_or_default());
        let given = given.or_else(|| keywords.iter().find_map(|name| call.keyword(name)));
        if let Some(context) = given {
            in_context(cx, call.at, context, call.path_around(), out);
        }
    }
}

/// Contexts that views build: `context["settings"] = settings` in `get_context_data`.
fn built(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Of::View) {
        if let Some(function) = class.method("get_context_data") {
            in_function(cx, class.at, function, out);
        }
    }
}

/// Contexts of every template.
fn processed(cx: &Cx<'_>, out: &mut Findings) {
    let engines = cx.setting("TEMPLATES");
    for at in 0..engines.elements().len().min(8) {
        let processors = engines.index(at).entry("OPTIONS").entry("context_processors");
        for part in processors.elements() {
            let name = part.data.as_str().and_then(|path| cx.named(path));
            if let Some((at, function)) = name.and_then(|name| cx.own_function(&name)) {
                in_function(cx, at, function, out);
            }
        }
    }
}

/// What a function that builds a context puts into it and gives back.
fn in_function(cx: &Cx<'_>, at: Site<'_>, function: &Function, out: &mut Findings) {
    let code = at.code;
    code.each_stmt(function.body, &mut |_, stmt| match stmt {
        Stmt::Return(Some(value)) => in_context(cx, at, value, &function.path, out),
        Stmt::Assign { targets, value: Some(value), .. } => {
            let put = |id: &ExprId| matches!(code.expr(*id), Expr::Subscript(..));
            if code.exprs(targets).iter().any(put) {
                in_value(cx, at, value, &function.path, out);
            }
        }
        _ => {}
    });
}

/// The context itself, or one of its entries.
fn in_context(cx: &Cx<'_>, at: Site<'_>, context: ExprId, path: &str, out: &mut Findings) {
    let is_table = |at: Site<'_>, id: ExprId| matches!(at.code.expr(id), Expr::Dict(_));
    let (there, table) = cx.origin(at, context, &is_table).unwrap_or((at, context));
    match there.code.expr(table) {
        Expr::Dict(entries) => {
            for (key, value) in there.code.entries(entries) {
                // `**locals()`
                if key.is_none() && names_all(cx, there, *value) {
                    in_names(there.expr_span(*value), path, out);
                } else {
                    in_value(cx, there, *value, path, out);
                }
            }
        }
        Expr::Call(..) if names_all(cx, there, table) => {
            in_names(there.expr_span(table), path, out);
        }
        _ => {}
    }
}

fn names_all(cx: &Cx<'_>, at: Site<'_>, expr: ExprId) -> bool {
    let Some((callee, [])) = at.code.call(expr) else { return false };
    cx.names(at, callee, &["builtins.locals", "builtins.globals", "builtins.vars"])
}

/// Whether one context, which several calls are given, was reported before.
fn is_told(place: Span, out: &Findings) -> bool {
    let place = Location::Span(place);
    out.findings.iter().any(|found| found.rule.id == RULE.meta.id && found.primary == place)
}

fn in_names(place: Span, path: &str, out: &mut Findings) {
    if is_told(place, out) {
        return;
    }
    let message = "the template is given every name that there is";
    out.found(&RULE, place, path, message)
        .severity(Severity::Info)
        .help("name what the page needs")
        .done();
}

/// A value in a context.
fn in_value(cx: &Cx<'_>, at: Site<'_>, value: ExprId, path: &str, out: &mut Findings) {
    let code = at.code;
    let settings = |id| cx.names(at, id, &["django.conf.settings"]);
    let words = match code.expr(value) {
        _ if settings(value) => "all settings",
        _ if cx.names(at, value, &["os.environ"]) => "the whole environment",
        Expr::Attribute(base, name) => match code.text(name) {
            "META" if code.dotted(base).is_some_and(|base| base.ends_with("request")) => {
                "all headers and the server's environment"
            }
            "__dict__" if settings(base) => "all settings",
            _ => return,
        },
        _ => return,
    };
    let place = at.expr_span(value);
    if is_told(place, out) {
        return;
    }
    out.found(&RULE, place, path, format!("the template is given {words}"))
        .confidence(Confidence::Medium)
        .help("name what the page needs: `{\"site_name\": settings.SITE_NAME}`")
        .done();
}
