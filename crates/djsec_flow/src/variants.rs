//! Methods as they run for objects of one class: what `self.name()` and `super()` mean in them is known there.

use djsec_python::QualifiedName;
use rustc_hash::FxHashMap;

use crate::index::FunctionKey;

/// A method that more classes than this want for themselves is looked at for all of them together only: what it does
/// by itself is the rule then, and each costs as much as one more function.
const MOST_OF_ONE: usize = 16;

/// The methods of a project that are looked at for one class, with numbers behind those of all functions.
#[derive(Debug, Default)]
pub(crate) struct Variants {
    /// How many functions there are.
    functions: u32,
    all: Vec<(FunctionKey, QualifiedName)>,
    of: FxHashMap<FunctionKey, Vec<(QualifiedName, FunctionKey)>>,
}

impl Variants {
    pub(crate) fn new(functions: usize) -> Self {
        Self { functions: u32::try_from(functions).unwrap_or(u32::MAX), ..Self::default() }
    }

    /// A method for one class.
    pub(crate) fn get(&self, method: FunctionKey, class: &QualifiedName) -> Option<FunctionKey> {
        let of = self.of.get(&method)?;
        of.iter().find(|(known, _)| known == class).map(|(_, key)| *key)
    }

    /// What a number stands for: a method, and the class for which it is looked at.
    pub(crate) fn behind(&self, key: FunctionKey) -> Option<&(FunctionKey, QualifiedName)> {
        self.all.get(key.0.checked_sub(self.functions)? as usize)
    }

    /// Whether a method may be looked at for so many classes more.
    pub(crate) fn has_room(&self, method: FunctionKey, more: usize) -> bool {
        self.of.get(&method).map_or(0, Vec::len).saturating_add(more) <= MOST_OF_ONE
    }

    /// The number of a method for one more class, if there is room for it. At most one in four functions is looked
    /// at once more.
    pub(crate) fn add(
        &mut self,
        method: FunctionKey,
        class: &QualifiedName,
    ) -> Option<FunctionKey> {
        let number = u32::try_from(self.all.len()).ok()?;
        let of = self.of.entry(method).or_default();
        if number > self.functions / 4 + 64 {
            return None;
        }
        let key = FunctionKey(self.functions.checked_add(number)?);
        of.push((class.clone(), key));
        self.all.push((method, class.clone()));
        Some(key)
    }
}
