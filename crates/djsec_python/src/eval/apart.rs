//! Room for what is evaluated.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Stack for the evaluator: calls and expressions may nest deeply. Virtual, not resident.
const STACK: usize = 256 << 20;

/// Runs what evaluates with room for deep recursion. A crash costs only what `f` would have given.
///
/// On a stack of its own, and on the thread at hand: a new thread would begin with memory of its own, which takes
/// longer to get than the settings of a small project to evaluate.
pub fn apart<T>(f: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(|| stacker::grow(STACK, f))).ok()
}
