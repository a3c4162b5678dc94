//! Room for what is evaluated.

/// Stack for the evaluator: calls and expressions may nest deeply. Virtual, not resident.
const STACK: usize = 256 << 20;

/// Runs what evaluates on a thread with room for deep recursion. A crash costs only what `f` would have
/// given.
pub fn apart<T: Send>(f: impl FnOnce() -> T + Send) -> Option<T> {
    let ended = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, f).map(std::thread::ScopedJoinHandle::join)
    });
    ended.ok()?.ok()
}
