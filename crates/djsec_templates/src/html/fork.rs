//! Several states side by side, for a template whose branches write different things.

use std::ops::Range;

use super::State;
use super::element::{EndTag, Run, Sink, StartTag};
use super::place::Place;

/// States kept side by side.
const STATES: usize = 16;
/// Turns of a loop that are read.
const TURNS: u8 = 4;

/// The states in which a browser can be at a place of a template: distinct, in the order in which they
/// came up, at most sixteen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct States {
    states: Vec<State>,
    dropped: usize,
}

impl Default for States {
    fn default() -> Self {
        Self::start()
    }
}

impl States {
    /// At the beginning of a page.
    pub fn start() -> Self {
        Self::of(State::start())
    }

    /// Just this one.
    pub fn of(state: State) -> Self {
        Self { states: vec![state], dropped: 0 }
    }

    const fn none() -> Self {
        Self { states: Vec::new(), dropped: 0 }
    }

    /// The states; at least one, unless a branch that never ends was taken for all.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// How many states were left out: more than sixteen at once, or new ones after the last turn of a
    /// loop. What they would have said is a gap.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// Reads literal text whose first byte stands at `offset`. What several states have to tell alike
    /// is told once.
    pub fn text(&mut self, text: &str, offset: u32, out: &mut impl Sink) {
        let (mut rest, mut offset) = (text, offset);
        // Tags and scripts end with `>`, and with them what sets states apart.
        while self.states.len() > 1 && !rest.is_empty() {
            let end = memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
            let Some((part, after)) = rest.split_at_checked(end) else { return };
            self.each(|state, told| state.text(part, offset, told), out);
            offset = offset.saturating_add(u32::try_from(end).unwrap_or(u32::MAX));
            rest = after;
        }
        for state in &mut self.states {
            state.text(rest, offset, out);
        }
    }

    /// Reads the insertion of number `id`; the distinct places where it can stand, in order.
    ///
    /// Right after the name of an element whose text holds no tags there are two: what is inserted goes on
    /// with the name, as for [`State::insertion`], or it begins with white space and holds attributes.
    pub fn insertion(&mut self, id: u32, out: &mut impl Sink) -> Vec<Place> {
        let ended: Vec<_> = self.states.iter().filter_map(State::with_raw_name_ended).collect();
        for state in ended {
            self.add(state);
        }
        let mut places = Vec::new();
        self.each(
            |state, told| {
                let place = state.insertion(id, told);
                if !places.contains(&place) {
                    places.push(place);
                }
            },
            out,
        );
        places
    }

    /// Takes in what another branch came to.
    pub fn join(&mut self, other: Self) {
        self.dropped = self.dropped.max(other.dropped);
        for state in other.states {
            self.add(state);
        }
    }

    fn add(&mut self, state: State) {
        if self.states.contains(&state) {
            return;
        }
        if self.states.len() < STATES {
            self.states.push(state);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    /// Lets each state go on, tells what they told, and joins those that have become the same.
    fn each(&mut self, mut go_on: impl FnMut(&mut State, &mut Told), out: &mut impl Sink) {
        let mut told = Told::default();
        for mut state in std::mem::take(&mut self.states) {
            go_on(&mut state, &mut told);
            told.next_state();
            self.add(state);
        }
        told.tell(out);
    }
}

/// What several states told of the same text.
#[derive(Default)]
struct Told {
    events: Vec<Event>,
    /// Those of the state that tells now.
    new: Vec<Event>,
}

#[derive(PartialEq, Eq)]
enum Event {
    Start(StartTag),
    End(EndTag),
    Run(Run, Range<u32>),
}

impl Sink for Told {
    fn start_tag(&mut self, tag: StartTag) {
        self.new.push(Event::Start(tag));
    }

    fn end_tag(&mut self, tag: EndTag) {
        self.new.push(Event::End(tag));
    }

    fn run(&mut self, of: Run, span: Range<u32>) {
        self.new.push(Event::Run(of, span));
    }
}

impl Told {
    /// One part of a text, up to `>`, holds few events.
    fn next_state(&mut self) {
        for event in std::mem::take(&mut self.new) {
            if !self.events.contains(&event) {
                self.events.push(event);
            }
        }
    }

    fn tell(self, out: &mut impl Sink) {
        for event in self.events {
            match event {
                Event::Start(tag) => out.start_tag(tag),
                Event::End(tag) => out.end_tag(tag),
                Event::Run(of, span) => out.run(of, span),
            }
        }
    }
}

/// A place where a template writes one of several things.
///
/// ```
/// # use djsec_templates::html::{Fork, States};
/// let mut states = States::start();
/// states.text("<a ", 0, &mut ());
/// let mut fork = Fork::at(&states);
/// for (text, offset) in [("href='x'", 20), ("id='y'", 40)] {
///     fork.begin(&mut states);
///     states.text(text, offset, &mut ());
///     fork.end(&mut states);
/// }
/// fork.join(&mut states, false); // No branch need be taken: there is no `{% else %}`.
/// assert_eq!(states.states().len(), 3);
/// states.text(">", 60, &mut ());
/// assert_eq!(states.states().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Fork {
    before: States,
    after: States,
}

impl Fork {
    /// Before all branches.
    pub fn at(states: &States) -> Self {
        Self { before: states.clone(), after: States::none() }
    }

    /// Sets the states to those before the branches.
    pub fn begin(&self, states: &mut States) {
        *states = self.before.clone();
    }

    /// Takes the states at the end of a branch.
    pub fn end(&mut self, states: &mut States) {
        self.after.join(std::mem::replace(states, States::none()));
    }

    /// Sets the states to those after the branches; with those before them if none need be taken.
    pub fn join(mut self, states: &mut States, exhaustive: bool) {
        if !exhaustive {
            self.after.join(self.before);
        }
        *states = self.after;
    }
}

/// A place where a template writes something several times.
///
/// ```
/// # use djsec_templates::html::{Loop, States};
/// let mut states = States::start();
/// let mut turns = Loop::at(&states);
/// loop {
///     states.text("<li", 20, &mut ()); // A tag that the next turn goes on with.
///     if !turns.again(&mut states) {
///         break;
///     }
/// }
/// turns.leave(&mut states, false); // It need not be read at all: there is no `{% empty %}`.
/// assert!(states.states().len() > 1);
/// ```
#[derive(Clone, Debug)]
pub struct Loop {
    before: States,
    after: States,
    turns: u8,
}

impl Loop {
    /// Before the first turn, for which the states stay as they are.
    pub fn at(states: &States) -> Self {
        Self { before: states.clone(), after: States::none(), turns: 0 }
    }

    /// Takes the states after a turn. Whether another one is to be read, from the states which are new:
    /// not if there are none, nor after the fourth turn.
    pub fn again(&mut self, states: &mut States) -> bool {
        self.turns = self.turns.saturating_add(1);
        let mut fresh = States::none();
        for state in &states.states {
            if !self.before.states.contains(state) && !self.after.states.contains(state) {
                fresh.add(state.clone());
            }
        }
        self.after.join(std::mem::replace(states, States::none()));
        if self.turns >= TURNS {
            self.after.dropped = self.after.dropped.saturating_add(fresh.states.len());
            return false;
        }
        let more = !fresh.states.is_empty();
        *states = fresh;
        more
    }

    /// The states before the first turn, from which an `{% empty %}` is read.
    pub const fn before(&self) -> &States {
        &self.before
    }

    /// Sets the states to those after the loop; with those before it if no turn need be read.
    pub fn leave(mut self, states: &mut States, exhaustive: bool) {
        if !exhaustive {
            self.after.join(self.before);
        }
        *states = self.after;
    }
}
