//! Macros of Jinja, as Jinja 3.1 writes them.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::FileId;

use super::short;
use crate::jinja;
use crate::page::{GapReason, Page, Source, Sources};

fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    for (at, (name, text)) in files.iter().enumerate() {
        let file = FileId(u32::try_from(at).expect("few files"));
        let tree = jinja::parse(text, &());
        assert!(sources.add(Arc::from(*name), Source { file, text: Arc::from(*text), tree }));
    }
    sources
}

/// Where values arrive that are marked as safe, and what they are: `a.b in text`.
fn values(files: &[(&str, &str)]) -> Vec<String> {
    let page = Page::new(&sources(files), files[0].0, &()).expect("a page");
    let mut all = BTreeSet::new();
    for one in &page.insertions {
        for access in &one.accesses {
            all.insert(format!("{} in {}", access.words(), short(&one.place)));
        }
    }
    all.into_iter().collect()
}

const RAW: &str = "{% macro raw(v, w=v) %}{{ w|safe }}{% endmacro %}";

#[test]
fn what_a_call_gives_is_what_a_parameter_is() {
    let of = |call: &str| values(&[("page", &format!("{RAW}{call}"))]);
    assert_eq!(of("{{ raw(a.b) }}"), ["a.b in text"]);
    assert_eq!(of("{{ raw(a, w=b) }}{{ raw(w=c) }}"), ["b in text", "c in text"]);
    assert_eq!(of("{{ raw(1, 2) }}{{ raw() }}{{ other(a)|safe }}"), ["a in text"]);
    assert_eq!(of("{{ raw(*a) }}"), ["a in text"]);
    assert_eq!(of("{% for a in b %}{{ raw(a) }}{% endfor %}"), ["b[…] in text"]);
}

#[test]
fn a_macro_is_written_where_it_is_called() {
    let of = |call: &str| values(&[("page", &format!("{RAW}{call}"))]);
    assert_eq!(of("<script>x = {{ raw(a) }}</script>"), ["a in script Bare"]);
    assert_eq!(of("<b title='{{ raw(a) }}'>{{ raw(b) }}"), ["a in b title=other", "b in text"]);
    let text = "{% macro q() %}title='{% endmacro %}<b {{ q() }}{{ a|safe }}'>";
    assert_eq!(values(&[("page", text)]), ["a in b title=other"]);
}

#[test]
fn a_macro_does_not_see_where_it_is_called() {
    let body = "{% set own = b.c %}{% macro m() %}{{ own|safe }}{{ x|safe }}{% endmacro %}";
    let call = "{% for x in l %}{{ m() }}{% endfor %}";
    assert_eq!(values(&[("page", &format!("{body}{call}"))]), ["b.c in text", "x in text"]);
    let alone = format!("{{% from 'macros' import m %}}{call}");
    assert_eq!(values(&[("page", &alone), ("macros", body)]), Vec::<String>::new());
    let with = format!("{{% from 'macros' import m with context %}}{call}");
    assert_eq!(values(&[("page", &with), ("macros", body)]), ["b.c in text", "x in text"]);
}

#[test]
fn what_stands_in_a_call_is_written_where_the_macro_says() {
    let body = "{% macro box(v) %}<i title='{{ caller(v) }}'>{% endmacro %}";
    let call =
        "{% for a in l %}{% call(row) box(b) %}{{ row|safe }}{{ a|safe }}{% endcall %}{% endfor %}";
    let text = format!("{body}{call}");
    assert_eq!(values(&[("page", &text)]), ["b in i title=other", "l[…] in i title=other"]);
}

#[test]
fn macros_that_call_themselves_or_each_other_end() {
    let again = "{% macro tree(v) %}{{ v|safe }}{% for c in v %}{{ tree(c) }}{% endfor %}{% endmacro %}{{ tree(a) }}";
    assert_eq!(values(&[("page", again)]), ["a in text", "a[…] in text"]);
    let doubled = |at: usize| {
        let call = format!("{{{{ m{}(v) }}}}", at - 1);
        format!("{{% macro m{at}(v) %}}{call}{call}{{% endmacro %}}")
    };
    let macros: Vec<String> = (1..40).map(doubled).collect();
    let first = "{% macro m0(v) %}{{ v|safe }}{% endmacro %}";
    let many = format!("{first}{}{{{{ m39(a) }}}}", macros.concat());
    let page = Page::new(&sources(&[("page", &many)]), "page", &()).expect("a page");
    assert!(page.gaps.iter().any(|gap| gap.reason == GapReason::Limit), "what is cut is told");
}
