//! Answers kept for whoever asks again: from several threads, many times.
//!
//! No lock is held while an answer is worked out, as that may ask for others. Two threads may work out
//! the same one: they find the same.

use std::hash::{BuildHasher, Hash};
use std::sync::{PoisonError, RwLock};

use rustc_hash::{FxBuildHasher, FxHashMap};

const SHARDS: usize = 32;

/// Answers by question.
#[derive(Debug)]
pub struct Kept<K, V>(Shards<FxHashMap<K, V>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Shards::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Kept<K, V> {
    /// The answer, if there is one yet.
    pub fn get(&self, question: &K) -> Option<V> {
        let shard = self.0.of(question)?.read().unwrap_or_else(PoisonError::into_inner);
        shard.get(question).cloned()
    }

    /// Keeps an answer.
    pub fn keep(&self, question: &K, answer: V) {
        if let Some(shard) = self.0.of(question) {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.insert(question.clone(), answer);
        }
    }

    /// The answer, worked out by `find` when it is asked for the first time.
    pub fn get_or(&self, question: &K, find: impl FnOnce() -> V) -> V {
        if let Some(known) = self.get(question) {
            return known;
        }
        let found = find();
        self.keep(question, found.clone());
        found
    }
}

/// Answers by two questions: a class or module, and a text in it. Asking makes no copy of either.
#[derive(Debug)]
pub struct KeptByText<K, V>(Shards<FxHashMap<K, FxHashMap<Box<str>, V>>>);

impl<K, V> Default for KeptByText<K, V> {
    fn default() -> Self {
        Self(Shards::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone> KeptByText<K, V> {
    /// The answer, worked out by `find` when it is asked for the first time.
    pub fn get_or(&self, first: &K, second: &str, find: impl FnOnce() -> V) -> V {
        let Some(shard) = self.0.of(first) else { return find() };
        {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = shard.get(first).and_then(|all| all.get(second)) {
                return kept.clone();
            }
        }
        let found = find();
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.entry(first.clone()).or_default().insert(second.into(), found.clone());
        found
    }
}

/// Parts with a lock each, so that threads seldom wait for each other.
#[derive(Debug)]
struct Shards<T>([RwLock<T>; SHARDS]);

impl<T: Default> Default for Shards<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| RwLock::default()))
    }
}

impl<T> Shards<T> {
    fn of(&self, question: &impl Hash) -> Option<&RwLock<T>> {
        let hash = FxBuildHasher.hash_one(question) >> 40;
        self.0.get(usize::try_from(hash).unwrap_or_default() % SHARDS)
    }
}
