//! Programs that stand in pages.

use super::{page, text};
use crate::page::Part;

/// The programs of a page, with what is put into them in brackets.
fn scripts(files: &[(&str, &str)]) -> Vec<String> {
    let page = page(files);
    let one = |(span, part): &(djsec_base::Span, Option<Part>)| match part {
        None => text(files, *span).to_owned(),
        Some(Part::Url(name)) => format!("[url {}]", name.as_deref().unwrap_or("?")),
        Some(_) => format!("[{}]", text(files, *span)),
    };
    page.scripts.iter().map(|script| script.pieces.iter().map(one).collect()).collect()
}

#[test]
fn a_program_is_its_text_and_what_is_put_into_it() {
    let text =
        "<script>a('{{ b }}', \"{% url 'c' %}\")</script><p>{{ d }}<script type=module>e</script>";
    assert_eq!(scripts(&[("page", text)]), ["a('[{{ b }}]', \"[url c]\")", "e"]);
}

#[test]
fn all_branches_of_a_program_are_in_it_and_each_text_once() {
    let text = "<script>a{% if x %}b{% else %}{{ c }}{% endif %}d</script>";
    assert_eq!(scripts(&[("page", text)]), ["ab[{{ c }}]d"]);
    let files = [
        ("page", "{% extends 'base' %}{% block js %}{% include 'part' %}{% endblock %}"),
        ("base", "<script>a;{% block js %}{% endblock %}</script>"),
        ("part", "b({{ c }})"),
    ];
    assert_eq!(scripts(&files), ["a;b([{{ c }}])"]);
}

#[test]
fn what_does_not_run_is_no_program() {
    let text = "<script type='text/template'>a</script><script type='{{ x }}'>b</script>\
                <script src=x>c</script><script></script><!-- <script>d</script> -->";
    assert_eq!(scripts(&[("page", text)]), [""; 0]);
}

#[test]
fn a_whole_document_has_a_body() {
    assert!(page(&[("page", "<body>")]).whole);
    assert!(page(&[("page", "{% extends 'base' %}"), ("base", "<html>")]).whole);
    assert!(!page(&[("page", "<p>")]).whole);
}
