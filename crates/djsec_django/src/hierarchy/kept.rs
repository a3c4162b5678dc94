//! Answers that are asked for again and again, kept for all threads.

use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, PoisonError, RwLock};

use djsec_python::code::{ClassId, ExprId, FunctionId};
use djsec_python::{ModuleId, Program, QualifiedName};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::body::Bound;
use super::{Attribute, AttributeValue, KnownValue};

const SHARDS: usize = 16;

/// Answers by two questions: a class or module, and a text in it. Asking makes no copy of either.
#[derive(Debug)]
struct ByTwo<K, V>([RwLock<FxHashMap<K, ByText<V>>>; SHARDS]);

type ByText<V> = FxHashMap<Box<str>, V>;

impl<K, V> Default for ByTwo<K, V> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| RwLock::default()))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> ByTwo<K, V> {
    fn get_or(&self, first: &K, second: &str, answer: impl FnOnce() -> V) -> V {
        let Some(shard) = self.0.get(shard_of(first)) else { return answer() };
        {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = shard.get(first).and_then(|all| all.get(second)) {
                return kept.clone();
            }
        }
        // Two threads may work it out both: they find the same. No lock is held meanwhile, as the
        // answer may ask for others.
        let found = answer();
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.entry(first.clone()).or_default().insert(second.into(), found.clone());
        found
    }
}

fn shard_of(question: &impl Hash) -> usize {
    usize::try_from(FxBuildHasher.hash_one(question) >> 32).unwrap_or_default() % SHARDS
}

/// An attribute without the code that it stands in, so that it may be kept beside it.
#[derive(Debug, Clone)]
struct KeptAttribute {
    owner: QualifiedName,
    value: KeptValue,
}

#[derive(Debug, Clone, Copy)]
enum KeptValue {
    Assigned(ModuleId, ExprId),
    Method(ModuleId, FunctionId),
    Class(ModuleId, ClassId),
    Known(&'static KnownValue),
    KnownMethod,
    Unseen,
}

impl KeptAttribute {
    fn of(attribute: Attribute<'_>) -> Self {
        let value = match attribute.value {
            AttributeValue::Assigned(module, _, id) => KeptValue::Assigned(module, id),
            AttributeValue::Method(module, _, id) => KeptValue::Method(module, id),
            AttributeValue::Class(module, _, id) => KeptValue::Class(module, id),
            AttributeValue::Known(value) => KeptValue::Known(value),
            AttributeValue::KnownMethod => KeptValue::KnownMethod,
            AttributeValue::Unseen => KeptValue::Unseen,
        };
        Self { owner: attribute.owner, value }
    }

    fn restore(self, program: &Program) -> Option<Attribute<'_>> {
        let value = match self.value {
            KeptValue::Assigned(module, id) => {
                AttributeValue::Assigned(module, program.code(module)?, id)
            }
            KeptValue::Method(module, id) => {
                AttributeValue::Method(module, program.code(module)?, id)
            }
            KeptValue::Class(module, id) => {
                AttributeValue::Class(module, program.code(module)?, id)
            }
            KeptValue::Known(value) => AttributeValue::Known(value),
            KeptValue::KnownMethod => AttributeValue::KnownMethod,
            KeptValue::Unseen => AttributeValue::Unseen,
        };
        Some(Attribute { owner: self.owner, value })
    }
}

/// What has been asked of a hierarchy so far.
#[derive(Debug, Default)]
pub(super) struct Answers {
    attributes: ByTwo<QualifiedName, Option<KeptAttribute>>,
    canonical: ByTwo<(), Option<Arc<str>>>,
    bodies: [RwLock<FxHashMap<QualifiedName, Option<Arc<Body>>>>; SHARDS],
}

/// What the body of a class binds.
pub(super) type Body = FxHashMap<Box<str>, Bound>;

impl Answers {
    /// What the body of a class of the project binds, found by `find` when it is asked for the first
    /// time; absent where its code is not kept.
    pub(super) fn body(
        &self,
        class: &QualifiedName,
        find: impl FnOnce() -> Option<Body>,
    ) -> Option<Arc<Body>> {
        let shard = self.bodies.get(shard_of(class))?;
        {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = shard.get(class) {
                return known.clone();
            }
        }
        let found = find().map(Arc::new);
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.entry(class.clone()).or_insert(found).clone()
    }

    /// What a class has under a name, found by `find` when it is asked for the first time.
    pub(super) fn attribute<'a>(
        &self,
        program: &'a Program,
        (class, name): (&QualifiedName, &str),
        find: impl FnOnce() -> Option<Attribute<'a>>,
    ) -> Option<Attribute<'a>> {
        let keep = || find().map(KeptAttribute::of);
        self.attributes.get_or(class, name, keep)?.restore(program)
    }

    /// The name of a package's definition; absent where it is the name itself.
    pub(super) fn canonical(
        &self,
        name: &str,
        find: impl FnOnce() -> Option<Arc<str>>,
    ) -> Option<Arc<str>> {
        self.canonical.get_or(&(), name, find)
    }
}
