//! What one method leaves on instances, classes and modules for others.

use std::sync::Arc;

use djsec_python::QualifiedName;
use rustc_hash::FxHashMap;

use crate::value::Value;

/// What attributes hold, as far as methods put untrusted data there.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    /// By the attribute's name first: it is asked for with every attribute that is read, and most have none.
    held: FxHashMap<Arc<str>, FxHashMap<QualifiedName, Left>>,
    /// Those that are there, in the order in which they came.
    names: Vec<(QualifiedName, Arc<str>)>,
}

/// What an attribute holds.
#[derive(Debug)]
struct Left {
    /// Nothing, where it turned out that nobody puts anything there.
    value: Option<Value>,
    /// The turn in which that was found.
    since: u32,
}

impl Attributes {
    pub(crate) fn get(&self, class: &QualifiedName, name: &str) -> Option<&Value> {
        self.left(class, name)?.value.as_ref()
    }

    fn left(&self, class: &QualifiedName, name: &str) -> Option<&Left> {
        self.held.get(name)?.get(class)
    }

    /// Whether an attribute changed in this turn or after it.
    pub(crate) fn changed(&self, class: &QualifiedName, name: &str, turn: u32) -> bool {
        self.left(class, name).is_some_and(|left| left.since >= turn)
    }

    /// Whether an attribute of that name changed in this turn or after it, whatever class it is of.
    pub(crate) fn changed_somewhere(&self, name: &str, turn: u32) -> bool {
        self.held.get(name).is_some_and(|of| of.values().any(|left| left.since >= turn))
    }

    /// Puts more into attributes.
    pub(crate) fn join(&mut self, written: &[(QualifiedName, Arc<str>, Value)], turn: u32) {
        for (class, name, value) in written {
            let left = self.entry(class, name, turn);
            let mut more = left.value.clone().unwrap_or_default();
            more.join(value);
            if left.value.as_ref() != Some(&more) {
                *left = Left { value: Some(more), since: turn };
            }
        }
    }

    fn entry(&mut self, class: &QualifiedName, name: &Arc<str>, turn: u32) -> &mut Left {
        let names = &mut self.names;
        let classes = self.held.entry(Arc::clone(name)).or_default();
        classes.entry(class.clone()).or_insert_with(|| {
            names.push((class.clone(), Arc::clone(name)));
            Left { value: None, since: turn }
        })
    }

    /// Takes over what is known, with the turn for what is not as it was.
    pub(crate) fn become_these(&mut self, mut new: Self, turn: u32) {
        let before = std::mem::take(self);
        for (class, name) in &before.names {
            let Some(before) = before.left(class, name) else { continue };
            let left = new.entry(class, name, turn);
            left.since = if left.value == before.value { before.since } else { turn };
        }
        *self = new;
    }
}
