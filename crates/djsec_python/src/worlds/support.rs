//! What a guard depends on.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Atom, Guard, Sym, Worlds, level};

impl Worlds {
    /// The guard in the worlds in which no variable is set.
    pub fn with_nothing_set(&mut self, guard: Guard) -> Guard {
        let mut out = guard;
        for id in self.support_ids(guard) {
            let variable = self.atoms.get(id as usize).is_some_and(|a| a.variable().is_some());
            if variable {
                let unset = self.node(level(id), Guard::ALWAYS, Guard::NEVER);
                out = self.and(out, unset);
            }
        }
        out
    }

    /// The atoms a guard depends on, in the order they were met.
    pub fn support(&self, guard: Guard) -> Vec<&Atom> {
        let ids = self.support_ids(guard);
        ids.into_iter().filter_map(|id| self.atoms.get(id as usize)).collect()
    }

    /// The unknown values that are truthy in every world of a guard.
    pub fn truths(&mut self, guard: Guard) -> Vec<Arc<Sym>> {
        let mut asked: Vec<Arc<Sym>> = vec![];
        for atom in self.support(guard) {
            if let Atom::Truthy(sym) = atom {
                asked.push(Arc::clone(sym));
            }
        }
        asked.retain(|sym| {
            let holds = self.atom(Atom::Truthy(Arc::clone(sym)));
            self.within(guard, holds)
        });
        asked
    }

    pub(super) fn support_ids(&self, guard: Guard) -> Vec<u32> {
        self.support_within(guard).0
    }

    /// The atoms of a guard, and how many nodes it has.
    pub(super) fn support_within(&self, guard: Guard) -> (Vec<u32>, usize) {
        let mut seen: FxHashSet<Guard> = FxHashSet::default();
        let mut atoms = vec![];
        let mut stack = vec![guard];
        while let Some(g) = stack.pop() {
            if g.is_always() || g.is_never() || !seen.insert(g) {
                continue;
            }
            let node = self.at(g);
            atoms.push(level(node.level));
            stack.push(node.low);
            stack.push(node.high);
        }
        atoms.sort_unstable();
        atoms.dedup();
        (atoms, seen.len())
    }
}
