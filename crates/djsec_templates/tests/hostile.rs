//! Texts that nobody writes: each must be read to its end, in a time that grows with its length.

use djsec_templates::error::ErrorCode;
use djsec_templates::parse::parse;
use djsec_templates::token::{MAX_TOKENS, tokenize};

/// What is repeated. Any reading in quadratic time would take hours.
const PIECES: [&str; 38] = [
    "{",
    "{{",
    "{%",
    "{#",
    "{{\n",
    "{#\n",
    "}}",
    "{{}}",
    "{{ a",
    "{% \"",
    "{% if a %}",
    "{% endif %}",
    "{% else %}",
    "{% x %}",
    "{% x %}{% if a %}",
    "{% endx %}",
    "{% x %}{% endx %}",
    "{% if a %}{% x %}{% endx %}",
    "{% block a %}",
    "{% load i18n %}",
    "{% load a from i18n %}",
    "{% load nope %}",
    "{% extends 'a' %}",
    "{% comment %}",
    "{% verbatim %}",
    "{% blocktranslate %}",
    "{% blocktranslate %}{% a %}",
    "{% plural %}",
    "{% cycle a b as c %}",
    "{% partialdef a %}",
    "{{ a|b:\"c\"|d }}",
    "{{ a|\"b }}",
    "{{ \u{b2}\u{300}\u{661} }}",
    "\u{0}\u{fffd}\u{feff}",
    "\" ",
    "' \\\" ",
    "\\\\\" ",
    "{% if %}{% for %}{% with %}",
];

#[test]
fn every_repetition_is_read_to_its_end() {
    for piece in PIECES {
        let text = piece.repeat(400_000 / piece.len());
        check(&text);
    }
}

#[test]
fn every_repetition_is_read_inside_of_one_tag() {
    let pieces = [
        "a", " a", "|a", ":a", " \"", " '\\\"", " \\\"", "_(\"", "=", " a=b", " not", " a and",
        ".", "-", "|a:\"b", " _('",
    ];
    for piece in pieces {
        let inside = piece.repeat(400_000 / piece.len());
        check(&format!("{{{{ a{inside} }}}}"));
        for tag in ["if", "with", "for a in", "include", "url", "blocktranslate", "filter", "x"] {
            check(&format!("{{% {tag}{inside} %}}"));
        }
    }
}

#[test]
fn a_text_with_too_many_tags_is_read_up_to_there() {
    let text = "{{}}".repeat(MAX_TOKENS + 10);
    let (tokens, cut) = tokenize(&text);
    assert!(cut);
    assert_eq!(tokens.len(), MAX_TOKENS + 1);
    assert_eq!(tokens.last().map(|token| usize::from(token.span.end())), Some(text.len()));
}

#[test]
fn what_is_not_read_of_a_tag_is_said() {
    let long = [
        format!("{{% x{} %}}", " a".repeat(50_000)),
        format!("{{{{ x{} }}}}", "|a".repeat(50_000)),
    ];
    for text in long {
        let errors = parse(&text, &()).errors;
        assert_eq!(errors.first().map(|error| error.code), Some(ErrorCode::Limit));
    }
}

/// The nodes stand in the order of the text and do not overlap. (Django refuses an empty tag: it is no node.)
fn check(text: &str) {
    let template = parse(text, &());
    let mut at = 0;
    let short: String = text.chars().take(40).collect();
    for node in &template.nodes {
        assert!(usize::from(node.span.start()) >= at, "{short}");
        at = usize::from(node.span.end());
    }
    assert!(at <= text.len(), "{short}");
    assert!(!template.nodes.is_empty(), "{short}");
    assert!(!template.print(text).is_empty());
}
