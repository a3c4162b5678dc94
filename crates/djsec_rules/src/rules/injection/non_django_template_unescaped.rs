use std::collections::BTreeSet;

use djsec_base::{Confidence, Span};
use djsec_python::code::{Expr, ExprId};

use crate::calls::Called;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds templates of HTML that are rendered without escaping: by Jinja or Mako as they are by default,
    /// and by Django with `autoescape=False`.
    ///
    /// ## Why it matters
    /// Django's templates escape what they print; these do not. Whatever people wrote becomes markup, and a
    /// script in it runs with the session of whoever sees the page.
    ///
    /// ## Flagged
    /// ```python pages.py
    /// from jinja2 import Environment, PackageLoader
    ///
    /// env = Environment(loader=PackageLoader("shop"))  # finding
    ///
    ///
    /// def profile(user):
    ///     return env.get_template("profile.html").render(user=user)
    /// ```
    ///
    /// ## Not flagged
    /// Environments that escape, and templates of other texts than HTML:
    /// ```python pages.py
    /// from jinja2 import Environment, PackageLoader, select_autoescape
    ///
    /// env = Environment(loader=PackageLoader("shop"), autoescape=select_autoescape())
    ///
    ///
    /// def profile(user):
    ///     return env.get_template("profile.html").render(user=user)
    /// ```
    /// ```python zones.py
    /// from jinja2 import Environment, PackageLoader
    ///
    /// env = Environment(loader=PackageLoader("shop"))
    ///
    ///
    /// def zone(domain):
    ///     return env.get_template("zone.conf").render(domain=domain)
    /// ```
    ///
    /// ## How to fix
    /// Jinja: `Environment(autoescape=select_autoescape())`. Mako: `default_filters=["h"]`. Django: leave
    /// `autoescape` out.
    ///
    /// ## Limits
    /// What is rendered counts as HTML where the name of a template in the same module, its text, or the
    /// settings say so: elsewhere it may be a mail or a configuration file.
    ///
    /// ## References
    /// - [Jinja: autoescaping](https://jinja.palletsprojects.com/en/stable/api/#autoescaping)
    /// - [Mako: expression filtering](https://docs.makotemplates.org/en/latest/filtering.html)
    RULE {
        id: "non-django-template-unescaped",
        group: "injection",
        summary: "templates of HTML are rendered without escaping",
        severity: Medium,
        cwe: [79, 116],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const JINJA: &[&str] = &[
    "jinja2.Environment",
    "jinja2.environment.Environment",
    "jinja2.sandbox.SandboxedEnvironment",
    "jinja2.sandbox.ImmutableSandboxedEnvironment",
    "jinja2.Template",
    "jinja2.environment.Template",
];
const MAKO: &[&str] = &["mako.template.Template", "mako.lookup.TemplateLookup"];
/// Django's own, which escape unless they are told not to.
const DJANGO: &[&str] = &[
    "django.template.context.Context",
    "django.template.Context",
    "django.template.engine.Engine",
    "django.template.Engine",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    const SIGNS: &[&str] =
        &["Environment", "SandboxedEnvironment", "Template", "TemplateLookup", "autoescape"];
    if !cx.mentions(SIGNS) {
        return;
    }
    let environments = environments(cx);
    for call in [JINJA, MAKO, DJANGO].into_iter().flat_map(|names| cx.calls_to(names)) {
        let Some(place) = unescaped(&call) else { continue };
        let configured = call
            .function()
            .is_some_and(|function| environments.contains(&call.at.span(function.name_range)));
        if !configured && !renders_html(&call) {
            continue;
        }
        let engine = match call.name {
            name if name.starts_with("jinja2") => "Jinja",
            name if name.starts_with("mako") => "Mako",
            _ => "Django",
        };
        let message = format!("{engine} renders templates of HTML here without escaping");
        out.found(&RULE, place, call.path_around(), message)
            .confidence(Confidence::Medium)
            .help(match engine {
                "Jinja" => "add `autoescape=select_autoescape()`",
                "Mako" => "add `default_filters=[\"h\"]`",
                _ => "leave `autoescape` out",
            })
            .done();
    }
}

/// Where something is made that surely does not escape.
fn unescaped(call: &Called<'_>) -> Option<Span> {
    // `**options` may say it.
    if call.arguments.iter().any(|argument| argument.spread) {
        return None;
    }
    let said = if call.name.starts_with("mako") { "default_filters" } else { "autoescape" };
    match call.keyword(said) {
        Some(value) if said == "autoescape" && call.at.code.bool(value) == Some(false) => {
            Some(call.at.expr_span(value))
        }
        None if !DJANGO.contains(&call.name) => {
            let Expr::Call(callee, _) = call.at.code.expr(call.id) else { return None };
            Some(call.at.expr_span(callee))
        }
        _ => None,
    }
}

/// The functions that make the environments of the templates of settings: by their names' places.
fn environments(cx: &Cx<'_>) -> BTreeSet<Span> {
    let engines = cx.setting("TEMPLATES");
    let mut found = BTreeSet::new();
    for at in 0..engines.elements().len().min(8) {
        let option = engines.index(at).entry("OPTIONS").entry("environment");
        for alt in &option.value().alts {
            let name = alt.data.as_str().and_then(|path| cx.named(path));
            if let Some((at, function)) = name.and_then(|name| cx.own_function(&name)) {
                found.insert(at.span(function.name_range));
            }
        }
    }
    found
}

/// Whether what is rendered around a call is HTML, and nothing else: by the names of templates, or by a
/// text that is written there. For a context, in the same function; for what makes templates, anywhere in
/// the module.
fn renders_html(call: &Called<'_>) -> bool {
    const LOADERS: &[&str] = &["get_template", "select_template", "render_to_string"];
    let code = call.at.code;
    let django = DJANGO.contains(&call.name);
    let context = call.name.ends_with("Context");
    let within = call.function().map(|function| function.range).filter(|_| context);
    let (mut html, mut other) = (false, false);
    let mut look = |id: ExprId| {
        if let Some(name) = code.string(id).filter(|name| name.contains('.')) {
            let is_html = is_html_name(name);
            html |= is_html;
            other |= !is_html && !name.contains('<') && !name.contains(' ');
        }
    };
    for (id, expr) in code.all_exprs() {
        let inside = within.is_none_or(|range| range.contains_range(code.expr_range(id)));
        let Expr::Call(callee, arguments) = expr else { continue };
        // Other engines are asked for templates by a method; a function by this name is Django's.
        let may_be = django || matches!(code.expr(callee), Expr::Attribute(..));
        if inside && may_be && call.at.called(id).is_some_and(|name| LOADERS.contains(&name)) {
            for argument in code.arguments(arguments) {
                look(argument.value);
                code.elements(argument.value).unwrap_or_default().iter().for_each(|id| look(*id));
            }
        }
    }
    for name in ["filename", "source", "text"] {
        call.keyword(name).into_iter().for_each(&mut look);
    }
    let written = call.argument(0, "source").and_then(|text| code.string(text));
    let template = call.name.ends_with("Template");
    (html && !other) || (template && written.is_some_and(has_tag))
}

/// `page.html`, `page.html.j2`.
fn is_html_name(name: &str) -> bool {
    let mut parts = name.rsplit('/').next().unwrap_or(name).split('.').skip(1);
    parts.any(|part| matches!(part, "html" | "htm" | "xhtml"))
}

/// Whether a text has an element of HTML in it.
fn has_tag(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        matches!(
            &*name,
            "a" | "b"
                | "body"
                | "div"
                | "h1"
                | "h2"
                | "html"
                | "li"
                | "p"
                | "span"
                | "table"
                | "td"
                | "ul"
        )
    })
}
