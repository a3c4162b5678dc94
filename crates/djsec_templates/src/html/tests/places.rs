//! What the places in attributes and in texts without tags are. `¦` marks insertions; what is asked is
//! where the last one stands.

use crate::html::{
    Client, CssPlace, JsPlace, Place, Quote, RawElement, Role, ScriptKind, State, Value,
};

/// The place of the last mark.
fn place(page: &str) -> Place {
    let mut state = State::start();
    let mut place = None;
    let mut offset = 0;
    for (id, part) in (0..).zip(page.split('¦')) {
        if id > 0 {
            place = Some(state.insertion(id, &mut ()));
        }
        if id < u32::try_from(page.matches('¦').count()).unwrap() {
            state.text(part, offset, &mut ());
            offset += u32::try_from(part.len()).unwrap() + 100;
        }
    }
    place.unwrap()
}

fn role(page: &str) -> Role {
    match place(page) {
        Place::Attribute(place) => place.role,
        other => panic!("{page}: {other:?}"),
    }
}

fn before(page: &str) -> Value {
    match place(page) {
        Place::Attribute(place) => place.before,
        other => panic!("{page}: {other:?}"),
    }
}

#[test]
fn attributes_with_an_address_are_known() {
    for page in [
        "<a href='¦'>",
        "<a HREF=¦>",
        "<img src=\"¦\">",
        "<form action='¦'>",
        "<button formaction='¦'>",
        "<object data='¦'>",
        "<video poster='¦'>",
        "<blockquote cite='¦'>",
        "<body background='¦'>",
        "<html manifest='¦'>",
        "<svg><use xlink:href='¦'>",
        "<my-card href='¦'>",
    ] {
        assert_eq!(role(page), Role::Url, "{page}");
    }
    for page in ["<img srcset='¦'>", "<link imagesrcset='¦'>", "<a ping='¦'>"] {
        assert_eq!(role(page), Role::UrlList, "{page}");
    }
    for page in [
        "<div data='¦'>",
        "<div background='¦'>",
        "<a title='¦'>",
        "<a data-href='¦'>",
        "<a hrefs='¦'>",
    ] {
        assert_eq!(role(page), Role::Other, "{page}");
    }
}

#[test]
fn the_content_of_a_meta_is_an_address_only_in_a_refresh() {
    assert_eq!(role("<meta http-equiv=Refresh content='0;url=¦'>"), Role::Refresh);
    assert_eq!(role("<meta http-equiv='x' content='¦'>"), Role::Other);
    assert_eq!(role("<meta content='¦' http-equiv=refresh>"), Role::MetaContent);
    assert_eq!(role("<meta http-equiv='¦' content='¦'>"), Role::MetaContent);
    assert_eq!(role("<p content='¦'>"), Role::Other);
}

#[test]
fn what_a_browser_runs_or_draws_is_known() {
    let handler = |place| Role::Handler(place);
    assert_eq!(role("<a onclick='f(¦)'>"), handler(JsPlace::Bare));
    assert_eq!(role("<a onclick=\"f('¦')\">"), handler(JsPlace::SingleString));
    assert_eq!(role("<a ONCLICK='f(&quot;¦'>"), handler(JsPlace::DoubleString));
    assert_eq!(role("<a onclick='f(&#39;¦'>"), handler(JsPlace::SingleString));
    assert_eq!(role("<a onclick='f(&#x27;a&#X27; + ¦'>"), handler(JsPlace::Bare));
    assert_eq!(role("<a onclick='f(&#39¦'>"), handler(JsPlace::SingleString));
    assert_eq!(role("<a onclick='f(&apos;¦'>"), handler(JsPlace::SingleString));
    assert_eq!(
        role("<a onclick='f(&quot¦'>"),
        handler(JsPlace::Bare),
        "no reference: a letter follows"
    );
    assert_eq!(role("<a onclick=f('¦')>"), handler(JsPlace::SingleString));
    assert_eq!(role("<a onclick='`${¦}`'>"), handler(JsPlace::TemplateExpression));
    assert_eq!(role("<a on¦='f(¦)'>"), handler(JsPlace::Bare), "whatever the event is");
    assert_eq!(role("<a style='color: ¦'>"), Role::Style(CssPlace::Bare));
    assert_eq!(role("<a style='x: url(&quot;¦'>"), Role::Style(CssPlace::Url(Quote::Double)));
    assert_eq!(role("<iframe srcdoc='¦'>"), Role::Srcdoc);
    assert_eq!(role("<a class='b ¦'>"), Role::Class);
    assert_eq!(role("<a id='b-¦'>"), Role::Id);
    for page in ["<a once='¦'>", "<a only='¦'>", "<a on='¦'>", "<a on-x='¦'>"] {
        assert_eq!(role(page), Role::Other, "{page}");
    }
}

#[test]
fn what_libraries_read_in_the_browser_is_known() {
    let code = |place| Role::Client(Client::Code(place));
    assert_eq!(role("<a x-data=\"{ n: '¦' }\">"), code(JsPlace::SingleString));
    assert_eq!(role("<a @click='f(¦)'>"), code(JsPlace::Bare));
    assert_eq!(role("<a :title='¦'>"), code(JsPlace::Bare));
    assert_eq!(role("<a v-if='¦'>"), code(JsPlace::Bare));
    assert_eq!(role("<a ng-click='¦'>"), code(JsPlace::Bare));
    assert_eq!(role("<a data-ng-click='¦'>"), code(JsPlace::Bare));
    assert_eq!(role("<a hx-on:click='f(\"¦\")'>"), code(JsPlace::DoubleString));
    assert_eq!(role("<a data-bind='text: ¦'>"), code(JsPlace::Bare));
    assert_eq!(
        role("<a hx-vals='{\"a\": \"¦\"}'>"),
        Role::Client(Client::Json(JsPlace::DoubleString))
    );
    assert_eq!(role("<a hx-headers='{¦}'>"), Role::Client(Client::Json(JsPlace::Bare)));
    assert_eq!(role("<a _='on click ¦'>"), Role::Client(Client::Hyperscript));
    assert_eq!(role("<a hx-get='¦'>"), Role::Client(Client::Url));
    for page in ["<a hx-target='¦'>", "<a x-ref='¦'>", "<a data-x='¦'>", "<a xmlns='¦'>"] {
        assert_eq!(role(page), Role::Other, "{page}");
    }
}

#[test]
fn an_attribute_whose_name_is_inserted_is_unknown_unless_its_beginning_tells() {
    assert_eq!(role("<a ¦='¦'>"), Role::Unknown);
    assert_eq!(role("<a h¦='¦'>"), Role::Unknown);
    assert_eq!(role("<a data-¦='¦'>"), Role::Other);
    assert_eq!(role("<a aria-¦='¦'>"), Role::Other);
    assert_eq!(role("<a x-on:¦='¦'>"), Role::Client(Client::Code(JsPlace::Bare)));
}

#[test]
fn addresses_that_are_programs_are_read_as_such() {
    let js = |place| Role::JavascriptUrl(place);
    assert_eq!(role("<a href='javascript:f(¦)'>"), js(JsPlace::Bare));
    assert_eq!(role("<a href=\"JavaScript:f('¦')\">"), js(JsPlace::SingleString));
    assert_eq!(role("<a href=\" java\nscript:f(&quot;¦\">"), js(JsPlace::DoubleString));
    assert_eq!(role("<a href='javascript&colon;f(¦)'>"), js(JsPlace::Bare));
    assert_eq!(role("<a href='javascript:f(%27¦'>"), js(JsPlace::SingleString));
    assert_eq!(role("<a href='javascript:f(%2¦'>"), js(JsPlace::Bare));
    assert_eq!(role("<a href='javascript:100%+\"¦'>"), js(JsPlace::DoubleString));
    for page in [
        "<a href='javascript¦'>",
        "<a href='¦javascript:¦'>",
        "<a href='/javascript:¦'>",
        "<a href='java script:¦'>",
        "<a href='https://x/?a=¦'>",
    ] {
        assert_eq!(role(page), Role::Url, "{page}");
    }
    assert_eq!(role("<a title='javascript:¦'>"), Role::Other);
}

#[test]
fn what_stands_before_an_insertion_tells_a_whole_address_from_an_argument() {
    assert!(before("<a href='¦'>").is_empty());
    assert!(before("<a href=¦>").is_empty());
    let literal = before("<a href='/a&amp;b?c=¦'>");
    assert_eq!(literal.literal().as_deref(), Some("/a&b?c="));
    assert_eq!(literal.prefix(), "/a&b?c=");
    let second = before("<a href='¦?q=¦'>");
    assert_eq!((second.prefix().as_str(), second.tail().as_str()), ("", "?q="));
    assert_eq!(second.literal(), None);
    assert_eq!(second.insertions().collect::<Vec<_>>(), [1]);
    let third = before("<a href='/x/¦/¦¦'>");
    assert_eq!((third.prefix().as_str(), third.tail().as_str()), ("/x/", ""));
    assert_eq!(third.insertions().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(before("<a href=\"x¦\">").quote, Quote::Double);
    assert_eq!(before("<a href=x¦>").quote, Quote::Unquoted);
}

#[test]
fn an_insertion_between_attributes_may_be_attributes() {
    for (page, name) in [
        ("<input ¦>", ""),
        ("<input a ¦>", ""),
        ("<input a='b'¦>", ""),
        ("<input a=b ¦>", ""),
        ("<input a/¦>", ""),
        ("<input data-¦>", "data-"),
    ] {
        let Place::AttributeName(place) = place(page) else { panic!("{page}") };
        assert_eq!(
            (place.element.text.as_str(), place.name.text.as_str()),
            ("input", name),
            "{page}"
        );
    }
    let Place::TagName { name, end } = place("</h¦>") else { panic!() };
    assert_eq!((name.text.as_str(), end), ("h", true));
}

#[test]
fn an_attribute_that_browsers_drop_says_so() {
    for (page, duplicate, end) in [
        ("<a href='x' HREF='¦'>", true, false),
        ("<a href='x' hreflang='¦'>", false, false),
        ("<a ¦='x' ¦='¦'>", false, false),
        ("</a href='¦'>", false, true),
    ] {
        let Place::Attribute(place) = place(page) else { panic!("{page}") };
        assert_eq!((place.duplicate, place.end), (duplicate, end), "{page}");
    }
}

#[test]
fn scripts_are_what_their_type_says() {
    use JsPlace::{Bare, DoubleString, SingleString, Unknown};
    use ScriptKind::{JavaScript, Json, Module, Other};
    for (page, kind, js) in [
        ("<script>¦", JavaScript, Bare),
        ("<script type=''>'¦'", JavaScript, SingleString),
        ("<script type=' Text/JavaScript '>\"¦\"", JavaScript, DoubleString),
        ("<script type=text/javascript;charset=utf-8>¦", Other, Unknown),
        ("<script language=JavaScript1.2>¦", JavaScript, Bare),
        ("<script language=vbscript>¦", Other, Unknown),
        ("<script type=text/babel language=javascript>¦", Other, Unknown),
        ("<script type=module>'¦'", Module, SingleString),
        ("<script type=application/json>{\"a\": \"¦\"}", Json, DoubleString),
        ("<script type='application/ld+json'>{\"a\": ¦}", Json, Bare),
        ("<script type=importmap>¦", Json, Bare),
        ("<script type=speculationrules>¦", Json, Bare),
        ("<script type='text/x-template'>'¦'", Other, Unknown),
        ("<script type='¦'>'¦'", ScriptKind::Unknown, SingleString),
        ("<script type=module type=text/x>¦", Module, Bare),
        ("<script src='x'>¦", JavaScript, Bare),
        ("<svg><script>'¦'", JavaScript, Unknown),
    ] {
        assert_eq!(place(page), Place::Script(kind, js), "{page}");
    }
    assert_eq!(place("<script>'</script>¦"), Place::Text);
    assert_eq!(place("<script>x = '</scr' + '¦'"), Place::Script(JavaScript, SingleString));
}

#[test]
fn texts_without_tags_say_what_they_are_of() {
    assert_eq!(place("<title>¦"), Place::RcData(RawElement::Title));
    assert_eq!(place("<textarea><b>¦"), Place::RcData(RawElement::Textarea));
    assert_eq!(place("<noscript><b>¦"), Place::RawText(RawElement::Noscript));
    assert_eq!(place("<iframe>¦"), Place::RawText(RawElement::Iframe));
    assert_eq!(place("<plaintext></plaintext>¦"), Place::RawText(RawElement::Plaintext));
    assert_eq!(place("<style>a { b: url('¦') }"), Place::Style(CssPlace::Url(Quote::Single)));
    assert_eq!(place("<style>a { b: '</style>¦"), Place::Text);
    assert_eq!(place("<svg><style>¦"), Place::Style(CssPlace::Unknown));
    assert_eq!(place("<svg><style></style>¦"), Place::Text);
    assert_eq!(place("<div><svg><path></div><style>¦"), Place::Style(CssPlace::Bare));
}
