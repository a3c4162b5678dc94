//! Forms: where they begin and end, and whether the token is in them.

use super::{page, text};
use crate::page::Form;

/// The forms of a page: the method, whether the token is in them, whether something unknown is, whether
/// they end, and their controls.
fn forms(files: &[(&str, &str)]) -> Vec<String> {
    let one = |form: &Form| {
        let mut said = form.method().unwrap_or_else(|| "?".to_owned());
        for (word, is) in [
            (" token", form.token.is_some()),
            (" opaque", form.opaque),
            (" open", !form.closed),
            (" cached", form.cached),
        ] {
            said.push_str(if is { word } else { "" });
        }
        for control in &form.controls {
            said.push(' ');
            said.push_str(text(files, control.span));
        }
        said
    };
    page(files).forms.iter().map(one).collect()
}

fn of(text: &str) -> Vec<String> {
    forms(&[("page", text)])
}

#[test]
fn a_form_has_what_stands_between_its_tags() {
    let text = "<input><form method=POST>{% csrf_token %}<input name=a></form><form><select></form>\
                {% csrf_token %}";
    assert_eq!(of(text), ["post token <input name=a>", "get <select>"]);
    assert_eq!(
        of("<form method=post><input name=csrfmiddlewaretoken value='{{ csrf_token }}'>"),
        ["post token open <input name=csrfmiddlewaretoken value='{{ csrf_token }}'>"]
    );
    assert_eq!(of("<form method='{{ m }}'></form>"), ["?"]);
    assert_eq!(of("<textarea><form></textarea><!-- <form> -->"), [""; 0]);
}

#[test]
fn a_form_may_be_split_over_three_files() {
    let files = [
        ("page", "{% include 'top' %}{% include 'token' %}<button>{% include 'bottom' %}<input>"),
        ("top", "<form method="),
        ("token", "post>{% csrf_token %}"),
        ("bottom", "</form>"),
    ];
    assert_eq!(forms(&files), ["post token <button>"]);
}

#[test]
fn the_token_of_a_form_may_stand_in_a_block_of_the_child() {
    let base = "<form method=post>{% block inside %}{% endblock %}</form>";
    let child = "{% extends 'base' %}{% block inside %}{% csrf_token %}{% endblock %}";
    assert_eq!(forms(&[("page", child), ("base", base)]), ["post token"]);
    assert_eq!(forms(&[("page", "{% extends 'base' %}"), ("base", base)]), ["post"]);
}

#[test]
fn what_is_included_with_only_has_no_token() {
    // Django 6.1 writes nothing: the context that is given has none.
    let files = |include| [("page", include), ("part", "{% csrf_token %}")];
    let form = "<form method=post>{% include 'part' only %}</form>";
    assert_eq!(forms(&files(form)), ["post"]);
    let given = "<form method=post>{% include 'part' with csrf_token=csrf_token only %}</form>";
    assert_eq!(forms(&files(given)), ["post token"]);
    assert_eq!(forms(&files("<form method=post>{% include 'part' %}</form>")), ["post token"]);
    // A tag that renders a template hands it on.
    let shown = "<form method=post>{% show_x %}</form>";
    assert_eq!(forms(&[("page", shown), ("tags/x.html", "{% csrf_token %}")]), ["post token"]);
}

#[test]
fn a_form_that_is_begun_in_two_branches_ends_once() {
    let text =
        "{% if x %}<form method=post>{% else %}<form>{% endif %}<input></form>{% csrf_token %}";
    assert_eq!(of(text), ["post <input>", "get <input>"]);
    // Each branch has its own.
    let text = "{% if x %}<form method=post>{% csrf_token %}</form>{% else %}<form method=post></form>\
                {% endif %}{% csrf_token %}";
    assert_eq!(of(text), ["post token", "post"]);
    // It may be open still.
    let text = "{% if x %}<form method=post>{% endif %}{% csrf_token %}";
    assert_eq!(of(text), ["post token open"]);
    let text =
        "{% for x in y %}<form method=post>{% csrf_token %}</form>{% endfor %}{% csrf_token %}";
    assert_eq!(of(text), ["post token"]);
}

#[test]
fn one_tag_with_branches_in_it_is_one_form() {
    let text = "<form {% if x %}method=post{% endif %}>{% csrf_token %}</form>";
    assert_eq!(of(text), ["post token"]);
}

#[test]
fn a_form_into_which_something_unknown_is_written_says_so() {
    for unknown in [
        "{% unknown %}",
        "{{ x|safe }}",
        "{% include x %}",
        "{% include 'gone' %}",
        "{% box %}{% endbox %}",
        "{% filter x %}{% endfilter %}",
    ] {
        assert_eq!(of(&format!("<form>{unknown}</form>")), ["get opaque"], "{unknown}");
    }
    for known in ["{{ x }}", "{% url 'x' %}", "{% if x %}{% endif %}", "{% unknown as x %}"] {
        let expected = if known.contains("unknown") { "get opaque" } else { "get" };
        assert_eq!(of(&format!("<form>{known}</form>")), [expected], "{known}");
    }
}

#[test]
fn a_part_that_is_only_defined_in_a_form_is_not_in_it() {
    let text =
        "<form method=post>{% partialdef a %}{% csrf_token %}<input>{% endpartialdef %}</form>";
    assert_eq!(of(text), ["post"]);
    let text = text.replace("</form>", "{% partial a %}</form>");
    assert_eq!(of(&text), ["post token <input>"]);
}

#[test]
fn a_form_in_what_is_cached_says_so() {
    let text = "{% load cache %}{% cache 9 a %}<form></form>{% endcache %}<form></form>";
    assert_eq!(of(text), ["get cached", "get"]);
}

#[test]
fn what_sends_something_by_itself_in_a_form_is_noted() {
    let text = "<i hx-post=/a></i><form><b hx-post=/b></b></form>";
    let page = page(&[("page", text)]);
    let senders: Vec<_> =
        page.forms[0].senders.iter().map(|span| super::text(&[("page", text)], *span)).collect();
    assert_eq!(senders, ["<b hx-post=/b>"]);
}
