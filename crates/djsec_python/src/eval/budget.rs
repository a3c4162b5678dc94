//! How much work an evaluation may do, and what happens when that runs out.

use djsec_base::Span;

use super::{Fact, Interp, NsId};

/// Operations on conditions that cost as much as a step. (Most steps take none.)
const WORK_OF_A_STEP: u64 = 16;

impl Interp<'_> {
    pub(super) fn step(&mut self, span: Span) -> bool {
        self.steps += 1 + self.worlds.spend() / WORK_OF_A_STEP;
        if self.steps > self.limit {
            self.exhaust("steps", span);
        }
        !self.exhausted
    }

    /// A loop ends early: what follows is evaluated, but more may have been set.
    pub(super) fn cut_short(&mut self, what: &'static str, span: Span) {
        let fact = Fact::Budget { what, span };
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
        self.cut_short = true;
    }

    pub(super) fn exhaust(&mut self, what: &'static str, span: Span) {
        if !self.exhausted {
            self.exhausted = true;
            self.facts.push(Fact::Budget { what, span });
        }
    }

    /// Executes a module with half of the steps that are left, so that one which tries itself out when it is imported
    /// does not cost what imports it; in a long chain of imports an eighth of all is left to each. Where these run out,
    /// the module may hold more than it is known to.
    pub(super) fn within_a_share(&mut self, ns: NsId, run: impl FnOnce(&mut Self)) {
        let (outer, before) = (self.limit, self.exhausted);
        if !self.frames.is_empty() {
            let half = outer.saturating_sub(self.steps) / 2;
            self.limit = outer.min(self.steps + half.max(self.budget.steps / 8));
        }
        run(self);
        if self.exhausted && !before && self.steps > self.limit && self.steps < outer {
            self.exhausted = false;
            if let Some(space) = self.namespace_mut(ns) {
                space.open = true;
            }
        }
        self.limit = outer;
    }
}
