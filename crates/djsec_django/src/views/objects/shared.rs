//! Sets of origins and names of functions, shared until one of their holders changes them: they are
//! copied at every branch and with every value, and rarely changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use super::value::{Origin, Value};

static NONE: BTreeSet<Origin> = BTreeSet::new();

/// Everything that a value comes from. Absent means empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Origins(Option<Rc<BTreeSet<Origin>>>);

impl Origins {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn insert(&mut self, origin: Origin) {
        if !self.contains(&origin) {
            Rc::make_mut(self.0.get_or_insert_default()).insert(origin);
        }
    }

    /// Adds what another value comes from.
    pub(super) fn merge(&mut self, other: &Self) {
        match (&self.0, &other.0) {
            (None, _) => self.0.clone_from(&other.0),
            (Some(mine), Some(theirs)) if !Rc::ptr_eq(mine, theirs) => {
                self.extend(theirs.iter().cloned());
            }
            _ => {}
        }
    }
}

impl Deref for Origins {
    type Target = BTreeSet<Origin>;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl Extend<Origin> for Origins {
    fn extend<T: IntoIterator<Item = Origin>>(&mut self, origins: T) {
        for origin in origins {
            self.insert(origin);
        }
    }
}

impl FromIterator<Origin> for Origins {
    fn from_iter<T: IntoIterator<Item = Origin>>(origins: T) -> Self {
        let mut all = Self::new();
        all.extend(origins);
        all
    }
}

impl From<Origin> for Origins {
    fn from(origin: Origin) -> Self {
        Self(Some(Rc::new(BTreeSet::from([origin]))))
    }
}

/// The names of a function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Env(Rc<BTreeMap<Arc<str>, Value>>);

impl Env {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn insert(&mut self, name: Arc<str>, value: Value) {
        Rc::make_mut(&mut self.0).insert(name, value);
    }

    /// Whether both are the same without looking: nothing was set since one was copied.
    pub(super) fn is_untouched(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Env {
    type Target = BTreeMap<Arc<str>, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
