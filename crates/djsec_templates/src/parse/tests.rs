//! What a template is read as: its tree, its errors, and what is left open.

use djsec_base::TextRange;

use super::{MAX_DEPTH, MAX_ERRORS, parse};
use crate::error::ErrorCode;
use crate::filter::Value;
use crate::library::{Knowledge, Known, Library, TagShape};
use crate::tags::{Condition, Form};
use crate::tree::Template;

/// The tree, which must be without errors.
fn tree(source: &str) -> String {
    let template = parse(source, &());
    assert_eq!(template.errors, [], "{source}");
    template.print(source)
}

/// The text of a place.
fn part(source: &str, span: TextRange) -> &str {
    source.get(usize::from(span.start())..usize::from(span.end())).unwrap_or("no place")
}

fn codes(template: &Template) -> Vec<ErrorCode> {
    template.errors.iter().map(|error| error.code).collect()
}

/// Everything is known, and nothing but Django is there.
struct OnlyDjango;

impl Knowledge for OnlyDjango {
    fn builtins(&self) -> Option<Vec<&Library>> {
        Some(Vec::new())
    }
}

#[test]
fn an_if_has_branches_with_conditions() {
    let source = "{% if a and not b.c|length > 3 %}x{% elif d %}y{% else %}{{ z }}{% endif %}";
    assert_eq!(tree(source), "(if@1 (and $a (not (> $b.c|length #3))) {t1} $d {t1} {$z@1})");
    let template = parse(source, &());
    let tag = template.nodes[0].tag().expect("a tag");
    let Some(Condition::And(parts)) = &tag.branches[0].condition else { panic!("{tag:?}") };
    assert_eq!(parts.len(), 2);
    assert_eq!(part(source, tag.branches[1].head), "{% elif d %}");
    assert_eq!(part(source, template.nodes[0].span), source);
    assert!(tag.branches[2].condition.is_none());
}

#[test]
fn places_are_those_of_the_text() {
    let source = "ä{{ a.b|default:\"x\"|join:c }}\n{% include 'y' with k=v|lower only %}";
    let template = parse(source, &());
    let crate::tree::NodeKind::Variable(value) = &template.nodes[1].kind else { panic!() };
    assert_eq!(part(source, value.span), "a.b|default:\"x\"|join:c");
    assert_eq!(part(source, value.filters[0].name.span), "default");
    assert_eq!(part(source, value.filters[0].argument.as_ref().expect("given").span), "\"x\"");
    assert_eq!(part(source, value.filters[1].argument.as_ref().expect("given").span), "c");
    let tag = template.nodes[3].tag().expect("a tag");
    let Form::Include { template, with, only: true } = &tag.form else { panic!("{tag:?}") };
    assert_eq!(template.constant(), Some("y"));
    assert_eq!(part(source, with[0].name.span), "k");
    assert_eq!(part(source, with[0].value.filters[0].name.span), "lower");
    assert_eq!(tag.line, 2);
}

#[test]
fn the_filters_of_a_block_have_their_places() {
    let source = "{% filter  upper|cut:'x' %}a{% endfilter %}";
    let template = parse(source, &());
    let Form::Filter { filters } = &template.nodes[0].tag().expect("a tag").form else { panic!() };
    assert_eq!(part(source, filters[0].name.span), "upper");
    assert_eq!(part(source, filters[1].argument.as_ref().expect("given").span), "'x'");
}

#[test]
fn what_follows_extends_is_inside_of_it() {
    let source = "{# c #}\n{% extends 'b' %}{% block x %}1{% endblock x %}2";
    assert_eq!(tree(source), "t1 (extends@2 \"b\" {(block@2 \"x\" {t1}) t1})");
    assert!(parse(source, &()).extends().is_some());
}

#[test]
fn verbatim_and_comment_hold_nothing_that_is_read() {
    let source =
        "{% verbatim %}{{ a }}{% if %}{% endverbatim %}{% comment %}{% endif %}{% endcomment %}";
    assert_eq!(tree(source), "(verbatim@1 t15) (comment@1)");
}

#[test]
fn blocktranslate_holds_names_of_the_context() {
    let source = "{% blocktranslate count n=a|length %}{{ n }} x{% plural %}{{ n.b }}{% endblocktranslate %}";
    assert_eq!(tree(source), "(blocktranslate@1 count n=$a|length {k\"n\" t2} {k\"n.b\"})");
}

#[test]
fn an_unknown_tag_is_a_block_where_its_end_can_end_it() {
    assert_eq!(tree("{% x %}a{% endx %}{% x %}"), "(x@1 {t1}) (x@1)");
    assert_eq!(tree("{% x %}{% x %}{% endx %}"), "(x@1) (x@1)");
    assert_eq!(
        tree("{% if a %}{% x %}1{% else %}2{% endx %}{% endif %}"),
        "(if@1 $a {(x@1 {t1} {t1})})"
    );
    // The end stands in another branch: it ends nothing.
    assert_eq!(tree("{% x %}{% if a %}{% endx %}{% endif %}"), "(x@1) (if@1 $a {(endx@1)})");
}

#[test]
fn a_tag_with_the_name_of_one_of_django_is_that_where_it_goes_on_like_it() {
    let source = "{% load shop %}{% cache 5 a %}x{% endcache %}{% language %}";
    assert_eq!(tree(source), "(load@1) (cache@1 #5 \"a\" {t1}) (language@1)");
    // The library of Django is loaded: there is no doubt.
    let loaded = parse("{% load i18n %}{% language a %}", &());
    assert_eq!(codes(&loaded), [ErrorCode::UnclosedTag]);
}

#[test]
fn a_simple_tag_of_django_is_known_without_its_library() {
    let template = parse("{% trans 'a' as b %}", &());
    let form = &template.nodes[0].tag().expect("a tag").form;
    assert!(matches!(form, Form::Translate { target: Some(_), .. }), "{form:?}");
}

#[test]
fn an_end_that_ends_nothing_is_an_error_whatever_is_loaded() {
    for stray in ["else", "elif a", "empty", "endif", "endblock", "endblocktrans"] {
        let template = parse(&format!("{{% load shop %}}{{% {stray} %}}"), &());
        assert_eq!(codes(&template), [ErrorCode::InvalidTag], "{stray}");
        assert!(!template.errors[0].certain);
    }
    assert_eq!(parse("{% load shop %}{% endcard %}{% otherwise %}", &()).errors, []);
}

#[test]
fn blocks_without_an_end_do_not_hide_that_of_an_unknown_tag() {
    let source = "{% x %}{% if a %}{% for b in c %}{% endif %}{% endx %}{% x %}";
    let template = parse(source, &());
    assert_eq!(template.print(source), "(x@1 {(if@1 $a {(for@1 b $c {})})}) (x@1)");
    assert_eq!(codes(&template), [ErrorCode::InvalidTag]);
}

#[test]
fn libraries_of_packages_are_known_by_name_where_they_are_loaded() {
    let dialog = "{% dialog %}{% if a %}{% enddialog %}";
    assert_eq!(codes(&parse(&format!("{{% load wagtailadmin_tags %}}{dialog}"), &())).len(), 1);
    assert_eq!(tree("{% load shop %}{% dialog %}"), "(load@1) (dialog@1)");
    let newer = "{% load wagtailadmin_tags %}{% newer %}{{ a|newer }}";
    assert_eq!(parse(newer, &OnlyDjango).errors, []);
}

#[test]
fn the_caller_knows_the_tags_of_the_project() {
    struct Project;
    impl Knowledge for Project {
        fn shape(&self, tag: &str) -> Option<TagShape> {
            (tag == "card").then(|| TagShape::block("stop"))
        }
    }
    let source = "{% card %}a{% stop %}b";
    assert_eq!(parse(source, &Project).print(source), "(card@1 {t1}) t1");
}

#[test]
fn only_what_is_surely_not_there_is_called_invalid() {
    let source = "{% trans 'a' %}{{ a|nope }}{% nope %}";
    assert_eq!(parse(source, &()).errors, []);
    let template = parse(source, &OnlyDjango);
    let expected = [ErrorCode::InvalidTag, ErrorCode::InvalidFilter, ErrorCode::InvalidTag];
    assert_eq!(codes(&template), expected);
    assert!(template.errors[0].certain);
    // An unknown library may register anything.
    assert_eq!(parse(&format!("{{% load shop %}}{source}"), &OnlyDjango).errors, []);
    // One of Django registers what it does.
    let loaded = parse(&format!("{{% load i18n %}}{source}"), &OnlyDjango);
    assert_eq!(codes(&loaded), [ErrorCode::InvalidFilter, ErrorCode::InvalidTag]);
}

#[test]
fn a_library_that_is_known_is_believed() {
    struct Project(Library);
    impl Knowledge for Project {
        fn builtins(&self) -> Option<Vec<&Library>> {
            Some(Vec::new())
        }
        fn library(&self, name: &str) -> Known<'_> {
            if name == "shop" { Known::Library(&self.0) } else { Known::Absent }
        }
    }
    let mut libraries = crate::library::parse("shop tag price\nshop filter cents 1 2\n");
    let mut shop = libraries.remove("shop").expect("parsed");
    shop.tags.insert("basket".into(), TagShape::Unknown);
    shop.filters.insert("any".into(), crate::library::Arity::ANY);
    let project = Project(shop);
    let source = "{% load shop %}{% basket %}{% basket %}{{ a|any }}{% endbasket %}{{ a|any:1 }}";
    let unknown = parse(source, &project);
    assert_eq!(unknown.errors, []);
    assert_eq!(unknown.print(source), "(load@1) (basket@1) (basket@1 {$a|any@1}) $a|any:#1@1");
    let clean = parse("{% load price cents from shop %}{% price %}{{ a|cents:1 }}", &project);
    assert_eq!(clean.errors, []);
    let wrong = parse("{% load shop %}{{ a|cents:1|cents }}{% prices %}{% load sho %}", &project);
    assert_eq!(codes(&wrong), [ErrorCode::InvalidTag, ErrorCode::UnknownLibrary]);
    let partly = parse("{% load cents from shop %}{% price %}{% load x from shop %}", &project);
    assert_eq!(codes(&partly), [ErrorCode::InvalidTag, ErrorCode::UnknownName]);
}

#[test]
fn each_series_of_django_has_its_own_tags_and_filters() {
    struct Series(u8, u8);
    impl Knowledge for Series {
        fn builtins(&self) -> Option<Vec<&Library>> {
            Some(Vec::new())
        }
        fn django(&self) -> Option<(u8, u8)> {
            Some((self.0, self.1))
        }
    }
    let partial = "{% partialdef a %}{% endpartialdef %}";
    assert_eq!(parse(partial, &Series(6, 0)).errors, []);
    assert_eq!(codes(&parse(partial, &Series(5, 2))), [ErrorCode::InvalidTag]);
    let length = "{{ a|length_is:3 }}";
    assert_eq!(parse(length, &Series(5, 0)).errors, []);
    assert_eq!(codes(&parse(length, &Series(5, 1))), [ErrorCode::InvalidFilter]);
    assert_eq!(parse(length, &OnlyDjango).errors, []);
    // What a series brings that is not known yet cannot be missed.
    assert_eq!(parse("{% new %}", &Series(7, 0)).errors, []);
    let old = "{% ifequal a b %}1{% else %}2{% endifequal %}";
    assert_eq!(parse(old, &Series(3, 2)).print(old), "(ifequal@1 {t1} {t1})");
    assert_eq!(parse(old, &Series(4, 2)).print(old), "(ifequal@1 {t1} {t1})");
    assert_eq!(codes(&parse(old, &Series(4, 2))), [ErrorCode::InvalidTag]);
}

#[test]
fn after_an_error_reading_goes_on() {
    let source = "{% block a %}{% if x %}{{ y }}{% endblock %}{{ z }}{% for %}{{ w }}";
    let template = parse(source, &());
    let first = template.errors[0].to_string();
    assert_eq!(
        first,
        "Invalid block tag on line 1: 'endblock', expected 'elif', 'else' or 'endif'. \
         Did you forget to register or load this tag?"
    );
    let lookups = template.walk().filter_map(|node| match &node.kind {
        crate::tree::NodeKind::Variable(value) => Some(value.value.value.clone()),
        _ => None,
    });
    let expected = ["y", "z", "w"].map(|name| Value::Lookup(name.into()));
    assert_eq!(lookups.collect::<Vec<_>>(), expected);
}

#[test]
fn blocks_are_read_so_deep_and_the_rest_is_said_not_to_be() {
    let fits = format!("{}{}", "{% if a %}".repeat(MAX_DEPTH), "{% endif %}".repeat(MAX_DEPTH));
    assert_eq!(parse(&fits, &()).errors, []);
    let deep = format!("{}x{}", "{% if a %}".repeat(100_000), "{% endif %}".repeat(100_000));
    let template = parse(&deep, &());
    assert_eq!(template.errors[0].code, ErrorCode::Limit);
    assert_eq!(template.errors.len(), MAX_ERRORS);
    assert_eq!(template.walk().count(), MAX_DEPTH + 1);
    assert_eq!(usize::from(template.nodes[0].span.len()), deep.len());
    assert!(template.print(&deep).ends_with(&"})".repeat(MAX_DEPTH)));
}

#[test]
fn conditions_are_read_so_deep() {
    let chain = format!("{{% if a{} %}}{{% endif %}}", " and b".repeat(4_000));
    assert_eq!(parse(&chain, &()).errors, []);
    for deep in ["not ".repeat(1_000) + "a", "a".to_owned() + &" == a".repeat(1_000)] {
        let template = parse(&format!("{{% if {deep} %}}{{% endif %}}"), &());
        assert_eq!(codes(&template), [ErrorCode::Limit]);
    }
}

#[test]
fn a_partial_is_found_by_its_name() {
    let source =
        "{% if a %}{% partialdef row %}{{ b }}{% endpartialdef %}{% endif %}{% partial row %}";
    let template = parse(source, &());
    assert_eq!(template.errors, []);
    let (name, partial) = crate::tags::split_partial("page.html#row");
    assert_eq!(name, "page.html");
    assert_eq!(template.partial(partial.expect("named")).map(<[_]>::len), Some(1));
    assert_eq!(template.partial("other"), None);
    assert_eq!(crate::tags::split_partial("page.html#"), ("page.html", None));
}

#[test]
fn the_words_of_a_custom_tag_are_values_keywords_and_a_target() {
    let source = "{% price item.cost|floatformat:2 currency='EUR' as shown %}";
    let template = parse(source, &());
    let tag = template.nodes[0].tag().expect("a tag");
    assert_eq!(tag.form, Form::Custom);
    let arguments = crate::tags::arguments(&tag.args);
    assert_eq!(arguments.positional[0].filters.len(), 1);
    assert_eq!(part(source, arguments.positional[0].span), "item.cost|floatformat:2");
    assert_eq!(&*arguments.keywords[0].name.text, "currency");
    assert_eq!(arguments.keywords[0].value.constant(), Some("EUR"));
    assert_eq!(part(source, arguments.keywords[0].value.span), "'EUR'");
    assert_eq!(arguments.target.map(|target| target.text), Some("shown".into()));
}

#[test]
fn what_is_loaded_is_kept_in_order() {
    let template = parse("{% load i18n shop %}{% if a %}{% load x y from shop %}{% endif %}", &());
    let loads: Vec<(Vec<&str>, Option<&str>)> = template
        .loads
        .iter()
        .map(|load| {
            let names = load.names.iter().map(|name| &*name.text).collect();
            (names, load.from.as_ref().map(|from| &*from.text))
        })
        .collect();
    assert_eq!(loads, [(vec!["i18n", "shop"], None), (vec!["x", "y"], Some("shop"))]);
}

#[test]
fn relative_names_start_from_the_template() {
    use crate::tags::relative_name;
    let relative = |word| relative_name("shop/cart/page.html", word, false);
    assert_eq!(relative("'base.html'"), Ok(None));
    assert_eq!(relative("'../base.html'"), Ok(Some("\"shop/base.html\"".to_owned())));
    assert_eq!(relative("variable"), Ok(None));
    assert!(relative("'../../../base.html'").is_err());
    assert!(relative("'./page.html'").is_err());
    // Where the template's own name is not known, the word stays as it is.
    let template = parse("{% extends './base.html' %}", &());
    let Form::Extends { parent } = &template.extends().expect("a child").form else { panic!() };
    assert_eq!(parent.constant(), Some("./base.html"));
    assert_eq!(template.errors, []);
}

#[test]
fn a_comment_keeps_its_place() {
    let source = "a{# djsec: ignore #}{% comment %}b{% endcomment %}";
    let template = parse(source, &());
    assert_eq!(template.nodes[1].kind, crate::tree::NodeKind::Comment);
    assert_eq!(part(source, template.nodes[1].span), "{# djsec: ignore #}");
    assert_eq!(part(source, template.nodes[2].span), "{% comment %}b{% endcomment %}");
    assert!(!template.nodes[2].tag().expect("a tag").is_block());
}
