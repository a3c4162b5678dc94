//! What is not known of a page, and how much is read.

use std::fmt::Write;

use super::{page, places, text};

/// The gaps of a page: where, and why.
fn gaps(files: &[(&str, &str)]) -> Vec<String> {
    let gaps = page(files).gaps;
    gaps.iter().map(|gap| format!("{} {:?}", text(files, gap.span), gap.reason)).collect()
}

#[test]
fn a_page_of_which_all_is_known_has_no_gaps() {
    let files = [
        ("a/page", "{% extends './base' %}{% block x %}{% include '../part' %}{% endblock %}"),
        ("a/base", "<p>{% block x %}{% endblock %}"),
        ("part", "{{ x }}{% unknown %}"),
    ];
    assert_eq!(gaps(&files), [""; 0]);
    assert_eq!(page(&files).parts, ["a/page", "a/base", "part"].map(std::sync::Arc::from));
}

#[test]
fn what_is_computed_or_missing_is_said() {
    let text = "{% include x %}{% include 'gone' %}{% include 'a'|add:b %}";
    let expected = [
        "{% include x %} Computed",
        "{% include 'gone' %} Missing",
        "{% include 'a'|add:b %} Computed",
    ];
    assert_eq!(gaps(&[("page", text)]), expected);
    assert_eq!(gaps(&[("page", "{% extends x %}")]), ["{% extends x %} Computed"]);
    assert_eq!(gaps(&[("page", "{% extends 'gone' %}")]), ["{% extends 'gone' %} Missing"]);
    // Said once, wherever it is written.
    let twice = [("page", "{% include 'part' %}{% include 'part' %}"), ("part", "{% include x %}")];
    assert_eq!(gaps(&twice), ["{% include x %} Computed"]);
}

#[test]
fn what_has_no_parent_is_its_blocks_each_by_itself() {
    let files = [(
        "page",
        "{% extends x %}{{ no }}{% if y %}{% block a %}<p title='{{ a }}{% endblock %}{% endif %}\
         {% block b %}{{ b }}{% block c %}{{ c }}{% endblock %}{% endblock %}",
    )];
    assert_eq!(places(&files), ["{{ a }} in p title=other", "{{ b }} in text", "{{ c }} in text"]);
    // What stands around is read on as if nothing had been written there.
    let around = [("page", "<i title='{% include 'part' %}{{ x }}'>"), ("part", files[0].1)];
    assert_eq!(places(&around).last().map(String::as_str), Some("{{ x }} in i title=other"));
}

#[test]
fn circles_end() {
    let files =
        [("a", "{{ x }}{% include 'b' %}"), ("b", "<p {% include 'a' %}>{% include 'b' %}")];
    assert_eq!(gaps(&files), ["{% include 'b' %} Cycle", "{% include 'b' %} Cycle"]);
    let files =
        [("a", "{% extends 'b' %}"), ("b", "{% extends 'a' %}{% block x %}{{ x }}{% endblock %}")];
    assert_eq!(gaps(&files), ["{% extends 'a' %} Cycle"]);
    assert_eq!(places(&files), ["{{ x }} in text"]);
    assert_eq!(gaps(&[("a", "{% extends 'a' %}")]), ["{% extends 'a' %} Cycle"]);
    let text =
        "{% partialdef p %}{{ x }}{% partial p %}{% partial p %}{% endpartialdef %}{% partial p %}";
    assert!(gaps(&[("a", text)]).iter().all(|gap| gap.ends_with("Limit")));
}

#[test]
fn a_hundred_thousand_ifs_in_each_other_are_read_to_a_depth() {
    let text = "{% if a %}<p {{ x }}".repeat(100_000);
    assert!(gaps(&[("page", &text)]).iter().any(|gap| gap.ends_with("Limit")));
    assert!(places(&[("page", &text)]).len() > 100);
}

#[test]
fn templates_that_include_each_other_deeply_are_read_to_a_depth() {
    let texts: Vec<String> =
        (1..=300).map(|at| format!("{{{{ x }}}}{{% include '{at}' %}}")).collect();
    let names: Vec<String> = (0..300).map(|at| at.to_string()).collect();
    let files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(gaps(&files).len(), 1);
    assert_eq!(places(&files).len(), 200);
}

#[test]
fn templates_that_extend_each_other_deeply_are_read_to_a_depth() {
    let texts: Vec<String> = (1..=300).map(|at| format!("{{% extends '{at}' %}}")).collect();
    let names: Vec<String> = (0..300).map(|at| at.to_string()).collect();
    let files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(gaps(&files), ["{% extends '50' %} Limit"]);
}

#[test]
fn a_page_that_grows_without_end_is_read_up_to_a_bound() {
    // Twice as large with every level.
    let mut texts = vec!["{{ x }}<p>".to_owned()];
    for at in 0..40 {
        texts.push(format!("{{% include '{at}' %}}{{% include '{at}' %}}"));
    }
    let names: Vec<String> = (0..=40).map(|at| at.to_string()).collect();
    let mut files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.reverse();
    assert!(gaps(&files).iter().any(|gap| gap.ends_with("Limit")));
    // So is one whose text does.
    let mut long = String::new();
    for at in 0..100_000 {
        let _ = writeln!(long, "line {at}");
    }
    let text = "{% include 'long' %}".repeat(100);
    let files = [("page", text.as_str()), ("long", long.as_str())];
    assert_eq!(gaps(&files), ["{% include 'long' %} Limit"]);
}

#[test]
fn more_states_than_are_kept_are_said_with_the_page() {
    let mut text = String::from("{% if x %}a{% endif %}");
    // Each tag may be left open in one more way.
    for at in 0..6 {
        let _ = write!(
            text,
            "{{% if x %}}<a{at} {{% elif y %}}<b{at} c='{{% elif z %}}<!--{{% endif %}}"
        );
    }
    text.push_str("{{ x }}");
    assert_eq!(gaps(&[("page", &text)]), [" Ways"]);
}
