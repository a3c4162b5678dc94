//! Values that pages write out without escaping them, of which it is not known who writes them.

use std::collections::BTreeMap;

use djsec_base::Span;
use djsec_templates::page::{Access, Insertion, Step};

use crate::Cx;

/// What Django itself makes, of a form, a field or a widget, and what developers write about them: marked as
/// safe, or a text of the project.
const OF_FORMS: [&str; 24] = [
    "as_div",
    "as_hidden",
    "as_p",
    "as_table",
    "as_text",
    "as_ul",
    "as_widget",
    "empty_form",
    "error_messages",
    "errors",
    "help_text",
    "hidden_fields",
    "id_for_label",
    "label",
    "label_tag",
    "legend_tag",
    "management_form",
    "media",
    "non_field_errors",
    "non_form_errors",
    "render",
    "tag",
    "verbose_name",
    "verbose_name_plural",
];
/// Filters of packages that clean HTML, or hand out what their own editor has cleaned.
const CLEANERS: [&str; 9] = [
    "bleach",
    "bleach_value",
    "clean_html",
    "html_sanitize",
    "markdownify",
    "nh3",
    "richtext",
    "sanitize",
    "sanitize_html",
];
/// Filters of Django after which nothing is left that does harm.
const HARMLESS: [&str; 26] = [
    "apnumber",
    "date",
    "divisibleby",
    "escape",
    "escapejs",
    "escapeseq",
    "filesizeformat",
    "floatformat",
    "force_escape",
    "json_script",
    "length",
    "linebreaks",
    "linebreaksbr",
    "linenumbers",
    "naturalday",
    "naturaltime",
    "pluralize",
    "slugify",
    "time",
    "timesince",
    "timeuntil",
    "unordered_list",
    "urlencode",
    "urlize",
    "wordcount",
    "yesno",
];

/// The insertions of which nothing is known, by their place, with all that stand there: in what has tags, and
/// neither seen to be clean nor the end of a known way of untrusted data, which other rules report.
pub(super) fn unknown<'a>(
    cx: &Cx<'a>,
    wanted: impl Fn(&Insertion) -> bool,
) -> BTreeMap<Span, Vec<&'a Insertion>> {
    let mut found: BTreeMap<Span, Vec<&Insertion>> = BTreeMap::new();
    let pages = cx.templates().pages().filter(|(_, page)| page.markup);
    for insertion in pages.flat_map(|(_, page)| &page.insertions) {
        if wanted(insertion) {
            found.entry(insertion.span).or_default().push(insertion);
        }
    }
    if found.is_empty() {
        return found;
    }
    let flows = cx.flows();
    found.retain(|span, insertions| {
        let mut accesses = insertions.iter().flat_map(|insertion| &insertion.accesses);
        !flows.is_told(*span) && !flows.end_at(*span) && accesses.any(|access| is_open(cx, access))
    });
    found
}

/// Whether a value may be anything.
fn is_open(cx: &Cx<'_>, access: &Access) -> bool {
    let cleans = |name: &str| {
        HARMLESS.contains(&name) || CLEANERS.contains(&name) || cx.flows().cleans(name)
    };
    !filters(access).any(cleans) && !is_of_form(access) && !is_constant(&access.root)
}

/// The filters that a value goes through, the first first.
pub(super) fn filters(access: &Access) -> impl DoubleEndedIterator<Item = &str> {
    access.steps.iter().filter_map(|step| match step {
        Step::Filter { name, .. } => Some(&**name),
        _ => None,
    })
}

/// The filter that is taken for a defence, where the value is not escaped.
pub(super) fn defence(insertion: &Insertion) -> Option<&'static str> {
    if insertion.escaped {
        return None;
    }
    let has = |wanted: &str| {
        insertion.accesses.iter().any(|access| filters(access).any(|name| name == wanted))
    };
    ["striptags", "addslashes"].into_iter().find(|name| has(name))
}

/// Whether a value is a number or a word of the project: by what its last filter gives, or by its name.
pub(super) fn is_number(access: &Access) -> bool {
    let escapes = |name: &str| name.contains("escape");
    if filters(access).any(|name| HARMLESS.contains(&name) && !escapes(name)) {
        return true;
    }
    let name = access.last_name();
    let (_, last) = name.rsplit_once('_').unwrap_or(("", name));
    matches!(
        last,
        "id" | "pk" | "uuid" | "count" | "total" | "length" | "number" | "year" | "index"
    )
}

/// Whether a value is what Django makes of a form.
fn is_of_form(access: &Access) -> bool {
    if access.names().any(|name| OF_FORMS.contains(&name)) {
        return true;
    }
    let root = access.root.to_ascii_lowercase();
    let is_form = ["form", "formset", "field"].iter().any(|end| root.ends_with(end));
    // A field of a form by itself is its widget.
    is_form && access.names().all(|name| !matches!(name, "value" | "data" | "initial" | "instance"))
}

/// Whether a name is one of the settings, as they are handed to templates.
fn is_constant(name: &str) -> bool {
    name.len() > 1 && !name.contains(|c: char| c.is_lowercase())
}

/// What is put in, for people.
pub(super) fn words(insertions: &[&Insertion]) -> String {
    let mut accesses = insertions.iter().flat_map(|insertion| &insertion.accesses);
    accesses.next().map(Access::words).unwrap_or_default()
}
