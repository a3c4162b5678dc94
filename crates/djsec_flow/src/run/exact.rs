//! Objects of which the class is known, and none derived from it: which methods run is known of them, in the methods
//! of their bases, too.

use std::sync::Arc;

use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use crate::args::Given;
use crate::index::FunctionKey;
use crate::summary::{CLASS, Split};
use crate::value::{EXACT, Value, What};

/// The class of an object, if it is one of the project: `type(self)`, `self.__class__`.
pub(super) fn class_of(object: &Value) -> Option<Value> {
    let What::Instance(class @ QualifiedName::Project(..)) = &object.what else { return None };
    let class = Value::of(What::Name(class.clone()));
    Some(match object.known_field(EXACT) {
        Some(exact) => class.with_field(EXACT, exact.clone()),
        None => class,
    })
}

impl Run<'_, '_> {
    /// Marks an object, or a class, that is not one of those derived from what it is. Where nothing is derived
    /// from that, nobody asks.
    pub(super) fn exact(&self, value: Value) -> Value {
        let (What::Instance(class) | What::Name(class)) = &value.what else { return value };
        if self.world.index.derived(class).is_empty() {
            return value;
        }
        value.with_field(EXACT, Value::of(What::Bool(true)))
    }

    /// The object of the method that is run.
    pub(super) fn exact_object(&self, value: Value) -> Value {
        if self.exactly.is_some() { self.exact(value) } else { value }
    }

    /// What a class that is named makes, or is. The class in which a method stands may be the one that it was
    /// called on: `cls()`, `type(self)()`.
    pub(super) fn exact_unless_own(&mut self, class: &QualifiedName, value: Value) -> Value {
        if Some(class) == self.owner.as_ref() && self.exactly.is_none() {
            self.out.splits(Split { name: Arc::from(CLASS), behind: None });
            return value;
        }
        self.exact(value)
    }

    /// Whether objects of a class are what the method that is run is called on.
    pub(super) fn is_own(&self, class: &QualifiedName) -> bool {
        Some(class) == self.owner.as_ref() || Some(class) == self.exactly.as_ref()
    }

    /// The class of the project that a value is of, and of none derived from it.
    fn exact_class<'v>(&self, value: &'v Value) -> Option<&'v QualifiedName> {
        let (What::Instance(class) | What::Name(class)) = &value.what else { return None };
        let own = matches!(class, QualifiedName::Project(..));
        let marked = || value.known_field(EXACT).is_some_and(|is| is.what == What::Bool(true));
        (own && (self.world.index.derived(class).is_empty() || marked())).then_some(class)
    }

    /// The methods that a call on a value may run.
    pub(super) fn methods_on(
        &mut self,
        value: &Value,
        class: &QualifiedName,
        name: &str,
    ) -> Vec<(ModuleId, FunctionId)> {
        if self.exact_class(value) == Some(class) {
            return self.own_method(class, name).into_iter().collect();
        }
        self.note_split(class, name);
        self.overrides(class, name)
    }

    /// Remembers that a name was looked up on the object, and that this may mean something else for one of a
    /// class that is derived from the one at hand.
    pub(super) fn note_split(&mut self, class: &QualifiedName, name: &str) {
        if self.exactly.is_none()
            && Some(class) == self.owner.as_ref()
            && self.world.index.varies(class, name)
        {
            self.out.splits(Split { name: Arc::from(name), behind: None });
        }
    }

    /// The same of `super().name`.
    pub(super) fn note_split_behind(&mut self, owner: &QualifiedName, name: &str) {
        if self.exactly.is_none() {
            self.out.splits(Split { name: Arc::from(name), behind: Some(owner.clone()) });
        }
    }

    /// A method as it runs for the object that it is called on, if that depends on the class, and this is known.
    pub(super) fn for_class(&mut self, key: FunctionKey, on: Option<&Given>) -> FunctionKey {
        let Some(on) = on else { return key };
        let Some(summary) = self.known.summary(key).filter(|found| !found.splits.is_empty()) else {
            return key;
        };
        let Some(class) = self.exact_class(&on.value) else {
            if let What::Instance(class) | What::Name(class) = &on.value.what
                && self.exactly.is_none()
                && Some(class) == self.owner.as_ref()
            {
                for split in &summary.splits {
                    self.out.splits(split.clone());
                }
            }
            return key;
        };
        let Some(variant) = self.known.variants.get(key, class) else {
            self.out.wants(key, class);
            return key;
        };
        self.out.calls(variant);
        if self.known.summary(variant).is_some() { variant } else { key }
    }
}
