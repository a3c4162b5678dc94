//! What names of modules mean, kept for whoever asks again: from several threads, many times.

use std::hash::BuildHasher;
use std::sync::{PoisonError, RwLock};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::ModuleId;

const SHARDS: usize = 32;

/// Answers to [`crate::Program::resolve`]. Asking makes no copy of the question.
#[derive(Debug)]
pub(crate) struct Kept<V>([RwLock<Shard<V>>; SHARDS]);

type Shard<V> = FxHashMap<ModuleId, FxHashMap<Box<str>, V>>;

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| RwLock::default()))
    }
}

impl<V: Clone> Kept<V> {
    /// What a dotted name means in a module, worked out by `find` when it is asked for the first time.
    pub(crate) fn get_or(&self, module: ModuleId, dotted: &str, find: impl FnOnce() -> V) -> V {
        let Some(shard) = self.0.get(shard_of(module)) else { return find() };
        {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = shard.get(&module).and_then(|names| names.get(dotted)) {
                return kept.clone();
            }
        }
        // Two threads may work it out both: they find the same.
        let found = find();
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.entry(module).or_default().insert(dotted.into(), found.clone());
        found
    }
}

fn shard_of(module: ModuleId) -> usize {
    usize::try_from(FxBuildHasher.hash_one(module) >> 40).unwrap_or_default() % SHARDS
}
