//! States side by side.

use std::ops::Range;

use super::pages::generated;
use crate::html::{
    Fork, JsPlace, Loop, Name, Place, Role, Run, ScriptKind, Sink, StartTag, State, States,
};

#[derive(Default)]
struct Tags {
    tags: Vec<StartTag>,
    runs: Vec<(Run, Range<u32>)>,
}

impl Sink for Tags {
    fn start_tag(&mut self, tag: StartTag) {
        self.tags.push(tag);
    }
    fn run(&mut self, of: Run, span: Range<u32>) {
        self.runs.push((of, span));
    }
}

/// Reads `{% if %}one{% else %}other{% endif %}`, or all with an end and no `else`.
fn branches(states: &mut States, texts: &[&str], exhaustive: bool, out: &mut impl Sink) {
    let mut fork = Fork::at(states);
    for (text, offset) in texts.iter().zip((1..).map(|number| number * 1000)) {
        fork.begin(states);
        states.text(text, offset, out);
        fork.end(states);
    }
    fork.join(states, exhaustive);
}

#[test]
fn branches_between_tags_leave_one_state_whatever_they_write() {
    let mut states = States::start();
    branches(&mut states, &["<b>x</b>", "<i class='y'>", "text"], false, &mut ());
    assert_eq!(states.states().len(), 1);
    assert_eq!(states, States::start());
}

#[test]
fn a_branch_in_a_tag_makes_two_tags_of_it_and_what_follows_is_told_once() {
    let mut tags = Tags::default();
    let mut states = States::start();
    states.text("<a", 0, &mut tags);
    branches(&mut states, &[" href='x'"], false, &mut tags);
    assert_eq!(states.states().len(), 2);
    states.text(" id=y>t</a><p>u<i>", 50, &mut tags);
    assert_eq!(states.states().len(), 1);
    let told: Vec<_> = tags
        .tags
        .iter()
        .map(|tag| (tag.name.text.as_str(), tag.attributes.len(), tag.span.clone()))
        .collect();
    assert_eq!(told, [("a", 2, 0..56), ("a", 1, 0..56), ("p", 0, 61..64), ("i", 0, 65..68)]);
}

#[test]
fn an_insertion_after_branches_has_all_the_places_it_can_have() {
    let mut states = States::start();
    states.text("<script>x = ", 0, &mut ());
    branches(&mut states, &["'a", "b", "'c", "`"], true, &mut ());
    let places = states.insertion(1, &mut ());
    let script = |place| Place::Script(ScriptKind::JavaScript, place);
    assert_eq!(
        places,
        [script(JsPlace::SingleString), script(JsPlace::Bare), script(JsPlace::TemplateLiteral)]
    );
}

#[test]
fn an_attribute_that_a_branch_opens_and_another_closes_is_followed() {
    let mut states = States::start();
    states.text("<a ", 0, &mut ());
    branches(&mut states, &["href='", "onclick='f("], true, &mut ());
    let roles: Vec<_> = states
        .insertion(1, &mut ())
        .into_iter()
        .map(|place| match place {
            Place::Attribute(place) => place.role,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(roles, [Role::Url, Role::Handler(JsPlace::Bare)]);
    states.text(")' x>", 100, &mut ());
    assert_eq!(states, States::start());
}

#[test]
fn more_than_sixteen_sets_of_attributes_are_counted_as_untold() {
    let texts: Vec<String> = (0..20).map(|number| format!("a{number}=b ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut states = States::start();
    states.text("<a ", 0, &mut ());
    branches(&mut states, &texts, false, &mut ());
    assert_eq!((states.states().len(), states.untold(), states.dropped()), (16, 5, 0));
    states.text(">", 1, &mut ());
    assert_eq!(states.states(), [State::start()]);
}

#[test]
fn more_than_sixteen_classes_are_counted_as_untold_and_more_addresses_as_dropped() {
    let texts: Vec<String> = (0..20).map(|number| format!("a{number}/")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (begin, untold, dropped) in
        [("<a class='", 4, 0), ("<a href='", 0, 4), ("<script type='", 0, 4)]
    {
        let mut states = States::start();
        states.text(begin, 0, &mut ());
        branches(&mut states, &texts, true, &mut ());
        assert_eq!((states.untold(), states.dropped()), (untold, dropped), "{begin}");
    }
}

#[test]
fn more_than_sixteen_places_are_counted_as_dropped() {
    let texts: Vec<String> = (1..=20).map(|number| "[".repeat(number)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut states = States::start();
    states.text("<script>", 0, &mut ());
    branches(&mut states, &texts, true, &mut ());
    assert_eq!((states.states().len(), states.untold(), states.dropped()), (16, 0, 4));
    states.text("</script>", 5000, &mut ());
    assert_eq!((states.states().len(), states.dropped()), (1, 4), "a gap stays one");
}

#[test]
fn five_attributes_that_may_be_missing_are_told_in_all_threes_and_fours() {
    let mut tags = Tags::default();
    let mut states = States::start();
    states.text("<a ", 0, &mut tags);
    for name in ["a", "b", "c", "d", "e"] {
        branches(&mut states, &[&format!("{name}='x' ")], false, &mut tags);
    }
    assert_eq!((states.states().len(), states.untold(), states.dropped()), (16, 16, 0));
    states.text(">", 9000, &mut tags);
    let has = |tag: &StartTag, name: &str| tag.attribute(name).is_some();
    for left_out in ["a", "b", "c", "d", "e"] {
        let four: Vec<&str> =
            ["a", "b", "c", "d", "e"].into_iter().filter(|name| *name != left_out).collect();
        let mut seen: Vec<Vec<bool>> =
            tags.tags.iter().map(|tag| four.iter().map(|name| has(tag, name)).collect()).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 16, "all ways to take {four:?}");
    }
}

/// Reads a loop whose turn writes this; how many turns were read.
fn turns(states: &mut States, text: &str) -> usize {
    let mut turns = Loop::at(states);
    let mut count = 0;
    loop {
        states.text(text, 100, &mut ());
        count += 1;
        if !turns.again(states) {
            break;
        }
    }
    turns.leave(states, false);
    count
}

#[test]
fn a_loop_that_comes_back_to_where_it_was_is_read_once() {
    let mut states = States::start();
    assert_eq!(turns(&mut states, "<li>x</li>"), 1);
    assert_eq!(states, States::start());
}

#[test]
fn a_loop_that_leaves_an_array_open_is_read_until_nothing_new_comes_out() {
    let mut states = States::start();
    states.text("<script>x = [", 0, &mut ());
    assert_eq!(turns(&mut states, "1, "), 1, "after a comma is where it began");
    states.text("];", 200, &mut ());
    assert_eq!(turns(&mut states, "f(a) "), 2, "a value stands before the second turn");
    states.text("; </script>", 300, &mut ());
    assert_eq!((states.states().len(), states.dropped()), (1, 0));
}

#[test]
fn a_loop_that_never_settles_stops_and_says_so() {
    let mut states = States::start();
    states.text("<a", 0, &mut ());
    assert_eq!(turns(&mut states, " b=c"), 4);
    assert_eq!(states.states().len(), 5, "no turn, and one to four");
    assert_eq!((states.untold(), states.dropped()), (1, 0), "only a fifth attribute would be new");
}

#[test]
fn attributes_of_a_loop_keep_their_insertions() {
    let mut tags = Tags::default();
    let mut states = States::start();
    states.text("<a ", 0, &mut tags);
    let mut turns = Loop::at(&states);
    loop {
        states.insertion(7, &mut tags);
        states.text("=\"", 10, &mut tags);
        states.insertion(8, &mut tags);
        states.text("\" ", 20, &mut tags);
        if !turns.again(&mut states) {
            break;
        }
    }
    turns.leave(&mut states, false);
    states.text(">", 30, &mut tags);
    let counts: Vec<_> = tags.tags.iter().map(|tag| tag.attributes.len()).collect();
    assert_eq!(counts, [1, 2, 3, 4, 0]);
    let first = &tags.tags[0].attributes[0];
    assert_eq!(first.name, Name { insertion: Some(7), ..Name::default() });
    assert_eq!(first.value.as_ref().unwrap().insertions().collect::<Vec<_>>(), [8]);
}

#[test]
fn a_script_that_states_share_is_told_once() {
    let mut tags = Tags::default();
    let mut states = States::start();
    states.text("<script>", 0, &mut tags);
    branches(&mut states, &["a", "b +"], true, &mut tags);
    states.text(" c</script>", 50, &mut tags);
    let raw = Run::Raw(crate::html::RawElement::Script);
    assert_eq!(tags.runs, [(raw, 1000..1001), (raw, 2000..2003), (raw, 50..52)]);
}

#[test]
fn attributes_inserted_right_after_the_name_of_a_script_leave_it_a_script() {
    let mut states = States::start();
    states.text("<script", 0, &mut ());
    let places = states.insertion(1, &mut ());
    assert!(matches!(&places[..], [Place::TagName { .. }, Place::AttributeName(_)]), "{places:?}");
    states.text(">x = '", 7, &mut ());
    let places = states.insertion(2, &mut ());
    let script = Place::Script(ScriptKind::JavaScript, JsPlace::SingleString);
    assert_eq!(places, [Place::Text, script]);
    states.text("'</script>", 13, &mut ());
    assert_eq!(states, States::start());
}

#[test]
fn an_insertion_in_the_name_of_any_other_element_has_one_place() {
    let mut states = States::start();
    states.text("<h", 0, &mut ());
    assert_eq!(states.insertion(1, &mut ()).len(), 1);
    states.text("></script", 2, &mut ());
    assert_eq!(states.insertion(2, &mut ()).len(), 1);
}

#[test]
fn after_branches_there_is_what_each_way_comes_to_when_it_is_written_out() {
    let pages = generated(1200);
    for parts in pages.chunks_exact(4) {
        let [head, one, other, tail] = parts else { panic!() };
        let mut told = Tags::default();
        let mut states = States::start();
        states.text(head, 0, &mut told);
        branches(&mut states, &[one, other], true, &mut told);
        states.text(tail, 5000, &mut told);

        let mut expected: Vec<State> = Vec::new();
        let mut tags: Vec<StartTag> = Vec::new();
        for (text, offset) in [(one, 1000), (other, 2000)] {
            let (mut state, mut told) = (State::start(), Tags::default());
            state.text(head, 0, &mut told);
            state.text(text, offset, &mut told);
            state.text(tail, 5000, &mut told);
            if !expected.contains(&state) {
                expected.push(state);
            }
            for tag in told.tags {
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
        assert_eq!(states.states(), expected, "{parts:?}");
        assert_eq!(told.tags.len(), tags.len(), "each tag once: {parts:?}");
        assert!(tags.iter().all(|tag| told.tags.contains(tag)), "{parts:?}");
    }
}
