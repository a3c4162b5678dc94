//! What is kept of the elements of a page, for what a content security policy has a say in.

use std::sync::Arc;

use djsec_base::{FileId, Span};

use crate::html::ScriptKind;
use crate::page::{Page, Part, Source, Sources};
use crate::parse::parse;

/// The page of one template, with the text of each place.
fn page(text: &str) -> (Page, impl Fn(Span) -> String) {
    let mut sources = Sources::default();
    let tree = parse(text, &());
    let name: Arc<str> = Arc::from("page.html");
    sources.add(Arc::clone(&name), Source { file: FileId(0), text: Arc::from(text), tree });
    let whole = text.to_owned();
    let at = move |span: Span| {
        whole.get(std::ops::Range::<usize>::from(span.range)).unwrap_or_default().to_owned()
    };
    (Page::new(&sources, &name, &()).unwrap(), at)
}

#[test]
fn a_script_says_what_it_is_and_whether_anything_stands_in_it() {
    let (page, _) = page(
        "<script>a()</script><script> </script><script type='application/json'>{}</script>\
         <style>{{ css }}</style><script src='/a.js'></script>",
    );
    let told: Vec<_> = page.elements.iter().map(|one| (one.script, one.filled)).collect();
    let js = Some(ScriptKind::JavaScript);
    assert_eq!(
        told,
        [(js, true), (js, false), (Some(ScriptKind::Json), true), (None, true), (js, false)]
    );
}

#[test]
fn what_is_put_into_a_script_fills_it() {
    for inside in ["{{ a }}", "{% url 'a' %}", "{% include 'missing.js' %}", "{% unknown %}"] {
        let (page, _) = page(&format!("<script>{inside}</script>"));
        let filled: Vec<_> = page.elements.iter().map(|one| one.filled).collect();
        assert_eq!(filled, [true], "{inside}");
    }
    let (page, _) = page("<script>{# note #}{% if x %}{% endif %}</script>{{ after }}");
    assert!(page.elements.iter().all(|one| !one.filled));
}

#[test]
fn both_start_tags_of_one_script_are_filled_by_its_text() {
    let (page, _) =
        page("{% if x %}<script nonce='{{ csp_nonce }}'>{% else %}<script>{% endif %}a()</script>");
    let filled: Vec<_> = page.elements.iter().map(|one| one.filled).collect();
    assert_eq!(filled, [true, true]);
}

#[test]
fn a_loop_tells_of_an_element_once() {
    let (page, _) = page("{% for x in xs %}<script>a({{ x }})</script>{% endfor %}");
    assert_eq!(page.elements.len(), 1);
}

#[test]
fn the_nonce_that_a_tag_writes_is_an_attribute_and_leaves_the_element_closed() {
    for text in [
        "<script {% csp_nonce_attr %}>a()</script>",
        "{% script %}<script>a()</script>{% endscript %}",
    ] {
        let (page, _) = page(text);
        let element = page.elements.iter().find(|one| &*one.name == "script").unwrap();
        let nonce = element.attribute("nonce").unwrap();
        assert_eq!(nonce.value.as_deref(), Some(&[Part::Nonce][..]), "{text}");
        assert!(!element.open, "{text}");
    }
    // With media it writes elements, not an attribute.
    let (page, _) = page("<script {% csp_nonce_attr media %}>a()</script>");
    assert!(page.elements.iter().all(|one| one.attribute("nonce").is_none() && one.open));
}

#[test]
fn markup_that_is_not_seen_is_told_where_it_stands_between_tags() {
    let (page, at) = page(
        "{{ a }}{{ b|safe }}<p title=\"{{ c|safe }}\">{% unknown %}{% for x in xs %}{{ x|safe }}{% endfor %}\
         <script>{{ d|safe }}</script>",
    );
    let told: Vec<_> = page.opaque.iter().map(|span| at(*span)).collect();
    assert_eq!(told, ["{{ b|safe }}", "{% unknown %}", "{{ x|safe }}"]);
}
