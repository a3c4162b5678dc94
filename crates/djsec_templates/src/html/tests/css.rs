//! Places in CSS. `¦` marks the insertion.

use crate::html::css::Css;
use crate::html::{CssPlace, Quote};

#[test]
fn strings_addresses_and_comments_are_told_apart() {
    let cases = [
        ("a { color: ¦ }", CssPlace::Bare),
        ("¦ { color: red }", CssPlace::Bare),
        ("a { b: '¦' }", CssPlace::SingleString),
        ("a { b: \"¦\" }", CssPlace::DoubleString),
        (r"a { b: 'c\'¦' }", CssPlace::SingleString),
        ("a { b: 'c\\\nd¦' }", CssPlace::SingleString),
        ("a { b: 'c' ¦ }", CssPlace::Bare),
        ("a { b: 'c\n¦ }", CssPlace::Bare),
        ("a { b: url(¦) }", CssPlace::Url(Quote::Unquoted)),
        ("a { b: url(x/¦) }", CssPlace::Url(Quote::Unquoted)),
        ("a { b: URL( '¦') }", CssPlace::Url(Quote::Single)),
        ("a { b: url(\"/x'¦\") }", CssPlace::Url(Quote::Double)),
        ("a { b: url('x') ¦ }", CssPlace::Bare),
        ("a { b: url(x) ¦ }", CssPlace::Bare),
        (r"a { b: url(x\)¦) }", CssPlace::Url(Quote::Unquoted)),
        ("a { b: url(/* ¦) }", CssPlace::Url(Quote::Unquoted)),
        ("a { b: curl('¦') }", CssPlace::SingleString),
        ("a { b: urls(¦) }", CssPlace::Bare),
        ("a { b: url ('¦') }", CssPlace::SingleString),
        ("a { b: -url(¦) }", CssPlace::Bare),
        ("a { b: calc(1 / ¦) }", CssPlace::Bare),
        ("/* ' ¦ */", CssPlace::Comment),
        ("/*/ ¦ */", CssPlace::Comment),
        ("/***/ ¦", CssPlace::Bare),
        ("a { b: 'c' /* ' */ '¦' }", CssPlace::SingleString),
    ];
    for (sheet, expected) in cases {
        let (before, _) = sheet.split_once('¦').unwrap();
        let mut css = Css::default();
        css.text(before.as_bytes());
        css.text(b"z");
        assert_eq!(css.place(), expected, "{sheet}");
    }
}
