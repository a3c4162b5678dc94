//! Which definition of a block is written, where.

use djsec_base::FileId;

use super::{Page, Source, Sources, kept, page, places};
use crate::parse::parse;

#[test]
fn a_child_writes_into_the_places_that_its_base_leaves() {
    let files = [
        ("page.html", "{{ never }}{% extends 'b' %}{% block a %}{{ x }}{% endblock %}{{ lost }}"),
        ("b", "<p title='{% block a %}{{ y }}{% endblock %}'>{{ z }}"),
    ];
    // What stands before `extends` is written, what stands behind it outside of blocks is not.
    let expected = ["{{ never }} in text", "{{ x }} in p title=other", "{{ z }} in text"];
    assert_eq!(places(&files), expected);
}

#[test]
fn super_is_the_next_definition_above() {
    let files = [
        ("page", "{% extends 'middle' %}{% block a %}<u>{{ block.super }}{{ own }}{% endblock %}"),
        ("middle", "{% extends 'base' %}{% block a %}<i {{ block.super }}{{ m }}>{% endblock %}"),
        ("base", "{% block a %}{{ b }}{{ block.super }}{% endblock %}"),
    ];
    let expected = ["{{ b }} in i attributes", "{{ m }} in i attributes", "{{ own }} in text"];
    assert_eq!(places(&files), expected);
}

#[test]
fn a_definition_is_not_written_within_itself() {
    // As Django 6.1 writes it: `gpre pre base:grand-a;child-a(grand-b<base-a>)|grand-b<grand-a;child-a(child-b)>`
    let files = [
        (
            "grand",
            "{% extends 'child' %}{% block b %}{{ gb }}{% block a %}{{ ga }}{{ block.super }}\
             {% endblock %}{% endblock %}",
        ),
        (
            "child",
            "{% extends 'base' %}{% block a %}{{ ca }}{% block b %}{{ cb }}{% endblock %}{% endblock %}",
        ),
        (
            "base",
            "{% block a %}{{ ba }}{% endblock %}<p title='{% block b %}{{ bb }}{% endblock %}'>",
        ),
    ];
    let text = ["{{ ga }}", "{{ ca }}", "{{ gb }}", "{{ ba }}"].map(|x| format!("{x} in text"));
    let title = ["{{ gb }}", "{{ ga }}", "{{ ca }}", "{{ cb }}"];
    let title = title.map(|x| format!("{x} in p title=other"));
    assert_eq!(places(&files), [text, title].concat());
    assert_eq!(page(&files).gaps, []);
}

#[test]
fn a_template_can_extend_the_one_of_its_own_name_that_another_loader_finds() {
    let files = [
        ("admin/base.html", "{% extends 'admin/base.html' %}{% block a %}{{ own }}{% endblock %}"),
        ("admin/base.html", "<title>{% block a %}{% endblock %}</title>"),
    ];
    assert_eq!(places(&files), ["{{ own }} in title"]);
    assert_eq!(page(&files).gaps, []);
}

#[test]
fn blocks_of_what_is_included_are_its_own() {
    let files = [
        ("page", "{% extends 'base' %}{% block a %}{{ own }}{% endblock %}"),
        ("base", "{% include 'side' %}<textarea>{% block a %}{% endblock %}"),
        ("side", "{% block a %}{{ side }}{{ block.super }}{% endblock %}"),
    ];
    assert_eq!(places(&files), ["{{ side }} in text", "{{ own }} in textarea"]);
}

#[test]
fn what_a_block_sets_ends_with_it_and_what_is_around_it_is_seen_in_it() {
    let files = [
        (
            "page",
            "{% extends 'base' %}{% block a %}{{ x|safe }}{% firstof p as q %}{{ q|safe }}{% endblock %}",
        ),
        ("base", "{% with x=y %}{% block a %}{% endblock %}{% endwith %}{{ q|safe }}{{ x|safe }}"),
    ];
    let expected = [
        "{{ x|safe }}: y (raw)",
        "{{ q|safe }}: p (raw)",
        "{{ q|safe }}: q (raw)",
        "{{ x|safe }}: x (raw)",
    ];
    assert_eq!(kept(&files), expected);
}

#[test]
fn escaping_that_is_off_around_a_block_is_off_in_what_a_child_writes_there() {
    let files = [
        ("page", "{% extends 'base' %}{% block a %}{{ x }}{% endblock %}"),
        ("base", "{% autoescape off %}{% block a %}{% endblock %}{% endautoescape %}{{ y }}"),
    ];
    assert_eq!(kept(&files), ["{{ x }}: x (raw)"]);
}

#[test]
fn relative_names_are_seen_from_the_template_in_which_they_stand_also_in_a_block_of_another() {
    let files = [
        ("a/b/page", "{% extends '../base' %}{% block x %}{% include './part' %}{% endblock %}"),
        ("a/base", "<i title='{% block x %}{% endblock %}'>{% include './part' %}"),
        ("a/b/part", "{{ inner }}"),
        ("a/part", "{{ outer }}"),
    ];
    let expected = ["{{ inner }} in i title=other", "{{ outer }} in text"];
    assert_eq!(places(&files), expected);
    // Nor does it matter whether the trees were read with their names.
    let mut sources = Sources::default();
    for (at, (name, text)) in (0..).zip(files) {
        let source = Source { file: FileId(at), text: text.into(), tree: parse(text, &()) };
        assert!(sources.add(name.into(), source));
    }
    let (page, every) = Page::with_every_place(&sources, "a/b/page", &()).expect("a page");
    assert_eq!((page.gaps, every.len()), (Vec::new(), 2));
}
