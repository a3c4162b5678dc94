//! Loops: what one turn leaves, the next may find.

use djsec_python::code::{Expr, ExprId, List, Stmt};

use super::Run;
use super::stmt::Flow;
use crate::Kinds;
use crate::env::{Env, Learnt};
use crate::value::Value;

/// A loop is gone through until nothing changes, at most this often; loops in loops only twice, as each
/// of their turns is one of the loop around them, too.
const MOST_TURNS: usize = 4;

/// How turns of the innermost loop ended early.
#[derive(Debug, Default)]
pub(super) struct Ends {
    breaks: Option<Env>,
    continues: Option<Env>,
}

impl Ends {
    /// What holds where a turn is cut short.
    pub(super) fn continued(&self) -> Option<&Env> {
        self.continues.as_ref()
    }

    /// Whether something breaks out, so that not every turn is taken.
    pub(super) fn is_left(&self) -> bool {
        self.breaks.is_some()
    }
}

impl Run<'_, '_> {
    /// `break`, or else `continue`.
    pub(super) fn leaves_loop(&mut self, breaks: bool) -> Flow {
        if let Some(ends) = self.loops.last_mut() {
            let end = if breaks { &mut ends.breaks } else { &mut ends.continues };
            meet(end, &self.env);
        }
        Flow::Leaves
    }

    pub(super) fn for_loop(
        &mut self,
        (target, iterable): (ExprId, ExprId),
        body: List,
        otherwise: List,
    ) -> Flow {
        let all = self.eval(iterable);
        let one = self.turn(&all, iterable);
        let mut left_of_each: Option<Kinds> = None;
        let resolved = Self::resolved(&all);
        let mut left_of_host: Option<Kinds> = None;
        let left = self.turns(|run| {
            run.assign(target, one.clone());
            let flow = run.block(body);
            if let Some(subject) = &resolved {
                let safe = run.safe_of_host(subject, flow);
                left_of_host = Some(left_of_host.map_or(safe, |known| known.and(safe)));
            }
            let safe = run.safe_after_turn((target, &one), flow);
            left_of_each = Some(left_of_each.map_or(safe, |known| known.and(safe)));
            flow
        });
        self.each_was((target, iterable), body, left_of_each.unwrap_or_default());
        if let Some(subject) = resolved {
            self.host_was(subject, left_of_host.unwrap_or_default());
        }
        let flow = self.block(otherwise);
        self.after(flow, left)
    }

    /// As what the element can do no harm with which a turn goes on to the next.
    fn safe_after_turn(&self, (target, one): (ExprId, &Value), flow: Flow) -> Kinds {
        let Expr::Name(name) = self.code.expr(target) else { return Kinds::NONE };
        if one.taint.is_empty() || one.fields.is_some() {
            return Kinds::NONE;
        }
        let continues = self.loops.last().and_then(|ends| ends.continues.as_ref());
        let falls = (flow == Flow::Falls).then_some(&self.env);
        let mut all = Kinds::ALL;
        for env in falls.into_iter().chain(continues) {
            let value = env.get(name).flatten();
            for label in one.taint.labels() {
                let known = value.map(|value| value.taint.labels()).unwrap_or_default();
                let same = known.iter().find(|known| known.origin == label.origin);
                all = all.and(same.map_or(Kinds::ALL, |label| label.safe));
            }
        }
        all
    }

    /// What every turn of a loop leaves or refuses, the list holds: `for name in names: check(name)`.
    fn each_was(&mut self, (target, iterable): (ExprId, ExprId), body: List, safe: Kinds) {
        let (Expr::Name(name), true) = (self.code.expr(target), safe != Kinds::NONE) else {
            return;
        };
        let mut rebound = false;
        self.code.each_stmt(body, &mut |_, stmt| {
            let is = |target: &ExprId| self.code.expr(*target) == Expr::Name(name);
            rebound |= match stmt {
                Stmt::Assign { targets, .. } => self.code.exprs(targets).iter().any(is),
                Stmt::Augmented(target, ..) | Stmt::For { target, .. } => is(&target),
                _ => false,
            };
        });
        if let Some(subject) = self.written(iterable).filter(|_| !rebound) {
            self.learn(&Learnt { subject, safe, doubt: 0, needs: Kinds::NONE });
        }
    }

    pub(super) fn while_loop(&mut self, test: ExprId, body: List, otherwise: List) -> Flow {
        let left = self.turns(|run| {
            let facts = run.test(test);
            run.hold(&facts, true);
            run.block(body)
        });
        // `while True` only ends where something breaks out of it.
        let flow = if matches!(self.code.expr(test), Expr::Bool(true) | Expr::Int(1)) {
            Flow::Leaves
        } else {
            let facts = self.test(test);
            // `while words`: what is used up is empty now, and was not before.
            if !matches!(self.code.expr(test), Expr::Name(_) | Expr::Attribute(..)) {
                self.hold(&facts, false);
            }
            self.block(otherwise)
        };
        self.after(flow, left)
    }

    /// Goes through a loop; leaves what holds where its condition is asked for the last time, and gives
    /// what holds where something breaks out.
    fn turns(&mut self, mut turn: impl FnMut(&mut Self) -> Flow) -> Option<Env> {
        let mut left: Option<Env> = None;
        let most = if self.loops.is_empty() { MOST_TURNS } else { 2 };
        for _ in 0..most {
            let before = self.env.clone();
            self.loops.push(Ends::default());
            let flow = turn(self);
            let ends = self.loops.pop().unwrap_or_default();
            let mut next = before.clone();
            if flow == Flow::Falls {
                next.join(&self.env);
            }
            if let Some(continues) = &ends.continues {
                next.join(continues);
            }
            if let Some(breaks) = &ends.breaks {
                meet(&mut left, breaks);
            }
            let settled = next == before;
            self.env = next;
            if settled {
                break;
            }
        }
        left
    }

    /// What holds after a loop: where it ended by itself, or where something broke out.
    fn after(&mut self, flow: Flow, left: Option<Env>) -> Flow {
        match (flow, left) {
            (flow, None) => flow,
            (Flow::Falls, Some(left)) => {
                self.env.join(&left);
                Flow::Falls
            }
            (Flow::Leaves, Some(left)) => {
                self.env = left;
                Flow::Falls
            }
        }
    }
}

/// What holds on one more path.
pub(super) fn meet(known: &mut Option<Env>, env: &Env) {
    match known {
        Some(known) => known.join(env),
        None => *known = Some(env.clone()),
    }
}
