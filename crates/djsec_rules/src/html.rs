//! Ways of data into HTML, and which rule each belongs to: one way is one finding.

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{FileKind, Span};
use djsec_flow::{Flow, Grade, Kind};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use crate::Cx;
use crate::own::{Kind as Of, Site};

/// What a way of data into HTML is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Html {
    /// It is sent as a page.
    Sent,
    /// A document is rendered of it on the server, which fetches what it names.
    Document,
    /// Stored data is sent as JSON that browsers take for a page.
    Json,
    /// It is marked as safe.
    Marked,
    /// It is the format of `format_html`.
    Format,
    /// It is a message that is printed as HTML.
    Message,
    /// An object says that it is its HTML.
    Magic,
    /// The admin shows it to its staff: a column of this model.
    Column(QualifiedName),
    /// A filter of templates gives what it is handed.
    Filter,
    /// A widget of a form writes the value of its field.
    Widget,
    /// Tags were cut out of it by a pattern, and it counts as clean.
    Stripped,
    /// A template writes it out.
    Template,
    /// Markup of people (Markdown, reStructuredText) was made HTML on the way.
    Markup,
}

/// What makes HTML of markup, and leaves the HTML in it as it is.
const MARKUP: &[&str] = &[
    "commonmark.commonmark",
    "docutils.core.publish_parts",
    "docutils.core.publish_string",
    "markdown.Markdown",
    "markdown.Markdown.convert",
    "markdown.core.Markdown",
    "markdown.core.markdown",
    "markdown.markdown",
    "markdown2.markdown",
    "markdownx.utils.markdownify",
    "misaka.html",
    "mistune.html",
    "mistune.markdown",
    "textile.textile",
];

/// Names without one of which nothing of it is called.
const SIGNS: &[&str] = &[
    "Markdown",
    "commonmark",
    "markdown",
    "markdown2",
    "markdownify",
    "misaka",
    "mistune",
    "publish_parts",
    "publish_string",
    "textile",
];

/// What each flow of HTML is about, by its place.
pub(crate) fn causes(cx: &Cx<'_>) -> BTreeMap<Span, Html> {
    let flows: Vec<&Flow> = cx.flows().of(Kind::Html).collect();
    let places = if flows.is_empty() { Places::default() } else { Places::of(cx) };
    flows.into_iter().map(|flow| (flow.place, cause(cx, flow, &places))).collect()
}

/// Where the project does what decides which rule a flow belongs to.
#[derive(Default)]
struct Places {
    /// Functions and properties that make columns of the admin, with their models.
    columns: Vec<(Span, QualifiedName)>,
    /// Calls that make HTML of markup.
    markup: BTreeSet<Span>,
    /// Calls that cut tags out of a text.
    stripped: BTreeSet<Span>,
    /// Texts of JSON that are sent as pages.
    json: BTreeSet<Span>,
}

impl Places {
    fn of(cx: &Cx<'_>) -> Self {
        let calls = if cx.mentions(SIGNS) { cx.calls_to(MARKUP) } else { Vec::new() };
        let markup = calls.iter().map(|call| call.at.expr_span(call.id)).collect();
        let json = crate::json_pages::json_pages(cx).map(|page| page.place).collect();
        Self { columns: columns(cx), markup, stripped: stripping(cx), json }
    }
}

fn cause(cx: &Cx<'_>, flow: &Flow, places: &Places) -> Html {
    let ends = ends(flow);
    let through = |calls: &BTreeSet<Span>| flow.steps.iter().any(|s| calls.contains(&s.place));
    if through(&places.stripped) {
        return Html::Stripped;
    }
    if cx.files.file(flow.place.file).is_some_and(|file| file.kind == FileKind::Template) {
        return Html::Template;
    }
    if matches!(ends, Html::Message | Html::Document) || flow.source.grade == Grade::Remote {
        return ends;
    }
    if through(&places.markup) {
        return Html::Markup;
    }
    if flow.source.grade == Grade::Shown {
        return shown(cx, flow);
    }
    let within = |span: &Span| {
        flow.steps
            .iter()
            .any(|step| step.place.file == span.file && span.range.contains_range(step.place.range))
    };
    if let Some((_, model)) = places.columns.iter().find(|(span, _)| within(span)) {
        return Html::Column(model.clone());
    }
    if ends == Html::Sent && places.json.contains(&flow.place) { Html::Json } else { ends }
}

/// Calls that cut tags out of a text.
fn stripping(cx: &Cx<'_>) -> BTreeSet<Span> {
    const STRIP: &[&str] =
        &["django.utils.html.strip_tags", "django.template.defaultfilters.striptags"];
    let mut found = BTreeSet::new();
    if cx.mentions(&["strip_tags", "striptags"]) {
        found.extend(cx.calls_to(STRIP).iter().map(|call| call.at.expr_span(call.id)));
    }
    for at in cx.sites() {
        if at.code.symbol("sub").is_none() && at.code.symbol("replace").is_none() {
            continue;
        }
        let calls = at.code.all_exprs().filter(|(id, _)| cuts_tags(cx, at, *id));
        found.extend(calls.map(|(id, _)| at.expr_span(id)));
    }
    found
}

/// `re.sub("<[^>]*>", "", text)`, `TAG.sub("", text)`, `text.replace("<script>", "")`
fn cuts_tags(cx: &Cx<'_>, at: Site<'_>, call: ExprId) -> bool {
    let code = at.code;
    let Some((callee, [first, ..])) = code.call(call) else { return false };
    let pattern = |id: ExprId| code.string(id).is_some_and(is_of_tags);
    match code.expr(callee) {
        Expr::Attribute(on, name) if code.text(name) == "sub" => {
            // Either the module `re`, or a compiled pattern.
            let compiled = |at: Site<'_>, id: ExprId| {
                let made = at.code.call(id).and_then(|(_, arguments)| arguments.first());
                made.and_then(|made| at.code.string(made.value)).is_some_and(is_of_tags)
            };
            pattern(first.value) || cx.surely(at, on, &compiled)
        }
        Expr::Attribute(_, name) if code.text(name) == "replace" => {
            code.string(first.value).is_some_and(|text| text.to_lowercase().contains("<script"))
        }
        _ => false,
    }
}

/// Whether a pattern is of tags whatever they are called, or of scripts.
fn is_of_tags(pattern: &str) -> bool {
    const ANY: &[&str] =
        &["<[^", "<.", "</?[", "</?\\w", "<\\w", "<\\/?", "<script", "<\\s*script"];
    ANY.iter().any(|part| pattern.to_lowercase().contains(part))
}

/// How a flow of HTML ends.
fn ends(flow: &Flow) -> Html {
    match (&*flow.callee, &*flow.words) {
        (_, "a message that is printed as HTML") => Html::Message,
        (_, "the HTML of a form") => Html::Widget,
        (_, "HTML that a template prints as it is") => Html::Magic,
        ("format_html" | "format_html_join", _) => Html::Format,
        (_, "HTML that is not escaped any more") => Html::Marked,
        (_, "HTML of a document, which names what is fetched") => Html::Document,
        _ => Html::Sent,
    }
}

/// What hands over what a page shows: its place is the function's name.
fn shown(cx: &Cx<'_>, flow: &Flow) -> Html {
    let at = cx.site_of(flow.source.place.file);
    let named = |at: Site<'_>| {
        let mut all = at.code.functions().map(|(_, function)| function);
        let found = all.find(|found| found.name_range == flow.source.place.range)?;
        Some(if found.class.is_some() { Html::Widget } else { Html::Filter })
    };
    at.and_then(named).unwrap_or(Html::Marked)
}

/// What makes the columns of the admin's lists, and the fields that its pages only show: methods of its
/// classes, and methods and properties of the models.
fn columns(cx: &Cx<'_>) -> Vec<(Span, QualifiedName)> {
    let mut found = Vec::new();
    for registration in cx.registrations() {
        let Some(class) = &registration.admin else { continue };
        add_columns(cx, class, &registration.model, &mut found);
    }
    for inline in cx.classes_of(Of::Inline) {
        let model = cx.assigned(&inline.name, "model");
        if let Some(model) = model.and_then(|(at, model)| cx.model_named(at, model)) {
            add_columns(cx, &inline.name, &model, &mut found);
        }
    }
    found
}

fn add_columns(
    cx: &Cx<'_>,
    class: &QualifiedName,
    model: &QualifiedName,
    found: &mut Vec<(Span, QualifiedName)>,
) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for list in ["list_display", "readonly_fields", "fields"] {
        if let Some((at, value)) = cx.assigned(class, list) {
            names.extend(Cx::texts(at, value).iter().map(|(name, _)| *name));
        }
    }
    for name in names {
        let own = cx.counting_method(class, name);
        if let Some((at, id, _)) = own.or_else(|| cx.counting_method(model, name))
            && let Some(function) = at.code.function(id)
        {
            found.push((at.span(function.range), model.clone()));
        }
    }
}
