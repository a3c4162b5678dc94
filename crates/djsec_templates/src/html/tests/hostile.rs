//! Input that nobody writes: it takes time and space in proportion at most, and is cut where it is long.

use crate::html::{EndTag, Place, Sink, StartTag, State};

#[derive(Default)]
struct Last {
    start: Option<StartTag>,
    end: Option<EndTag>,
}

impl Sink for Last {
    fn start_tag(&mut self, tag: StartTag) {
        self.start = Some(tag);
    }
    fn end_tag(&mut self, tag: EndTag) {
        self.end = Some(tag);
    }
}

fn read(page: &str) -> (State, Last) {
    let (mut state, mut last) = (State::start(), Last::default());
    state.text(page, 0, &mut last);
    (state, last)
}

/// So many attributes, each of another name.
fn attributes(count: usize) -> String {
    (0..count).map(|number| format!(" a{number}=b")).collect::<Vec<_>>().concat()
}

#[test]
fn a_tag_of_a_hundred_thousand_attributes_is_cut_and_says_so() {
    let attributes = attributes(100_000);
    let (state, last) = read(&format!("<a{attributes}>"));
    let tag = last.start.unwrap();
    assert!(tag.truncated);
    assert_eq!(tag.attributes.len(), 256);
    assert_eq!(state, State::start());
}

#[test]
fn a_tag_of_many_attributes_that_is_whole_does_not_say_so() {
    let attributes = attributes(256);
    let tag = read(&format!("<a{attributes}>")).1.start.unwrap();
    assert!(!tag.truncated);
    assert_eq!(tag.attributes.len(), 256);
}

#[test]
fn long_names_and_values_are_cut_and_say_so() {
    let long = "ä".repeat(100_000);
    let tag = read(&format!("<a{long} {long}='{long}' b=\"{}\">", "&amp;".repeat(5000))).1;
    let tag = tag.start.unwrap();
    assert!(tag.name.truncated && tag.name.text.len() <= 128);
    assert_eq!(tag.name.whole(), None);
    let first = &tag.attributes[0];
    assert!(first.name.truncated && first.name.text.len() <= 128);
    let value = first.value.as_ref().unwrap();
    assert!(value.truncated);
    assert_eq!(value.literal(), None, "a value that is cut is not known");
    assert_eq!(value.prefix().len(), 1024);
    let ampersands = tag.attribute("b").unwrap().value.as_ref().unwrap();
    assert_eq!(ampersands.prefix(), "&".repeat(1024));
}

#[test]
fn a_value_of_many_insertions_keeps_the_first_and_says_so() {
    let mut state = State::start();
    let mut last = Last::default();
    state.text("<a b='", 0, &mut last);
    for id in 0..10_000 {
        state.insertion(id, &mut last);
    }
    state.text("'>", 6, &mut last);
    let tag = last.start.unwrap();
    let value = tag.attributes[0].value.as_ref().unwrap();
    assert!(value.truncated);
    assert_eq!(value.insertions().collect::<Vec<_>>(), (0..64).collect::<Vec<_>>());
}

#[test]
fn nul_bytes_are_replaced_in_names_and_values() {
    let tag = read("<a\0b \0c='\0d'>").1.start.unwrap();
    assert_eq!(tag.name.text, "a\u{FFFD}b");
    assert_eq!(tag.attributes[0].name.text, "\u{FFFD}c");
    assert_eq!(tag.attributes[0].value.as_ref().unwrap().literal().unwrap(), "\u{FFFD}d");
}

#[test]
fn deep_nesting_of_svg_and_math_is_bounded() {
    let (mut state, _) = read(&"<svg><desc><math><mi>".repeat(100_000));
    state.text(&"</svg></math>".repeat(200_000), 0, &mut ());
    assert_eq!(state, State::start());
}

#[test]
fn offsets_beyond_four_gigabytes_stay_at_the_end() {
    let mut last = Last::default();
    State::start().text("</p>", u32::MAX - 1, &mut last);
    assert_eq!(last.end.unwrap().span, u32::MAX - 1..u32::MAX);
}

/// Texts of which every byte means something.
const PATTERNS: [&str; 20] = [
    "<",
    "<a ",
    "<a b=c d=e",
    " a1=b",
    "</",
    "<!--",
    "--",
    "\"'=>",
    "&#",
    "&amp",
    "<script><",
    "<svg>",
    "<svg><desc>",
    "<a\0 \0=\0>\0",
    "<title></title",
    "]]>",
    "<!",
    "<a href=javascript:",
    "<script>(",
    "<style>/*",
];

#[test]
fn whatever_is_written_on_and_on_little_is_kept() {
    let beginnings = [
        "",
        "<a b='",
        "<a onclick=\"",
        "<a ",
        "<script>",
        "<script><!--",
        "<!--",
        "<svg><![CDATA[",
    ];
    for pattern in PATTERNS {
        for before in beginnings {
            let mut state = State::start();
            let mut offset = 0;
            state.text(before, 0, &mut ());
            for _ in 0..10 {
                state.text(&pattern.repeat(4096 / pattern.len()), offset, &mut ());
                offset += 4096;
            }
            assert!(kept(&state) < 200_000, "{before}{pattern}");
        }
    }
}

/// If the time grew with the square, this would not come to an end.
#[test]
fn half_a_megabyte_of_one_thing_is_read() {
    for pattern in PATTERNS {
        let page = pattern.repeat(500_000 / pattern.len());
        let (state, _) = read(&page);
        let _: Place = state.place();
    }
}

/// How much a state holds, by how it is printed.
fn kept(state: &State) -> usize {
    format!("{state:?}").len()
}
