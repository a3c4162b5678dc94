//! What a sink is told of a page.

use std::ops::Range;

use crate::html::{
    Attribute, EndTag, Name, Piece, Quote, RawElement, Run, Sink, StartTag, State, Value,
};

#[derive(Default)]
struct Told {
    start: Vec<StartTag>,
    end: Vec<EndTag>,
    runs: Vec<(Run, Range<u32>)>,
}

impl Sink for Told {
    fn start_tag(&mut self, tag: StartTag) {
        self.start.push(tag);
    }
    fn end_tag(&mut self, tag: EndTag) {
        self.end.push(tag);
    }
    fn run(&mut self, of: Run, span: Range<u32>) {
        self.runs.push((of, span));
    }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), ..Name::default() }
}

fn text(text: &str, span: Range<u32>) -> Piece {
    Piece::Text { text: text.to_owned(), span }
}

#[test]
fn a_tag_has_its_attributes_with_their_pieces_and_spans() {
    let (mut state, mut told) = (State::start(), Told::default());
    state.text("x<Form ACTION=\"/a?b=", 100, &mut told);
    state.insertion(7, &mut told);
    state.text("&amp;c\" data-", 200, &mut told);
    state.insertion(8, &mut told);
    state.text(" novalidate />", 300, &mut told);
    let value = Value {
        quote: Quote::Double,
        pieces: vec![text("/a?b=", 115..120), Piece::Insertion(7), text("&c", 200..206)],
        truncated: false,
    };
    let expected = StartTag {
        name: name("form"),
        attributes: vec![
            Attribute {
                name: name("action"),
                value: Some(value),
                duplicate: false,
                name_span: 107..113,
                span: 107..207,
            },
            Attribute {
                name: Name { insertion: Some(8), ..name("data-") },
                value: None,
                duplicate: false,
                name_span: 208..213,
                span: 208..213,
            },
            Attribute {
                name: name("novalidate"),
                value: None,
                duplicate: false,
                name_span: 301..311,
                span: 301..311,
            },
        ],
        self_closing: true,
        foreign: false,
        truncated: false,
        span: 101..314,
    };
    assert_eq!(told.start, [expected]);
    assert!(told.start[0].attribute("novalidate").is_some());
    assert!(told.start[0].attribute("data-").is_none(), "its name is not all known");
}

#[test]
fn texts_of_scripts_styles_and_comments_are_told_without_their_ends() {
    let mut told = Told::default();
    let page = "<style>a</style><!--b--><script>c</scr</script ><title></title><?d>";
    State::start().text(page, 0, &mut told);
    assert_eq!(
        told.runs,
        [
            (Run::Raw(RawElement::Style), 7..8),
            (Run::Comment, 20..21),
            (Run::Raw(RawElement::Script), 32..38),
            (Run::Comment, 64..66),
        ]
    );
    let ends: Vec<_> =
        told.end.iter().map(|tag| (tag.name.text.as_str(), tag.span.clone())).collect();
    assert_eq!(ends, [("style", 8..16), ("script", 38..48), ("title", 55..63)]);
}

#[test]
fn an_insertion_cuts_a_script_in_two_and_keeps_what_only_looked_like_its_end() {
    let (mut state, mut told) = (State::start(), Told::default());
    state.text("<script>a</scr", 0, &mut told);
    state.insertion(1, &mut told);
    state.text("b</script>", 50, &mut told);
    let runs = [8..9, 9..14, 50..51].map(|span| (Run::Raw(RawElement::Script), span));
    assert_eq!(told.runs, runs);
}

#[test]
fn elements_of_svg_say_so() {
    let mut told = Told::default();
    State::start().text("<svg><title></title><a/></svg><a>", 0, &mut told);
    let foreign: Vec<_> =
        told.start.iter().map(|tag| (tag.name.text.as_str(), tag.foreign)).collect();
    assert_eq!(foreign, [("svg", true), ("title", true), ("a", true), ("a", false)]);
}

#[test]
fn a_tag_that_is_not_closed_is_not_told() {
    let mut told = Told::default();
    State::start().text("<a href='x>", 0, &mut told);
    assert!(told.start.is_empty());
}

#[test]
fn states_are_equal_after_a_tag_whatever_it_held() {
    let after = |page: &str| {
        let mut state = State::start();
        state.text(page, 0, &mut ());
        state
    };
    assert_eq!(after("<a href='x'>"), after("text</b id=c>"));
    assert_eq!(after("<!-- a -->"), after("<!doctype html>"));
    assert_eq!(after("<script>f('a');"), after("   <script>x = \"b\";"));
    assert_ne!(after("<a href='x'"), after("<a href='y'"));
    assert_ne!(after("<svg>"), after("<p>"));
}
