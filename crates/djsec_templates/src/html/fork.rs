//! Several states side by side, for a template whose branches write different things.

use std::ops::Range;

use super::State;
use super::element::{EndTag, Run, Sink, StartTag};
use super::place::Place;

/// States kept side by side.
const STATES: usize = 16;
/// Branches of one place whose ends are compared.
const BRANCHES: usize = 64;
/// Turns of a loop that are read.
const TURNS: u8 = 4;

/// The states in which a browser can be at a place of a template: distinct, in the order in which they
/// came up, at most sixteen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct States {
    list: Vec<State>,
    dropped: usize,
    untold: usize,
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
        Self { list: vec![state], ..Self::none() }
    }

    const fn none() -> Self {
        Self { list: Vec::new(), dropped: 0, untold: 0 }
    }

    /// The states; at least one, unless a branch that never ends was taken for all.
    pub fn states(&self) -> &[State] {
        &self.list
    }

    /// How many states were left out, at least: more than sixteen at once, or new ones after the last turn
    /// of a loop. What they would have said is a gap.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many states were left out, at least, beside which one was kept that differs from it only in the
    /// attributes that its tag has so far, or in what a value holds that is plain text to all (a class).
    /// No role is missing, but the tag is not told with all sets of attributes that it can have.
    pub const fn untold(&self) -> usize {
        self.untold
    }

    /// Reads literal text whose first byte stands at `offset`. What several states have to tell alike
    /// is told once.
    pub fn text(&mut self, text: &str, offset: u32, out: &mut impl Sink) {
        let (mut rest, mut offset) = (text, offset);
        // Tags and scripts end with `>`, and with them what sets states apart.
        while self.list.len() > 1 && !rest.is_empty() {
            let end = memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
            let Some((part, after)) = rest.split_at_checked(end) else { return };
            self.each(|state, told| state.text(part, offset, told), out);
            offset = offset.saturating_add(u32::try_from(end).unwrap_or(u32::MAX));
            rest = after;
        }
        for state in &mut self.list {
            state.text(rest, offset, out);
        }
    }

    /// Reads the insertion of number `id`; the distinct places where it can stand, in order.
    ///
    /// Right after the name of an element whose text holds no tags there are two: what is inserted goes on
    /// with the name, as for [`State::insertion`], or it begins with white space and holds attributes.
    pub fn insertion(&mut self, id: u32, out: &mut impl Sink) -> Vec<Place> {
        let ended: Vec<_> = self.list.iter().filter_map(State::with_raw_name_ended).collect();
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

    /// Takes in what another way came to.
    pub fn join(&mut self, other: Self) {
        self.note_gaps(&other);
        for state in other.list {
            self.add(state);
        }
    }

    fn note_gaps(&mut self, other: &Self) {
        self.dropped = self.dropped.max(other.dropped);
        self.untold = self.untold.max(other.untold);
    }

    fn add(&mut self, state: State) {
        if self.list.contains(&state) {
            return;
        }
        if self.list.len() < STATES {
            self.list.push(state);
        } else {
            self.leave_out(&state);
        }
    }

    fn leave_out(&mut self, state: &State) {
        let told = self.list.iter().any(|kept| kept.differs_in_attributes_only(state));
        let count = if told { &mut self.untold } else { &mut self.dropped };
        *count = count.saturating_add(1);
    }

    /// Lets each state go on, tells what they told, and joins those that have become the same.
    fn each(&mut self, mut go_on: impl FnMut(&mut State, &mut Told), out: &mut impl Sink) {
        let mut told = Told::default();
        for mut state in std::mem::take(&mut self.list) {
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
    ends: Vec<States>,
    /// States at the ends of more branches than are kept.
    lost: usize,
}

impl Fork {
    /// Before all branches.
    pub fn at(states: &States) -> Self {
        Self { before: states.clone(), ends: Vec::new(), lost: 0 }
    }

    /// Sets the states to those before the branches.
    pub fn begin(&self, states: &mut States) {
        *states = self.before.clone();
    }

    /// Takes the states at the end of a branch.
    pub fn end(&mut self, states: &mut States) {
        let end = std::mem::replace(states, States::none());
        if self.ends.len() < BRANCHES {
            self.ends.push(end);
        } else {
            self.lost = self.lost.saturating_add(end.list.len());
        }
    }

    /// Sets the states to those after the branches; with those before them if none need be taken.
    pub fn join(mut self, states: &mut States, exhaustive: bool) {
        if !exhaustive {
            self.ends.push(self.before);
        }
        let mut after = States::none();
        let mut all: Vec<(bool, State)> = Vec::new();
        for (branch, end) in self.ends.into_iter().enumerate() {
            after.note_gaps(&end);
            for (index, state) in end.list.into_iter().enumerate() {
                if !all.iter().any(|(_, known)| *known == state) {
                    all.push((is_second_choice(branch, index), state));
                }
            }
        }
        if all.len() > STATES {
            all.sort_by_key(|(second, _)| *second);
        }
        for (_, state) in all {
            after.add(state);
        }
        after.dropped = after.dropped.saturating_add(self.lost);
        *states = after;
    }
}

/// Which states go first where there are too many.
///
/// Sixteen come from four branches that are taken or not, each a bit of the index; with a fifth there are
/// thirty-two. By parity, half of them are left, in which any four of the five branches are still taken
/// and not taken independently; the first sixteen would all have taken the fifth.
const fn is_second_choice(branch: usize, index: usize) -> bool {
    (index.count_ones() as usize + branch) % 2 == 1
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
        for state in &states.list {
            if !self.before.list.contains(state) && !self.after.list.contains(state) {
                fresh.add(state.clone());
            }
        }
        self.after.join(std::mem::replace(states, States::none()));
        if self.turns >= TURNS {
            // They have joined the others, but what they do in a further turn stays unknown.
            for state in &fresh.list {
                self.after.leave_out(state);
            }
            return false;
        }
        let more = !fresh.list.is_empty();
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
