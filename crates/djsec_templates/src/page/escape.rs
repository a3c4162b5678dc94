//! Whether a value is escaped when it is written out.

use crate::filter::{Filter, FilterExpression, Value};
use crate::jinja::PREFIXED;

/// What Django knows of a value while it goes from filter to filter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// As it came; it is escaped where it is written out, if escaping is on.
    Raw,
    /// As it came, but marked as safe.
    Marked,
    /// Escaped, and marked.
    Escaped,
}

/// Whether what an expression gives is escaped when it is written out, where escaping is on or off.
///
/// Which filters keep what is marked, and which escape or mark themselves, is what
/// `django.template.defaultfilters` of Django 6.1 does. A filter of the project gives a text of its own;
/// what it marks as safe itself is found in its code.
pub(super) fn is_escaped(expression: &FilterExpression, escaping: bool) -> bool {
    match known(expression, escaping) {
        Text::Raw => escaping,
        Text::Marked => false,
        Text::Escaped => true,
    }
}

/// What is known of all that an expression may give.
fn known(expression: &FilterExpression, escaping: bool) -> Text {
    let either = |one, other| match (one, other) {
        (Text::Marked, _) | (_, Text::Marked) => Text::Marked,
        (Text::Escaped, Text::Escaped) => Text::Escaped,
        _ => Text::Raw,
    };
    let text = match &expression.value.value {
        Value::Any(all) => all.iter().map(|one| known(one, escaping)).reduce(either),
        Value::Macro(_) => Some(Text::Escaped),
        _ => None,
    };
    let text = text.unwrap_or(Text::Raw);
    expression.filters.iter().fold(text, |text, filter| after(text, filter, escaping))
}

fn after(text: Text, filter: &Filter, escaping: bool) -> Text {
    match (&*filter.name.text, text) {
        ("safe" | "safeseq", Text::Raw) => Text::Marked,
        // They escape, or write nothing that means something to HTML; the first two not what is marked.
        ("escape" | "escapeseq", Text::Raw)
        | (
            "force_escape" | "escapejs" | "json_script" | "tojson" | "urlencode" | "slugify"
            | "filesizeformat",
            _,
        ) => Text::Escaped,
        // They mark what they give, and escape before if that is on and nothing is marked.
        (
            "linebreaks" | "linebreaksbr" | "linenumbers" | "urlize" | "urlizetrunc"
            | "unordered_list" | "join",
            Text::Raw,
        ) => {
            if escaping {
                Text::Escaped
            } else {
                Text::Marked
            }
        }
        // A constant of the template is marked too, and two texts that are marked make a marked one.
        ("add", text) if is_constant(filter) => text,
        // What stands behind a constant text of Jinja.
        (PREFIXED, text) => text,
        (name, text) if keeps(name) => text,
        _ => Text::Raw,
    }
}

fn is_constant(filter: &Filter) -> bool {
    matches!(filter.argument.as_ref().map(|one| &one.value), Some(Value::Text { .. }))
}

/// Whether a filter leaves what is marked as safe marked.
fn keeps(name: &str) -> bool {
    matches!(
        name,
        "safe"
            | "safeseq"
            | "escape"
            | "escapeseq"
            | "linebreaks"
            | "linebreaksbr"
            | "linenumbers"
            | "urlize"
            | "urlizetrunc"
            | "unordered_list"
            | "addslashes"
            | "capfirst"
            | "center"
            | "cut"
            | "default"
            | "default_if_none"
            | "dictsort"
            | "dictsortreversed"
            | "first"
            | "floatformat"
            | "get_digit"
            | "iriencode"
            | "join"
            | "last"
            | "ljust"
            | "lower"
            | "phone2numeric"
            | "pprint"
            | "random"
            | "rjust"
            | "slice"
            | "stringformat"
            | "striptags"
            | "title"
            | "truncatechars"
            | "truncatechars_html"
            | "truncatewords"
            | "truncatewords_html"
            | "wordwrap"
    )
}

/// Whether filters around a part of a page leave its tags where they are.
pub(super) fn keeps_tags(filters: &[Filter]) -> bool {
    filters.iter().all(keeps_its_tags)
}

/// Whether filters leave what a macro gives as it is: a text that is marked as safe.
pub(super) fn keeps_markup(filters: &[Filter]) -> bool {
    let leaves = |filter: &Filter| matches!(&*filter.name.text, "safe" | "escape" | PREFIXED);
    filters.iter().all(|filter| leaves(filter) || keeps_its_tags(filter))
}

fn keeps_its_tags(filter: &Filter) -> bool {
    matches!(
        &*filter.name.text,
        "lower"
            | "upper"
            | "capfirst"
            | "title"
            | "center"
            | "ljust"
            | "rjust"
            | "wordwrap"
            | "linebreaks"
            | "linebreaksbr"
    )
}

/// Whether a filter around a part of a page escapes all that is in it.
pub(super) fn escapes_all(filters: &[Filter]) -> bool {
    let mut names = filters.iter().map(|filter| &*filter.name.text);
    names.any(|name| matches!(name, "force_escape" | "escapejs" | "urlencode" | "slugify"))
}
