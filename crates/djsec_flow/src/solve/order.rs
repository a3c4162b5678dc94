//! In which order functions are run: those that are called before those that call them.

use rustc_hash::FxHashMap;

use super::guess::Guess;
use crate::index::FunctionKey;

/// Functions by how deep the calls below them go. Functions that call each other in a circle stand in
/// one level; everything else that a function calls stands in a level before its own.
pub(super) fn levels(callees: &[Vec<FunctionKey>]) -> Vec<Vec<FunctionKey>> {
    let mut levels = Levels::new(callees.len());
    for component in components(callees) {
        levels.put(component, |key| of(callees, key));
    }
    levels.flat()
}

/// Functions in levels by what they seem to call.
pub(super) struct Guessed {
    of: Vec<Option<usize>>,
    pub(super) order: Vec<Vec<FunctionKey>>,
}

impl Guessed {
    /// Whether a function stands in a level before that of another.
    pub(super) fn is_before(&self, key: FunctionKey, other: FunctionKey) -> bool {
        let level = |key: FunctionKey| self.of.get(key.0 as usize).copied().flatten();
        level(key) < level(other)
    }
}

/// As [`levels`], by guesses. Where functions seem to call each other in a circle, what may be meant by the name
/// of a method alone is what is wrong, most often: then those come first that others name.
pub(super) fn guessed(guesses: &[Guess]) -> Guessed {
    let all: Vec<Vec<FunctionKey>> = guesses.iter().map(|guess| guess.all().collect()).collect();
    let mut levels = Levels::new(guesses.len());
    for component in components(&all) {
        for key in untangled(guesses, component) {
            levels.put(vec![key], |key| of(&all, key));
        }
    }
    let of = levels.of.clone();
    Guessed { of, order: levels.flat() }
}

/// Some functions (in order) in levels, those that call each other together.
pub(super) fn waves<'c>(
    functions: &[FunctionKey],
    callees: impl Fn(FunctionKey) -> &'c [FunctionKey],
) -> Vec<Vec<Vec<FunctionKey>>> {
    let within = among(functions, callees);
    let mut levels = Levels::new(functions.len());
    for circle in components(&within) {
        levels.put(circle, |place| of(&within, place));
    }
    let named = |circle: &Vec<FunctionKey>| at_places(functions, circle);
    levels.order.iter().map(|level| level.iter().map(named).collect()).collect()
}

/// What some functions call among themselves, by their places.
fn among<'c>(
    functions: &[FunctionKey],
    callees: impl Fn(FunctionKey) -> &'c [FunctionKey],
) -> Vec<Vec<FunctionKey>> {
    let at: FxHashMap<FunctionKey, u32> = functions.iter().copied().zip(0..).collect();
    let among = |key: &FunctionKey| {
        let callees = callees(*key).iter();
        callees.filter_map(|callee| at.get(callee).copied().map(FunctionKey)).collect()
    };
    functions.iter().map(among).collect()
}

fn at_places(functions: &[FunctionKey], places: &[FunctionKey]) -> Vec<FunctionKey> {
    places.iter().filter_map(|place| functions.get(place.0 as usize).copied()).collect()
}

fn of(callees: &[Vec<FunctionKey>], key: FunctionKey) -> &[FunctionKey] {
    callees.get(key.0 as usize).map_or(&[], Vec::as_slice)
}

/// The functions of a circle, in the order of what they name.
fn untangled(guesses: &[Guess], circle: Vec<FunctionKey>) -> Vec<FunctionKey> {
    if circle.len() == 1 {
        return circle;
    }
    let named = |key: FunctionKey| {
        guesses.get(key.0 as usize).map_or(&[][..], |guess| guess.named.as_slice())
    };
    let order = components(&among(&circle, named)).concat();
    at_places(&circle, &order)
}

/// Levels being made, from the lowest one up.
struct Levels {
    /// Of each function that has one already.
    of: Vec<Option<usize>>,
    /// Functions that were put in together stay together.
    order: Vec<Vec<Vec<FunctionKey>>>,
}

impl Levels {
    fn new(count: usize) -> Self {
        Self { of: vec![None; count], order: Vec::new() }
    }

    fn level(&self, key: FunctionKey) -> Option<usize> {
        self.of.get(key.0 as usize).copied().flatten()
    }

    /// Puts functions into the level above all that they call, as far as that has one.
    fn put<'c>(
        &mut self,
        functions: Vec<FunctionKey>,
        callees: impl Fn(FunctionKey) -> &'c [FunctionKey],
    ) {
        let called = functions.iter().flat_map(|key| callees(*key));
        let below = called.filter_map(|callee| self.level(*callee)).max();
        let level = below.map_or(0, |below| below + 1);
        for key in &functions {
            if let Some(slot) = self.of.get_mut(key.0 as usize) {
                *slot = Some(level);
            }
        }
        if self.order.len() <= level {
            self.order.resize_with(level + 1, Vec::new);
        }
        if let Some(slot) = self.order.get_mut(level) {
            slot.push(functions);
        }
    }

    /// The functions of each level, in order.
    fn flat(self) -> Vec<Vec<FunctionKey>> {
        let flat = |level: Vec<Vec<FunctionKey>>| {
            let mut all = level.concat();
            all.sort_unstable();
            all
        };
        self.order.into_iter().map(flat).collect()
    }
}

/// Tarjan's strongly connected components, callees before callers. Its own stack, as calls may go deep.
fn components(callees: &[Vec<FunctionKey>]) -> Vec<Vec<FunctionKey>> {
    const NEW: u32 = u32::MAX;
    let count = callees.len();
    let mut number = vec![NEW; count];
    let mut low = vec![NEW; count];
    let mut on_stack = vec![false; count];
    let mut stack: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut next = 0_u32;
    for start in 0..count {
        if number.get(start) != Some(&NEW) {
            continue;
        }
        let mut work: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((at, child)) = work.pop() {
            if child == 0 {
                set(&mut number, at, next);
                set(&mut low, at, next);
                next += 1;
                stack.push(at);
                set(&mut on_stack, at, true);
            }
            let callee = callees.get(at).and_then(|all| all.get(child));
            if let Some(callee) = callee {
                let to = callee.0 as usize;
                work.push((at, child + 1));
                if number.get(to) == Some(&NEW) {
                    work.push((to, 0));
                } else if on_stack.get(to) == Some(&true) {
                    lower(&mut low, at, number.get(to).copied());
                }
                continue;
            }
            if low.get(at) == number.get(at) {
                let mut component = Vec::new();
                while let Some(top) = stack.pop() {
                    set(&mut on_stack, top, false);
                    component.push(FunctionKey(u32::try_from(top).unwrap_or(u32::MAX)));
                    if top == at {
                        break;
                    }
                }
                component.sort_unstable();
                found.push(component);
            }
            if let Some((parent, _)) = work.last() {
                let own = low.get(at).copied();
                lower(&mut low, *parent, own);
            }
        }
    }
    found
}

fn set<T>(all: &mut [T], at: usize, value: T) {
    if let Some(slot) = all.get_mut(at) {
        *slot = value;
    }
}

fn lower(low: &mut [u32], at: usize, other: Option<u32>) {
    if let (Some(slot), Some(other)) = (low.get_mut(at), other) {
        *slot = (*slot).min(other);
    }
}

#[cfg(test)]
mod tests;
