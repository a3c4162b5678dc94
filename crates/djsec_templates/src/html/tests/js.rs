//! Places in JavaScript. `¦` marks the insertion.

use crate::html::JsPlace::{
    self, Bare, BlockComment, DoubleString, LineComment, RegExp, SingleString, TemplateExpression,
    TemplateLiteral, Unknown,
};
use crate::html::js::{Dialect, Js};

fn place(dialect: Dialect, before: &str) -> JsPlace {
    let mut js = Js::new(dialect);
    js.text(before.as_bytes());
    js.insertion();
    js.place()
}

/// Each program with the place of the mark in it; the text after the mark is there to be read.
fn check(dialect: Dialect, cases: &[(&str, JsPlace)]) {
    for (program, expected) in cases {
        let (before, _) = program.split_once('¦').unwrap();
        assert_eq!(place(dialect, before), *expected, "{program}");
        let mut js = Js::new(dialect);
        before.bytes().for_each(|byte| js.text(&[byte]));
        js.insertion();
        assert_eq!(js.place(), *expected, "byte by byte: {program}");
    }
}

#[test]
fn strings_end_at_their_own_quote() {
    check(
        Dialect::Script,
        &[
            ("var x = ¦;", Bare),
            ("var x = '¦';", SingleString),
            ("var x = \"¦\";", DoubleString),
            ("var x = 'a' + ¦;", Bare),
            ("x = 'a\"b¦'", SingleString),
            ("x = \"a'b¦\"", DoubleString),
            (r"x = 'a\'b¦'", SingleString),
            (r"x = 'a\\' + ¦", Bare),
            (r#"x = "a\"" + ¦"#, Bare),
            ("x = 'a\\\nb¦'", SingleString),
            ("x = 'a\\\r\nb¦'", SingleString),
            ("x = 'a\u{2028}b¦'", SingleString),
            ("x = '//¦'", SingleString),
            ("x = '/*' + ¦", Bare),
            ("f('a', \"b¦\")", DoubleString),
            // An error; it is read as if the string had ended.
            ("x = 'a\n b = ¦", Bare),
        ],
    );
}

#[test]
fn templates_nest() {
    check(
        Dialect::Script,
        &[
            ("x = `a¦`", TemplateLiteral),
            ("x = `a'b¦`", TemplateLiteral),
            ("x = `a\n¦`", TemplateLiteral),
            (r"x = `a\`¦`", TemplateLiteral),
            (r"x = `a\${¦`", TemplateLiteral),
            ("x = `a$¦{b}`", TemplateLiteral),
            ("x = `a$$¦`", TemplateLiteral),
            ("x = `${¦}`", TemplateExpression),
            ("x = `a$${¦}`", TemplateExpression),
            ("x = `${'¦'}`", SingleString),
            ("x = `${a}¦`", TemplateLiteral),
            ("x = `${ {a: 1} }¦`", TemplateLiteral),
            ("x = `${ {a: ¦} }`", TemplateExpression),
            ("x = `${`${`¦`}`}`", TemplateLiteral),
            ("x = `${`${¦}`}`", TemplateExpression),
            ("x = `${`a`}¦`", TemplateLiteral),
            ("x = `${`${b}`}` + ¦", Bare),
            ("x = `${f(`}`)}¦`", TemplateLiteral),
            ("x = `${a.map(b => { return `${b}`; })}¦`", TemplateLiteral),
            ("x = `${/}`/.test(y)}¦`", TemplateLiteral),
            ("x = `${ /* } */ ¦ }`", TemplateExpression),
            ("tag`${1}` + ¦", Bare),
        ],
    );
}

#[test]
fn comments_end_where_they_should() {
    check(
        Dialect::Script,
        &[
            ("// ¦", LineComment),
            ("// don't\n ¦", Bare),
            ("// a\r¦", Bare),
            ("// a\u{2028}¦", Bare),
            ("// a\u{2029}¦", Bare),
            ("// é\u{2030}¦", LineComment),
            ("/* ¦ */", BlockComment),
            ("/*/ ¦ */", BlockComment),
            ("/***/ ¦", Bare),
            ("/* ' */ '¦'", SingleString),
            ("/* // */ ¦", Bare),
            ("a /* b */ / c / '¦'", SingleString),
            ("<!-- don't ¦", LineComment),
            ("<!-- don't\n ¦", Bare),
            ("x <!-- ¦", LineComment),
            ("x < !-- y; '¦'", SingleString),
            ("a\n--> don't ¦", LineComment),
            ("a\n /* b */ --> don't ¦", LineComment),
            ("while (n --> 0) '¦'", SingleString),
        ],
    );
}

#[test]
fn in_modules_there_are_no_comments_of_html() {
    check(Dialect::Module, &[("x <!-- '¦'", SingleString), ("\n--> '¦'", SingleString)]);
}

#[test]
fn a_slash_begins_a_regular_expression_where_a_value_is_wanted() {
    check(
        Dialect::Script,
        &[
            ("/¦/", RegExp),
            ("x = /a¦/", RegExp),
            ("x = /a/ + ¦", Bare),
            ("x = /a/g.test('¦')", SingleString),
            ("x = /['\"]¦/", RegExp),
            ("x = /[/'\"]/ + ¦", Bare),
            (r"x = /\/'/ + ¦", Bare),
            (r"x = /[\]/']/ + ¦", Bare),
            ("f(/'/, ¦)", Bare),
            ("f(a, /'/g, '¦')", SingleString),
            ("[/'/, ¦]", Bare),
            ("x = {a: /'/, b: ¦}", Bare),
            ("return /'/.test(¦)", Bare),
            ("typeof /'/ + ¦", Bare),
            ("case /'/: ¦", Bare),
            ("a && /'/.test(¦)", Bare),
            ("a ? /'/ : ¦", Bare),
            ("!/'/.test(¦)", Bare),
            ("; /'/.test(¦)", Bare),
            ("{} /'/.test(¦)", Bare),
            ("if (a) /'/.test(¦)", Bare),
            ("while (f(a)) /'/.test(¦)", Bare),
            ("if (a) {} else /'/.test(¦)", Bare),
            ("a => /'/.test(¦)", Bare),
            ("function f() {} /'/.test(¦)", Bare),
            ("() => { x }\n/'/.test(¦)", Bare),
            ("[.../'/.exec(¦)]", Bare),
            ("yield /'/ + ¦", Bare),
        ],
    );
}

#[test]
fn a_slash_divides_after_a_value() {
    check(
        Dialect::Script,
        &[
            ("a / '¦' / b", SingleString),
            ("1 / '¦'", SingleString),
            ("1. / '¦'", SingleString),
            (".5 / '¦'", SingleString),
            ("a[0] / '¦'", SingleString),
            ("f(x) / '¦'", SingleString),
            ("(a + b) / 2 / '¦'", SingleString),
            ("'a' / '¦'", SingleString),
            ("`a` / '¦'", SingleString),
            ("/a/ / '¦'", SingleString),
            ("/a/g / '¦'", SingleString),
            ("a++ / '¦'", SingleString),
            ("a-- / '¦'", SingleString),
            ("a + ++b / '¦'", SingleString),
            ("a +++b / '¦'", SingleString),
            ("this / '¦'", SingleString),
            ("x.return / '¦'", SingleString),
            ("x?.in / '¦'", SingleString),
            ("$in / '¦'", SingleString),
            ("élan / '¦'", SingleString),
            ("x = {} / '¦'", SingleString),
            ("x = {a: {}} / '¦'", SingleString),
            ("f({a: 1} / '¦')", SingleString),
            ("x /= '¦'", SingleString),
            ("instanceofs / '¦'", SingleString),
            ("x = a / b; y = c / '¦'", SingleString),
            ("x.if(a) / '¦'", SingleString),
        ],
    );
}

#[test]
fn what_stands_around_an_insertion_counts_it_as_a_value() {
    let mut js = Js::new(Dialect::Script);
    js.text(b"x = ");
    js.insertion();
    js.text(b" / 2; y = '");
    js.insertion();
    assert_eq!(js.place(), SingleString, "it was divided");
    js.text(b"'; ret");
    js.insertion();
    js.text(b" / 3; z = \"");
    js.insertion();
    assert_eq!(js.place(), DoubleString, "no keyword goes on with an insertion");
}

#[test]
fn json_and_expressions_begin_with_a_value() {
    check(
        Dialect::Expression,
        &[
            (r#"{"a": ¦}"#, Bare),
            (r#"{"a": "¦"}"#, DoubleString),
            (r#"{"a\"": "b", "c": ["¦"]}"#, DoubleString),
            ("{ open: false } / '¦'", SingleString),
            ("open = !open, x = '¦'", SingleString),
        ],
    );
}

#[test]
fn brackets_that_do_not_match_do_not_lose_the_place() {
    check(
        Dialect::Script,
        &[
            (")]} '¦'", SingleString),
            ("f(a[ } '¦'", SingleString),
            ("x = `${ (a[ } ¦`", TemplateLiteral),
        ],
    );
}

#[test]
fn nested_too_deep_is_unknown_to_the_end() {
    let deep = "(".repeat(256);
    assert_eq!(place(Dialect::Script, &deep), Bare);
    assert_eq!(place(Dialect::Script, &format!("{deep}'")), SingleString);
    assert_eq!(place(Dialect::Script, &format!("{deep}(")), Unknown);
    assert_eq!(place(Dialect::Script, &format!("{deep}({}", ")".repeat(257))), Unknown);
}
