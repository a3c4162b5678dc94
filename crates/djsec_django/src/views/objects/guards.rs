//! Which checks hold for what is done to a row: those that were met before it, on every way that leads there.
//!
//! A row that is looked at on `GET` is not looked at where `POST` changes it, and neither where the client chooses a
//! way around (`if request.GET.get("check"): ensure_owner(row)`), where the check comes after the change, or where
//! somebody catches the exception and goes on.

use std::sync::Arc;

use super::conditions::{About, Raised, Test};
use super::record::Access;
use super::run::Run;
use super::value::{Origin, Origins};
use super::{Check, Operation};
use crate::views::effects::Verbs;

/// Conditions that the client decides are told apart this deep.
const DEEPEST: u8 = 5;

/// A point of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// Counts up.
    pub(super) time: u32,
    /// What the client has chosen.
    chosen: Vec<Choice>,
    /// The methods that get there.
    verbs: Verbs,
    /// The handler that is running.
    handler: Arc<str>,
}

/// A condition that the client decides.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    from: Origins,
    /// What it is compared with, if it is.
    words: Vec<Arc<str>>,
    compared: bool,
    holds: bool,
}

impl Choice {
    /// Whether it says the same of the same, or the opposite.
    fn is_like(&self, other: &Self) -> bool {
        self.from == other.from && self.compared == other.compared && self.words == other.words
    }

    /// Whether another one holds wherever this one does: what is `"edit"` is among `("edit", "remove")`, and not
    /// `"show"`.
    fn implies(&self, other: &Self) -> bool {
        let is_among =
            |some: &Self, all: &Self| some.words.iter().all(|word| all.words.contains(word));
        if self.from != other.from {
            return false;
        }
        if self.is_like(other) {
            return self.holds == other.holds;
        }
        match (self.compared, other.compared, self.holds, other.holds) {
            (true, true, true, true) => is_among(self, other),
            (true, true, true, false) => !self.words.iter().any(|word| other.words.contains(word)),
            (true, true, false, false) => is_among(other, self),
            // What is something is there, and what is not there is nothing.
            (true, false, true, true) | (false, true, false, false) => true,
            _ => false,
        }
    }
}

/// A check that was met, and what it holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guard {
    pub(super) check: Check,
    met: Moment,
    /// The time from which on it does not hold any more: somebody has caught what it raises.
    until: Option<u32>,
    /// What it raises; nothing where it ends the request in another way.
    raises: Option<Raised>,
}

impl Run<'_> {
    /// What is running now.
    pub(super) fn moment(&mut self) -> Moment {
        self.time += 1;
        let mut verbs = self.handled;
        let mut chosen = Vec::new();
        let sent = |origin: &&Origin| **origin != Origin::Constant;
        for test in &self.conditions {
            // What raises for all methods that are left lets nobody get here, and says nothing of who does.
            let left = verbs.and(test.here.verbs);
            if !left.is_empty() || test.raises.is_none() {
                verbs = left;
            }
            // Of several of which one must hold it is not known which does.
            if let About::Choice { compared } = test.about
                && !test.here.optional
            {
                chosen.push(Choice {
                    from: test.from.iter().filter(sent).cloned().collect(),
                    words: test.words.clone(),
                    compared,
                    holds: test.holds,
                });
            }
        }
        Moment { time: self.time, chosen, verbs, handler: Arc::clone(&self.handler) }
    }

    /// A check that is met now. `refusing`: the methods for which it may refuse.
    pub(super) fn guard_now(
        &mut self,
        check: Check,
        refusing: Verbs,
        raises: Option<Raised>,
    ) -> Guard {
        let mut met = self.moment();
        met.verbs = met.verbs.and(refusing);
        Guard { check, met, until: None, raises }
    }

    /// From now on, what was met since a point of time and raises one of these does not hold any more for what was
    /// there before. Gives what these checks were about.
    pub(super) fn swallow(&mut self, since: u32, catches: &dyn Fn(&Raised) -> bool) -> Vec<Test> {
        self.time += 1;
        let now = self.time;
        let over = |guard: &Guard| {
            guard.met.time >= since
                && guard.until.is_none()
                && guard.raises.as_ref().is_some_and(catches)
        };
        let mut tests = Vec::new();
        for (at, access) in self.accesses.iter_mut().enumerate() {
            if access.met.time >= since {
                continue;
            }
            for guard in access.guards.iter_mut().filter(|guard| over(guard)) {
                guard.until = Some(now);
                let from = [Origin::User, Origin::Row(at)];
                tests.push(Test::of(from.into_iter().collect(), guard.check.place));
            }
        }
        for (origin, guard) in self.key_checks.iter_mut().filter(|(_, guard)| over(guard)) {
            guard.until = Some(now);
            let from = [Origin::User, origin.clone()];
            tests.push(Test::of(from.into_iter().collect(), guard.check.place));
        }
        tests
    }
}

impl Guard {
    /// A check that holds whatever happens.
    pub(super) fn at(check: Check, met: &Moment) -> Self {
        let met = Moment { chosen: Vec::new(), verbs: Verbs::ALL, ..met.clone() };
        Self { check, met, until: None, raises: None }
    }

    /// The same, where it may refuse these methods only.
    pub(super) fn of(mut self, refusing: Verbs) -> Self {
        self.met.verbs = refusing;
        self
    }

    /// Another check in its place.
    pub(super) fn with(self, check: Check) -> Self {
        Self { check, ..self }
    }

    /// Whether it was met before, and holds still.
    fn is_before(&self, met: &Moment) -> bool {
        // What runs before the handlers runs before each of them.
        let before = self.met.handler.is_empty() && !met.handler.is_empty();
        (before || (self.met.handler == met.handler && self.met.time <= met.time))
            && self.until.is_none_or(|until| met.time < until)
    }

    /// Whether it is met where something is done to a row that was fetched before.
    fn is_met_for(&self, fetched: &Moment, met: &Moment) -> bool {
        let verbs = fetched.verbs.and(met.verbs);
        let changing = verbs.and(Verbs::WRITING);
        let asked = if changing.is_empty() { verbs } else { changing };
        asked.is_empty() || !self.met.verbs.and(asked).is_empty()
    }

    /// What the client has to choose for it to be met, besides what it has chosen already: there is no row where it
    /// was not fetched.
    fn wants(&self, fetched: &Moment, met: &Moment) -> Vec<Choice> {
        let known = |choice: &&Choice| {
            let mut chosen = fetched.chosen.iter().chain(&met.chosen);
            !chosen.any(|one| one.implies(choice))
        };
        self.met.chosen.iter().filter(known).cloned().collect()
    }
}

/// Whether one of the checks of a row is met on every way that leads to something that is done. What is read may have
/// been fetched before it is looked at.
pub(super) fn hold(row: &Access, done: &Access) -> bool {
    let (met, shown) = (&done.met, row.shown);
    let mut enforced = row.guards.iter().filter(|guard| guard.check.enforced);
    if matches!(done.operation, Operation::Fetch | Operation::List) {
        return enforced
            .any(|guard| guard.until.is_none_or(|until| shown.is_none_or(|shown| shown < until)));
    }
    let wanted: Vec<Vec<Choice>> = enforced
        .filter(|guard| guard.is_before(met) && guard.is_met_for(&row.met, met))
        .map(|guard| guard.wants(&row.met, met))
        .collect();
    is_always(&wanted, DEEPEST)
}

/// Whether one of some lists of choices is made, whatever the client chooses.
fn is_always(wanted: &[Vec<Choice>], depth: u8) -> bool {
    if wanted.iter().any(Vec::is_empty) {
        return true;
    }
    let Some(choice) = wanted.first().and_then(|wants| wants.first()) else { return false };
    let Some(depth) = depth.checked_sub(1) else { return false };
    [true, false].into_iter().all(|holds| {
        let is = |other: &Choice| other.is_like(choice);
        let left: Vec<Vec<Choice>> = wanted
            .iter()
            .filter(|wants| wants.iter().all(|one| !is(one) || one.holds == holds))
            .map(|wants| wants.iter().filter(|one| !is(one)).cloned().collect())
            .collect();
        is_always(&left, depth)
    })
}
