//! Whether a value is escaped when it is written out.

use crate::filter::FilterExpression;

/// Whether what an expression gives is escaped by Django where escaping is on: unless a filter marks it
/// as safe and none after that makes a new text of it.
///
/// Which filters keep what is marked is what `is_safe` says in `django.template.defaultfilters` of
/// Django 6.1. A filter of the project gives a text of its own; what it marks as safe itself is found in
/// its code.
pub(super) fn is_escaped(expression: &FilterExpression) -> bool {
    let mut escaped = true;
    for filter in &expression.filters {
        match &*filter.name.text {
            "safe" | "safeseq" => escaped = false,
            // What they give is escaped or made for the place, and marked.
            "escape" | "force_escape" | "escapeseq" | "escapejs" | "json_script" | "linebreaks"
            | "linebreaksbr" | "linenumbers" | "urlize" | "urlizetrunc" | "unordered_list" => {
                escaped = true;
            }
            name if keeps(name) => {}
            _ => escaped = true,
        }
    }
    escaped
}

/// Whether a filter leaves what is marked as safe marked.
fn keeps(name: &str) -> bool {
    matches!(
        name,
        "addslashes"
            | "capfirst"
            | "center"
            | "cut"
            | "default"
            | "default_if_none"
            | "first"
            | "floatformat"
            | "iriencode"
            | "join"
            | "last"
            | "ljust"
            | "lower"
            | "random"
            | "rjust"
            | "slice"
            | "slugify"
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
