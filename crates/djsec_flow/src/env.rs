//! The names of a function while it runs, and what conditions said of what they lead to.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::code::Symbol;

use crate::Kinds;
use crate::run::REQUEST;
use crate::taint::{Origin, Proviso};
use crate::value::{Value, What};

/// What names stand for, sorted; names of which nothing is known are left out. Shared until one of its
/// holders changes it, as it is copied at every branch.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Env {
    names: Rc<Vec<(Symbol, Option<Value>)>>,
    learnt: Rc<Vec<Learnt>>,
    /// Names of one and the same thing, each pair once.
    aliases: Rc<Vec<(Symbol, Symbol)>>,
}

/// What is known of something that is reached through a name: `form.data.[q]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Learnt {
    pub(crate) subject: Arc<str>,
    /// As what it can do no harm…
    pub(crate) safe: Kinds,
    /// …or how unsure it is that it can…
    pub(crate) doubt: u8,
    /// …if this can be said of it already.
    pub(crate) needs: Kinds,
}

impl Env {
    /// What a name stands for. `Some(None)`: it is a name of the function, of whose value nothing is
    /// known; `None`: it is no name of the function.
    #[expect(clippy::option_option, reason = "no such name is not the same as nothing known")]
    pub(crate) fn get(&self, name: Symbol) -> Option<Option<&Value>> {
        let at = self.names.binary_search_by_key(&name, |(known, _)| *known).ok()?;
        self.names.get(at).map(|(_, value)| value.as_ref())
    }

    pub(crate) fn set(&mut self, name: Symbol, value: Value) {
        let value = (!value.is_plain()).then_some(value);
        match self.names.binary_search_by_key(&name, |(known, _)| *known) {
            Ok(at) => {
                if let Some(slot) = Rc::make_mut(&mut self.names).get_mut(at) {
                    slot.1 = value;
                }
            }
            Err(at) => Rc::make_mut(&mut self.names).insert(at, (name, value)),
        }
    }

    /// Two names stand for one thing: what is put into it through one is there under the other.
    pub(crate) fn alias(&mut self, one: Symbol, other: Symbol) {
        let pair = (one.min(other), one.max(other));
        if one != other && !self.aliases.contains(&pair) {
            Rc::make_mut(&mut self.aliases).push(pair);
        }
    }

    /// A name stands for something else now.
    pub(crate) fn unalias(&mut self, name: Symbol) {
        let has = |(one, other): &(Symbol, Symbol)| *one == name || *other == name;
        if self.aliases.iter().any(has) {
            Rc::make_mut(&mut self.aliases).retain(|pair| !has(pair));
        }
    }

    /// What a name stands for is changed: so it is under its other names. That something is gone is only
    /// known of the name itself.
    pub(crate) fn change_in_place(&mut self, name: Symbol, value: Value) {
        for (one, other) in Rc::clone(&self.aliases).iter() {
            let other = match name {
                name if name == *one => *other,
                name if name == *other => *one,
                _ => continue,
            };
            let mut both = self.get(other).flatten().cloned().unwrap_or_default();
            both.join(&value);
            self.set(other, both);
        }
        self.set(name, value);
    }

    /// What is known of things that are reached through names.
    pub(crate) fn learnt(&self) -> &[Learnt] {
        &self.learnt
    }

    pub(crate) fn learn(&mut self, learnt: Learnt) {
        if !self.learnt.contains(&learnt) {
            Rc::make_mut(&mut self.learnt).push(learnt);
        }
    }

    /// Something else stands there now: what was known of it, and of what is reached through it, is over.
    pub(crate) fn forget(&mut self, subject: &str) {
        let reached = |through: &str| {
            let rest = through.strip_prefix(subject);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let over = |known: &Learnt| reached(&known.subject);
        if self.learnt.iter().any(over) {
            Rc::make_mut(&mut self.learnt).retain(|known| !over(known));
        }
        // What a check said that was given a name is over, too.
        let told = |value: &Value| match &value.what {
            What::Check(facts) => facts.iter().any(|fact| reached(&fact.subject)),
            _ => false,
        };
        if self.names.iter().any(|(_, value)| value.as_ref().is_some_and(told)) {
            for (_, value) in Rc::make_mut(&mut self.names) {
                if let Some(value) = value
                    && told(value)
                {
                    value.what = What::Unknown;
                }
            }
        }
    }

    /// Changes what is untrusted, where `f` gives something else for it.
    pub(crate) fn change(&mut self, f: impl Fn(&Value) -> Option<Value>) {
        let changed =
            |(at, (_, value)): (usize, &(Symbol, Option<Value>))| Some((at, f(value.as_ref()?)?));
        let changed: Vec<(usize, Value)> =
            self.names.iter().enumerate().filter_map(changed).collect();
        for (at, value) in changed {
            if let Some(slot) = Rc::make_mut(&mut self.names).get_mut(at) {
                slot.1 = (!value.is_plain()).then_some(value);
            }
        }
    }

    /// What holds on either of two paths.
    pub(crate) fn join(&mut self, other: &Self) {
        if !Rc::ptr_eq(&self.learnt, &other.learnt) && !self.learnt.is_empty() {
            Rc::make_mut(&mut self.learnt).retain(|known| other.learnt.contains(known));
        }
        if !Rc::ptr_eq(&self.aliases, &other.aliases) && !self.aliases.is_empty() {
            Rc::make_mut(&mut self.aliases).retain(|pair| other.aliases.contains(pair));
        }
        if Rc::ptr_eq(&self.names, &other.names) {
            return;
        }
        for (name, there) in other.names.iter() {
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

    /// Shows data of which it differs as what it can do no harm on two paths, and what that is: here, there.
    pub(crate) fn differences(
        &self,
        there: &Self,
        mut show: impl FnMut(Symbol, &Origin, Kinds, Kinds),
    ) {
        if Rc::ptr_eq(&self.names, &there.names) {
            return;
        }
        for (name, here) in self.names.iter() {
            let Some(other) = there.get(*name) else { continue };
            if here.as_ref() == other {
                continue;
            }
            let safe = |value: Option<&Value>, origin: &Origin| {
                let labels = value.map(|value| value.taint.labels()).unwrap_or_default();
                labels.iter().find(|label| label.origin == *origin).map_or(Kinds::ALL, |l| l.safe)
            };
            for label in [here.as_ref(), other].into_iter().flatten().flat_map(|v| v.taint.labels())
            {
                let (mine, theirs) =
                    (safe(here.as_ref(), &label.origin), safe(other, &label.origin));
                if mine != theirs && (mine.holds(theirs) || theirs.holds(mine)) {
                    show(*name, &label.origin, mine, theirs);
                }
            }
        }
    }

    /// Notes that a piece of data can do less harm under a condition.
    pub(crate) fn provide(&mut self, name: Symbol, origin: &Origin, proviso: &Arc<Proviso>) {
        let Some(Some(value)) = self.get(name) else { return };
        let taint = value.taint.map(|label| {
            let mut label = label.clone();
            if label.origin == *origin {
                label.proviso = Some(Arc::clone(proviso));
            }
            Some(label)
        });
        let value = Value { taint, ..value.clone() };
        self.set(name, value);
    }

    /// Whether any of the names holds untrusted data, or a request to take it from.
    pub(crate) fn is_open(&self) -> bool {
        let open = |value: &Value| value.what.is_instance_of(REQUEST) || !value.is_clean();
        self.names.iter().any(|(_, value)| value.as_ref().is_some_and(open))
    }
}
