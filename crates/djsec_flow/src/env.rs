//! The names of a function while it runs.

use std::rc::Rc;

use djsec_python::code::Symbol;

use crate::value::Value;

/// What names stand for, sorted; names of which nothing is known are left out. Shared until one of its
/// holders changes it, as it is copied at every branch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Env(Rc<Vec<(Symbol, Option<Value>)>>);

impl Env {
    /// What a name stands for. `Some(None)`: it is a name of the function, of whose value nothing is
    /// known; `None`: it is no name of the function.
    pub(crate) fn get(&self, name: Symbol) -> Option<Option<&Value>> {
        let at = self.0.binary_search_by_key(&name, |(known, _)| *known).ok()?;
        self.0.get(at).map(|(_, value)| value.as_ref())
    }

    pub(crate) fn set(&mut self, name: Symbol, value: Value) {
        let value = (!value.is_plain()).then_some(value);
        match self.0.binary_search_by_key(&name, |(known, _)| *known) {
            Ok(at) => {
                if let Some(slot) = Rc::make_mut(&mut self.0).get_mut(at) {
                    slot.1 = value;
                }
            }
            Err(at) => Rc::make_mut(&mut self.0).insert(at, (name, value)),
        }
    }

    /// Changes what is untrusted.
    pub(crate) fn change(&mut self, f: impl Fn(&Value) -> Value) {
        for (_, value) in Rc::make_mut(&mut self.0) {
            if let Some(known) = value.as_ref().filter(|known| !known.whole().is_empty()) {
                *value = Some(f(known));
            }
        }
    }

    /// What holds on either of two paths.
    pub(crate) fn join(&mut self, other: &Self) {
        if Rc::ptr_eq(&self.0, &other.0) {
            return;
        }
        for (name, there) in other.0.iter() {
            let Some(there) = there else {
                if self.get(*name).is_none() {
                    self.set(*name, Value::default());
                }
                continue;
            };
            let joined = match self.get(*name) {
                Some(Some(here)) if here == there => continue,
                Some(Some(here)) => {
                    let mut here = here.clone();
                    here.join(there);
                    here
                }
                _ => there.clone(),
            };
            self.set(*name, joined);
        }
    }

    /// Whether any of the names holds untrusted data.
    pub(crate) fn is_tainted(&self) -> bool {
        self.0.iter().any(|(_, value)| value.as_ref().is_some_and(|v| !v.whole().is_empty()))
    }
}
