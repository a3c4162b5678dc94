//! Conditions on settings: in which worlds something holds, and in which it may.

use std::ops::{BitAnd, BitOr, Not};

use djsec_python::worlds::Guard;

use super::Settings;

/// A three-valued condition: it surely holds in `yes`, and cannot hold outside `maybe`.
#[derive(Clone, Copy)]
pub struct Cond<'a> {
    pub(super) settings: &'a Settings,
    /// Worlds in which it holds.
    pub yes: Guard,
    /// Worlds in which it holds or is not known; a superset of `yes`.
    pub maybe: Guard,
}

impl std::fmt::Debug for Cond<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cond({:?}, {:?})", self.yes, self.maybe)
    }
}

impl<'a> Cond<'a> {
    /// A condition with these worlds.
    pub fn new(settings: &'a Settings, yes: Guard, maybe: Guard) -> Self {
        Self { settings, yes, maybe }
    }

    /// Whether it cannot hold in any reachable world.
    pub fn is_never(self) -> bool {
        self.settings.with_worlds(|worlds| {
            let reach = worlds.and(self.maybe, self.settings.production);
            worlds.impossible(reach)
        })
    }

    /// Whether it holds in every reachable world.
    pub fn is_always(self) -> bool {
        (!self).is_never()
    }

    /// Whether it surely holds, or surely does not.
    pub fn certain(self) -> Option<bool> {
        match (self.surely().is_always(), self.is_never()) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }

    /// Only what surely holds; the unknown rest counts as "no".
    #[must_use]
    pub fn surely(self) -> Self {
        Self { maybe: self.yes, ..self }
    }

    /// The unknown rest counts as "yes".
    #[must_use]
    pub fn possibly(self) -> Self {
        Self { yes: self.maybe, ..self }
    }
}

impl BitAnd for Cond<'_> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.settings.with_worlds(|worlds| Self {
            yes: worlds.and(self.yes, other.yes),
            maybe: worlds.and(self.maybe, other.maybe),
            ..self
        })
    }
}

impl BitOr for Cond<'_> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.settings.with_worlds(|worlds| Self {
            yes: worlds.or(self.yes, other.yes),
            maybe: worlds.or(self.maybe, other.maybe),
            ..self
        })
    }
}

impl Not for Cond<'_> {
    type Output = Self;

    fn not(self) -> Self {
        self.settings.with_worlds(|worlds| Self {
            yes: worlds.not(self.maybe),
            maybe: worlds.not(self.yes),
            ..self
        })
    }
}
