//! Whether a value is escaped. What is expected was asked of Django 6.1, with `<b>&` as `x` and twice in
//! `l`, with escaping on and off.

use super::kept;

/// Whether the text of an expression is escaped with escaping on, and off.
fn escaped(expression: &str) -> (bool, bool) {
    let one = |switch: &str| {
        let text = format!(
            "{{% autoescape {switch} %}}<script>{{{{ {expression} }}}}</script>{{% endautoescape %}}"
        );
        let kept = kept(&[("page", &text)]);
        !kept[0].ends_with("(raw)")
    };
    (one("on"), one("off"))
}

#[test]
fn a_value_is_escaped_while_escaping_is_on() {
    for expression in
        ["x", "x|capfirst", "x|default:'k'", "l|join:','", "x|urlize", "x|yesno:'a,b'"]
    {
        assert_eq!(escaped(expression), (true, false), "{expression}");
    }
}

#[test]
fn what_is_marked_as_safe_is_not_while_filters_keep_the_mark() {
    for expression in [
        "x|safe",
        "x|safe|escape",
        "x|safe|lower",
        "x|safe|default:'k'",
        "x|safe|add:'q'",
        "x|safe|linebreaks",
        "x|safe|pprint",
        "x|safe|phone2numeric",
        "x|safe|get_digit:1",
        "x|safe|truncatechars_html:9",
        "x|safe|stringformat:'s'",
        "x|capfirst|safe",
        "l|safeseq|join:','",
        "l|safeseq|first",
        "l|safeseq|unordered_list",
        "l|safeseq|dictsort:0|join:','",
        "l|safeseq|slice:':1'|join:','",
    ] {
        assert_eq!(escaped(expression), (false, false), "{expression}");
    }
}

#[test]
fn a_filter_that_makes_a_new_text_takes_the_mark_away() {
    for expression in ["x|safe|upper", "x|safe|add:y", "x|safe|make_list|join:''"] {
        assert_eq!(escaped(expression), (true, false), "{expression}");
    }
}

#[test]
fn what_filters_escape_stays_escaped() {
    for expression in [
        "x|escape",
        "x|escape|safe",
        "x|force_escape|safe",
        "x|safe|force_escape",
        "l|escapeseq|join:','",
        "x|escapejs",
        "x|json_script:'i'",
        "x|safe|urlencode",
        "x|slugify",
        "x|filesizeformat",
    ] {
        assert_eq!(escaped(expression), (true, true), "{expression}");
    }
    assert_eq!(escaped("x|linebreaksbr|safe"), (true, false));
}

#[test]
fn what_is_escaped_is_kept_only_where_that_does_not_suffice() {
    let text = "{{ a }}<p title='{{ b }}' class={{ c }} style='{{ d }}' onclick='{{ e }}' {{ f }}>\
                <a href='{{ g }}'></a {{ h }}><!--{{ i }}--><title>{{ j }}</title><script>{{ k }}</script>\
                <p title='x' title='{{ l }}' id='{{ m }}' srcset='{{ n }}'>";
    let kept = kept(&[("page", text)]);
    let expected = ["c", "d", "e", "f", "g", "k"].map(|name| format!("{{{{ {name} }}}}: {name}"));
    assert_eq!(kept, expected);
}

#[test]
fn an_escaped_value_that_is_not_plain_in_one_of_several_branches_is_kept() {
    let text = "<a {% if x %}title{% else %}href{% endif %}='{{ a }}'>";
    assert_eq!(kept(&[("page", text)]), ["{{ a }}: a"]);
    let text = "<a {% if x %}title{% else %}lang{% endif %}='{{ a }}'>";
    assert_eq!(kept(&[("page", text)]), [""; 0]);
}
