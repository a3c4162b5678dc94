//! What a value that is written out comes from.

use super::{kept, page, places, sources};
use crate::page::{Access, Call, GapReason, Of, Page};

/// What one template keeps, all of whose values are marked as safe.
fn values(text: &str) -> Vec<String> {
    kept(&[("page", text)]).iter().map(|one| one.replace(" (raw)", "")).collect()
}

#[test]
fn a_path_is_its_names_and_a_constant_comes_from_nowhere() {
    assert_eq!(values("{{ a.b.0.c|safe }}"), ["{{ a.b.0.c|safe }}: a.b.0.c"]);
    assert_eq!(values("{{ 'text'|safe }}{{ 5|safe }}"), ["{{ 'text'|safe }}: ", "{{ 5|safe }}: "]);
    assert_eq!(values("{{ forloop.counter|safe }}"), ["{{ forloop.counter|safe }}: "]);
}

#[test]
fn a_value_may_be_the_default_of_a_filter() {
    assert_eq!(values("{{ a|default:b.c|safe }}"), ["{{ a|default:b.c|safe }}: a b.c"]);
    assert_eq!(values("{{ a|add:'text'|safe }}"), ["{{ a|add:'text'|safe }}: a"]);
}

#[test]
fn loops_give_one_of_what_they_go_through() {
    let text =
        "{% for x in a.all %}{{ x.name|safe }}{% empty %}{{ x|safe }}{% endfor %}{{ x|safe }}";
    let expected = ["{{ x.name|safe }}: a.all[…].name", "{{ x|safe }}: x", "{{ x|safe }}: x"];
    assert_eq!(values(text), expected);
}

#[test]
fn several_names_of_a_loop_are_parts_of_one() {
    let text = "{% for k, v in d.items %}{{ k|safe }}{{ v|safe }}{% endfor %}";
    assert_eq!(values(text), ["{{ k|safe }}: d.items[…].0", "{{ v|safe }}: d.items[…].1"]);
}

#[test]
fn what_one_turn_of_a_loop_sets_the_next_one_sees() {
    let text = "{% for x in l %}{{ last|safe }}{% firstof x as last %}{% endfor %}{{ last|safe }}";
    let expected = ["{{ last|safe }}: last", "{{ last|safe }}: l[…]", "{{ last|safe }}: last"];
    assert_eq!(values(text), expected);
}

#[test]
fn with_sets_names_inside_of_itself_from_what_is_outside() {
    let text = "{% with a=b b=a %}{{ a|safe }}{{ b|safe }}{% endwith %}{{ a|safe }}";
    assert_eq!(values(text), ["{{ a|safe }}: b", "{{ b|safe }}: a", "{{ a|safe }}: a"]);
}

#[test]
fn what_a_branch_sets_stays_set_beside_what_was_there() {
    let text = "{% if c %}{% firstof a as x %}{% endif %}{{ x|safe }}";
    assert_eq!(values(text), ["{{ x|safe }}: a x"]);
    let text =
        "{% if c %}{% firstof a as x %}{% else %}{% firstof b as x %}{% endif %}{{ x|safe }}";
    assert_eq!(values(text), ["{{ x|safe }}: a b"]);
    let text = "{% spaceless %}{% firstof a as x %}{% endspaceless %}{{ x|safe }}";
    assert_eq!(values(text), ["{{ x|safe }}: a"]);
    let text =
        "{% if c %}{% url 'here' as x %}{% else %}{% url 'there' as x %}{% endif %}{{ x|safe }}";
    assert_eq!(values(text), ["{{ x|safe }}: "]);
}

#[test]
fn translations_have_keys_and_hand_on_what_is_in_them() {
    let text = "{% blocktranslate with a=b.c %}{{ a }}{{ d }}{% endblocktranslate %}{{ a|safe }}";
    assert_eq!(
        values(&format!("{{% autoescape off %}}{text}{{% endautoescape %}}")),
        ["{{ a }}: b.c", "{{ d }}: d", "{{ a|safe }}: a"]
    );
    let text = "{% load i18n %}{% blocktranslate asvar t with a=b %}<p {{ a }}{% endblocktranslate %}\
                {{ t|safe }}";
    assert_eq!(values(text), ["{{ t|safe }}: b"]);
    // And they write nothing where they stand.
    assert_eq!(places(&[("page", text)]), ["{{ t|safe }} in text"]);
    let text = "{% load i18n %}{% blocktranslate count n=l|length %}{{ n }}{% plural %}<i {{ n }}>\
                {% endblocktranslate %}";
    assert_eq!(values(text), ["{{ n }}: l"]);
}

#[test]
fn cycles_are_any_of_their_values_also_by_name() {
    let text = "<script>{% cycle a b 'c' as d %}{% cycle d %}{{ d }}</script>";
    assert_eq!(
        values(text),
        ["{% cycle a b 'c' as d %}: a b", "{% cycle d %}: a b", "{{ d }}: a b"]
    );
    assert_eq!(values("<script>{% cycle a b as d silent %}</script>"), [""; 0]);
}

#[test]
fn the_first_of_several_is_any_of_them() {
    assert_eq!(values("{% firstof a b|safe %}"), ["{% firstof a b|safe %}: a b"]);
    assert_eq!(values("{% firstof a b as c %}{{ c|safe }}"), ["{{ c|safe }}: a b"]);
}

#[test]
fn addresses_numbers_and_times_come_from_nowhere() {
    let text = "<script>{% url 'x' a %}{% now 'Y' %}{% widthratio a b 100 %}{% static a %}</script>\
                {% url 'x' as u %}{{ u|safe }}{% now 'Y' as n %}{{ n|safe }}";
    assert_eq!(values(text), ["{{ u|safe }}: ", "{{ n|safe }}: "]);
}

#[test]
fn what_is_included_sees_the_names_around_it_and_with_only_those_that_it_is_given() {
    let one = |include: &str| kept(&[("page", include), ("part", "{{ a|safe }}{{ b|safe }}")]);
    let with = "{% with a=x %}{% include 'part' with b=a %}{% endwith %}";
    assert_eq!(one(with), ["{{ a|safe }}: x (raw)", "{{ b|safe }}: x (raw)"]);
    let only = "{% with a=x %}{% include 'part' with b=a only %}{% endwith %}";
    assert_eq!(one(only), ["{{ a|safe }}:  (raw)", "{{ b|safe }}: x (raw)"]);
    let twice = "{% include 'part' with a=x %}{% include 'part' with a=y %}";
    let expected = ["{{ a|safe }}: x (raw)", "{{ a|safe }}: y (raw)", "{{ b|safe }}: b (raw)"];
    assert_eq!(one(twice), expected);
}

#[test]
fn a_value_is_one_of_eight_things_at_most() {
    let names: Vec<String> = (0..20).map(|at| format!("a{at:02}")).collect();
    let text = format!("{{% firstof {} as x %}}{{{{ x|safe }}}}", names.join(" "));
    assert_eq!(values(&text), [format!("{{{{ x|safe }}}}: {}", names[..8].join(" "))]);
}

#[test]
fn a_partial_is_read_where_it_is_written_and_by_itself() {
    let text =
        "{% partialdef p %}{{ a }}{% endpartialdef %}<i title={% partial p %} {% partial none %}>";
    assert_eq!(places(&[("page", text)]), ["{{ a }} in text", "{{ a }} in i title=other"]);
    let child = "{% extends 'base' %}{% partialdef p %}{{ a }}{% endpartialdef %}";
    assert_eq!(places(&[("page", child), ("base", "<p>")]), ["{{ a }} in text"]);
    let files = [("page", "<b title='{% include 'q#p' %}'>"), ("q", text), ("q#r", "{{ own }}")];
    assert_eq!(places(&files), ["{{ a }} in b title=other"]);
}

#[test]
fn one_part_of_a_template_is_a_page_of_its_own() {
    let text = "<p {{ x }}>{% partialdef p %}<i {{ a }}>{% endpartialdef %}";
    let sources = sources(&[("page", text)]);
    let (page, every) = Page::with_every_place(&sources, "page#p", &()).expect("a partial");
    assert_eq!(every.len(), 1);
    assert_eq!(page.parts, ["page".into()]);
    assert!(Page::new(&sources, "page#q", &()).is_none());
    assert!(Page::new(&sources, "other", &()).is_none());
}

#[test]
fn a_filter_around_a_part_makes_one_value_of_it_unless_tags_stay_tags() {
    let part =
        |filter: &str| format!("{{% filter {filter} %}}<b title='{{{{ x }}}}'>{{% endfilter %}}");
    assert_eq!(places(&[("page", &part("lower"))]), ["{{ x }} in b title=other"]);
    assert_eq!(
        places(&[("page", &part("force_escape"))]),
        [format!("{} in text", part("force_escape"))]
    );
    let script = format!("<script>'{}'</script>", part("escapejs"));
    assert_eq!(kept(&[("page", &script)]), [format!("{}: x", part("escapejs"))]);
}

/// The values that were kept, in order, with whose their first name is.
fn owned(page: &Page) -> Vec<(Of, String)> {
    let accesses = page.insertions.iter().flat_map(|one| &one.accesses);
    accesses.map(|access| (access.of, access.words())).collect()
}

#[test]
fn what_a_tag_gives_its_template_is_in_a_context_of_its_own() {
    let pages = [
        (
            "page",
            "{% with u=user %}{% show_card u.name kind=k 'big' %}{% endwith %}{{ title|safe }}",
        ),
        (
            "tags/card.html",
            "{{ title|safe }}{% include 'part' %}{% include 'part' with x=y.z only %}",
        ),
        ("part", "{{ x|safe }}"),
    ];
    let page = page(&pages);
    let given: Vec<String> = page.calls.iter().map(told).collect();
    assert_eq!(given, ["card(user.name, , kind=k)"]);
    let made = |name: &str| (Of::Made(0), name.to_owned());
    let expected = [(Of::Page, "title".to_owned()), made("title"), made("x"), made("y.z")];
    assert_eq!(owned(&page), expected);
}

#[test]
fn what_a_tag_gives_is_written_out_or_kept_under_a_name() {
    let text = "{% give_bio user as bio %}{{ bio.text|safe }}{% give_bio user %}\
                <a href={% give_link bio %}>{% autoescape off %}{% give_bio user %}{% endautoescape %}";
    let page = page(&[("page", text)]);
    let given: Vec<String> = page.calls.iter().map(told).collect();
    // The same call at another place is another; as `as` sets a name, it is no argument.
    assert_eq!(
        given,
        ["give_bio(user)", "give_bio(user)", "give_link(give_bio)", "give_bio(user)"]
    );
    let given = |call: u32, words: &str| (Of::Call(call), words.to_owned());
    let expected = [given(0, "give_bio.text"), given(2, "give_link"), given(3, "give_bio")];
    assert_eq!(owned(&page), expected);
}

#[test]
fn a_loop_calls_the_same_once_and_chains_of_calls_stay_small() {
    let text = "{% for x in l %}<b {% if x %}>{% give_it y as y %}{% else %}class={% give_it l %}{% endif %}{% endfor %}";
    let looped = page(&[("page", text)]);
    assert!(looped.calls.len() <= 6, "{:?}", looped.calls);
    let chain = "{% give_it x x x x as x %}".repeat(5_000);
    let chain = page(&[("page", &chain)]);
    assert_eq!(chain.calls.len(), 4_000);
    assert!(chain.gaps.iter().any(|gap| gap.reason == GapReason::Limit), "and says so");
}

#[test]
fn values_that_choose_a_template_are_told() {
    let pages = [
        (
            "page",
            "{% with a=b.c %}{% include a|default:d %}{% endwith %}{% include 'part' %}{% include view_template only %}",
        ),
        ("part", "{% extends parent %}{% block x %}{% include 'known' %}{% endblock %}"),
        ("known", ""),
    ];
    let page = page(&pages);
    let all: Vec<String> = page
        .chosen
        .iter()
        .map(|one| one.accesses.iter().map(Access::words).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(all, ["b.c d", "parent", "view_template"]);
}

fn told(call: &Call) -> String {
    let given: Vec<String> = call
        .arguments
        .iter()
        .map(|(name, accesses)| {
            let words: Vec<String> = accesses.iter().map(Access::words).collect();
            let name = name.as_ref().map(|name| format!("{name}=")).unwrap_or_default();
            format!("{name}{}", words.join(" "))
        })
        .collect();
    format!("{}({})", call.tag.trim_start_matches("show_"), given.join(", "))
}
