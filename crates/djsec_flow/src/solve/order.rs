//! In which order functions are run: those that are called before those that call them.

use rustc_hash::FxHashMap;

use super::guess::Guess;
use crate::index::FunctionKey;

/// Functions by how deep the calls below them go. Functions that call each other in a circle stand in
/// one level; everything else that a function calls stands in a level before its own.
pub(super) fn levels(callees: &[Vec<FunctionKey>]) -> Vec<Vec<FunctionKey>> {
    let mut levels = Levels::new(callees.len());
    for component in components(callees) {
        levels.put(&component, |key| of(callees, key));
    }
    levels.finish()
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
            levels.put(&[key], |key| of(&all, key));
        }
    }
    let of = levels.of.clone();
    Guessed { of, order: levels.finish() }
}

/// Some functions (in order) in levels, those that call each other together.
pub(super) fn waves<'c>(
    functions: &[FunctionKey],
    callees: impl Fn(FunctionKey) -> &'c [FunctionKey],
) -> Vec<Vec<Vec<FunctionKey>>> {
    let mut level_of: FxHashMap<FunctionKey, usize> = FxHashMap::default();
    let mut waves: Vec<Vec<Vec<FunctionKey>>> = Vec::new();
    for circle in circles(functions, &callees) {
        let called = circle.iter().flat_map(|key| callees(*key));
        let below = called.filter_map(|callee| level_of.get(callee).copied()).max();
        let level = below.map_or(0, |below| below + 1);
        level_of.extend(circle.iter().map(|key| (*key, level)));
        if waves.len() <= level {
            waves.resize_with(level + 1, Vec::new);
        }
        if let Some(wave) = waves.get_mut(level) {
            wave.push(circle);
        }
    }
    waves
}

/// The circles among some functions, in order; what calls nothing among them that calls it is a circle of its own.
fn circles<'c>(
    functions: &[FunctionKey],
    callees: impl Fn(FunctionKey) -> &'c [FunctionKey],
) -> Vec<Vec<FunctionKey>> {
    let at: FxHashMap<FunctionKey, u32> = functions.iter().copied().zip(0..).collect();
    let among = |key: &FunctionKey| {
        let callees = callees(*key).iter();
        callees.filter_map(|callee| at.get(callee).copied().map(FunctionKey)).collect()
    };
    let within: Vec<Vec<FunctionKey>> = functions.iter().map(among).collect();
    let found = components(&within).into_iter();
    let keys = |circle: Vec<FunctionKey>| {
        circle.iter().filter_map(|place| functions.get(place.0 as usize).copied()).collect()
    };
    found.map(keys).collect()
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
    circles(&circle, named).into_iter().flatten().collect()
}

/// Levels being made, from the lowest one up.
struct Levels {
    /// Of each function that has one already.
    of: Vec<Option<usize>>,
    order: Vec<Vec<FunctionKey>>,
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
        functions: &[FunctionKey],
        callees: impl Fn(FunctionKey) -> &'c [FunctionKey],
    ) {
        let called = functions.iter().flat_map(|key| callees(*key));
        let below = called.filter_map(|callee| self.level(*callee)).max();
        let level = below.map_or(0, |below| below + 1);
        for key in functions {
            if let Some(slot) = self.of.get_mut(key.0 as usize) {
                *slot = Some(level);
            }
        }
        if self.order.len() <= level {
            self.order.resize_with(level + 1, Vec::new);
        }
        if let Some(slot) = self.order.get_mut(level) {
            slot.extend_from_slice(functions);
        }
    }

    fn finish(mut self) -> Vec<Vec<FunctionKey>> {
        for level in &mut self.order {
            level.sort_unstable();
        }
        self.order
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
