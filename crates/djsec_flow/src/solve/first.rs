//! Solving for the first time: each function once, most often, after all that it calls.
//!
//! What a function calls is only known when it has been run. So they are run in a guessed order, and what turns
//! out to call something that comes later is run again when that is done; whatever seems to call it waits so long.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Solver;
use super::guess::Guess;
use super::order::{self, Guessed};
use crate::attributes::Attributes;
use crate::index::FunctionKey;
use crate::run::{Usable, World, run};
use crate::summary::Summary;
use crate::variants::Variants;

/// A function is run again at most this often because it was found to call more; what it calls then is looked at
/// later, with everything that is only known at the end.
const MOST_TURNS: u8 = 4;

/// The functions by how far they have come.
struct First<'a, 'g> {
    solver: Solver<'a>,
    guesses: &'g [Guess],
    guessed: &'g Guessed,
    /// Those whose summaries hold, as far as anything outside of classes' attributes goes.
    done: Vec<bool>,
    /// Those that were run, but call some that are not done.
    open: Vec<FunctionKey>,
    /// Those that seem to call some that are not done.
    held: Vec<FunctionKey>,
    /// How often each was run again.
    turns: Vec<u8>,
    /// Those that were given up: they call more than was known when they were run, or went round too long.
    stale: Vec<bool>,
}

impl<'a> Solver<'a> {
    /// Every function, with the summaries of those that it calls; and those that are to be run again all the
    /// same.
    pub(super) fn first(world: World<'a>, guesses: &[Guess]) -> (Self, Vec<bool>) {
        let count = world.index.len();
        let solver = Self {
            world,
            summaries: vec![Arc::default(); count],
            callees: vec![Vec::new(); count],
            attributes: Attributes::default(),
            variants: Variants::new(count),
            imported: Vec::new(),
            turn: 0,
            ran: vec![0; count],
            noted: 0,
            levels: None,
        };
        let guessed = order::guessed(guesses);
        let mut first = First {
            solver,
            guesses,
            guessed: &guessed,
            done: vec![false; count],
            open: Vec::new(),
            held: Vec::new(),
            turns: vec![0; count],
            stale: vec![false; count],
        };
        for level in &guessed.order {
            first.held.extend_from_slice(level);
            first.advance();
        }
        first.untie();
        (first.solver, first.stale)
    }
}

impl First<'_, '_> {
    /// Runs what can be run by now.
    fn advance(&mut self) {
        loop {
            let held = std::mem::take(&mut self.held);
            let (ready, held): (Vec<_>, Vec<_>) =
                held.into_iter().partition(|key| self.seems_ready(*key));
            self.held = held;
            self.run(&ready);
            if !self.again() && ready.is_empty() {
                return;
            }
        }
    }

    /// Runs what waits for something that waits for it.
    fn untie(&mut self) {
        while !self.held.is_empty() {
            let open = self.open.iter().flat_map(|key| self.solver.callees_of(*key));
            let wanted: FxHashSet<FunctionKey> = open.copied().collect();
            let held = std::mem::take(&mut self.held);
            let (mut ready, mut held): (Vec<_>, Vec<_>) =
                held.into_iter().partition(|key| wanted.contains(key));
            if ready.is_empty() {
                std::mem::swap(&mut ready, &mut held);
            }
            self.held = held;
            self.run(&ready);
            self.advance();
        }
    }

    fn is_done(&self, key: FunctionKey) -> bool {
        self.done.get(key.0 as usize) == Some(&true)
    }

    /// Whether everything is done that a function seems to call, circles left aside.
    fn seems_ready(&self, key: FunctionKey) -> bool {
        let guess = self.guesses.get(key.0 as usize);
        let mut callees = guess.into_iter().flat_map(Guess::all);
        callees.all(|callee| self.is_done(callee) || !self.guessed.is_before(callee, key))
    }

    /// Runs functions for the first time, side by side.
    fn run(&mut self, ready: &[FunctionKey]) {
        self.solver.begin(ready);
        let world = self.solver.world;
        let known = self.solver.known_of(Usable::Marked(&self.done));
        let found: Vec<Summary> =
            ready.par_iter().with_max_len(4).map(|key| run(world, known, *key)).collect();
        for (key, summary) in ready.iter().zip(found) {
            if let Some(slot) = self.solver.summaries.get_mut(key.0 as usize) {
                *slot = Arc::new(summary);
            }
            self.solver.note_callees(*key);
        }
        self.leave(ready);
        let all_done = |key: &&FunctionKey| {
            self.solver.callees_of(**key).iter().all(|callee| self.is_done(*callee))
        };
        let (done, open): (Vec<_>, Vec<_>) = ready.iter().partition(all_done);
        self.open.extend(open);
        self.finish(&done);
    }

    /// Shows those that come later what functions leave in attributes.
    fn leave(&mut self, functions: &[FunctionKey]) {
        let Solver { attributes, summaries, turn, .. } = &mut self.solver;
        for key in functions {
            if let Some(summary) = summaries.get(key.0 as usize) {
                attributes.join(&summary.attributes, *turn);
            }
        }
    }

    fn finish(&mut self, done: &[FunctionKey]) {
        for key in done {
            if let Some(slot) = self.done.get_mut(key.0 as usize) {
                *slot = true;
            }
        }
    }

    /// Runs open functions again that call nothing any more but what is done, and each other; whether there were
    /// any.
    fn again(&mut self) -> bool {
        if self.open.is_empty() {
            return false;
        }
        self.open.sort_unstable();
        let waves = order::waves(&self.open, |key| self.solver.callees_of(key));
        let mut any = false;
        for wave in waves {
            let ready = wave.into_iter().filter(|circle| self.is_ready(circle));
            let mut ready: Vec<FunctionKey> = ready.flatten().collect();
            ready.sort_unstable();
            if ready.is_empty() {
                continue;
            }
            any = true;
            self.solver.settle(ready.clone());
            self.leave(&ready);
            self.look_at(ready);
        }
        let open = std::mem::take(&mut self.open);
        self.open = open.into_iter().filter(|key| !self.is_done(*key)).collect();
        any
    }

    /// Whether functions that call each other call nothing else but what is done.
    fn is_ready(&self, circle: &[FunctionKey]) -> bool {
        let mut callees = circle.iter().flat_map(|key| self.solver.callees_of(*key));
        callees.all(|callee| self.is_done(*callee) || circle.binary_search(callee).is_ok())
    }

    /// Notes which functions are done, now that they were run again.
    fn look_at(&mut self, functions: Vec<FunctionKey>) {
        let mut done = Vec::new();
        for key in functions {
            let more = self.solver.note_callees(key);
            let at = key.0 as usize;
            let Some((turns, stale)) = self.turns.get_mut(at).zip(self.stale.get_mut(at)) else {
                continue;
            };
            *turns = turns.saturating_add(1);
            if !more || *turns >= MOST_TURNS {
                // A circle that has not come to rest goes on from where it is, with what others left by then.
                let cut = self.solver.summaries.get(at).is_some_and(|summary| summary.cut);
                *stale = more || cut;
                done.push(key);
            }
        }
        self.finish(&done);
    }
}
