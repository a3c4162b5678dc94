//! Sets of origins and names of functions, shared until one of their holders changes them: they are
//! copied at every branch and with every value, and rarely changed.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;
use std::slice;
use std::sync::Arc;

use djsec_python::code::Symbol;

use super::value::{Origin, Value};

/// Everything that a value comes from, in order, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Origins(Set);

/// Nearly every value comes from one thing or from nothing, which needs no memory of its own. `Many`
/// holds at least two, so that equal sets look the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Set {
    #[default]
    Nothing,
    One(Origin),
    Many(Rc<Vec<Origin>>),
}

impl Origins {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn insert(&mut self, origin: Origin) {
        let Err(at) = self.binary_search(&origin) else { return };
        match &mut self.0 {
            Set::Nothing => self.0 = Set::One(origin),
            Set::One(known) => {
                let both =
                    if at == 0 { vec![origin, known.clone()] } else { vec![known.clone(), origin] };
                self.0 = Set::Many(Rc::new(both));
            }
            Set::Many(all) => Rc::make_mut(all).insert(at, origin),
        }
    }

    /// Adds what another value comes from.
    pub(super) fn merge(&mut self, other: &Self) {
        match (&self.0, &other.0) {
            (_, Set::Nothing) => {}
            (Set::Nothing, _) => self.clone_from(other),
            (Set::Many(mine), Set::Many(theirs)) if Rc::ptr_eq(mine, theirs) => {}
            _ => {
                for origin in other.iter() {
                    if self.binary_search(origin).is_err() {
                        self.insert(origin.clone());
                    }
                }
            }
        }
    }
}

impl Deref for Origins {
    type Target = [Origin];

    fn deref(&self) -> &Self::Target {
        match &self.0 {
            Set::Nothing => &[],
            Set::One(origin) => slice::from_ref(origin),
            Set::Many(all) => all,
        }
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
        Self(Set::One(origin))
    }
}

/// The names of a function, as its module numbers them; in the order of these numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Env(Rc<Vec<(Symbol, Value)>>);

impl Env {
    pub(super) fn new() -> Self {
        Self::default()
    }

    fn find(&self, name: Symbol) -> Result<usize, usize> {
        self.0.binary_search_by_key(&name, |(known, _)| *known)
    }

    pub(super) fn get(&self, name: Symbol) -> Option<&Value> {
        self.find(name).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    pub(super) fn insert(&mut self, name: Symbol, value: Value) {
        let found = self.find(name);
        let all = Rc::make_mut(&mut self.0);
        match found {
            Ok(at) => {
                if let Some((_, slot)) = all.get_mut(at) {
                    *slot = value;
                }
            }
            Err(at) => all.insert(at, (name, value)),
        }
    }

    pub(super) fn iter(&self) -> slice::Iter<'_, (Symbol, Value)> {
        self.0.iter()
    }

    /// Whether both are the same without looking: nothing was set since one was copied.
    pub(super) fn is_untouched(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What stands on an object, by the names of its attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Heap(Rc<BTreeMap<Arc<str>, Value>>);

impl Heap {
    pub(super) fn insert(&mut self, name: Arc<str>, value: Value) {
        Rc::make_mut(&mut self.0).insert(name, value);
    }
}

impl Deref for Heap {
    type Target = BTreeMap<Arc<str>, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
