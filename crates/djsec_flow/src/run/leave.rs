//! What a function checks: as what its parameters can do no harm where it gives something back. So
//! `if not is_local(url): return` and `refuse_foreign(url)` say as much as what is written in them.

use djsec_python::code::{Expr, ExprId, ParameterKind, Symbol};

use super::Run;
use crate::Kinds;
use crate::summary::Summary;
use crate::value::{Fact, Origin, What};

/// What was found out where the function is left.
#[derive(Debug, Default)]
pub(super) struct Leaving {
    /// Where what it gives back may be true.
    truthy: Option<Vec<(u16, Kinds)>>,
    /// Wherever it gives something back.
    any: Option<Vec<(u16, Kinds)>>,
    /// Parameters that stand for something else by now.
    pub(super) assigned: Vec<Symbol>,
}

impl Run<'_, '_> {
    /// The function gives something back here; `facts` hold where that is true.
    pub(super) fn leaves(&mut self, given: Option<ExprId>, what: &What) {
        if !self.inner.is_empty() {
            return;
        }
        let now = self.parameters_now();
        meet(&mut self.leaving.any, now);
        let no =
            given.is_none_or(|id| matches!(self.code.expr(id), Expr::None | Expr::Bool(false)));
        if no {
            return;
        }
        let facts: Vec<Fact> = match what {
            What::Check(facts) => facts.as_ref().clone(),
            _ => Vec::new(),
        };
        let before = self.env.clone();
        self.hold(&facts, true);
        let now = self.parameters_now();
        self.env = before;
        meet(&mut self.leaving.truthy, now);
    }

    /// The function is at its end.
    pub(super) fn left(&mut self, falls: bool) {
        if falls {
            self.leaves(None, &What::Unknown);
        }
        self.out.checks = self.leaving.truthy.take().unwrap_or_default();
        self.out.ensures = self.leaving.any.take().unwrap_or_default();
    }

    /// As what each parameter can do no harm at this point.
    fn parameters_now(&self) -> Vec<(u16, Kinds)> {
        let first = u16::from(self.owner.is_some());
        let parameters = (0_u16..).zip(&self.function.parameters).filter(|(at, parameter)| {
            *at >= first
                && !self.leaving.assigned.contains(&parameter.name)
                && !matches!(
                    parameter.kind,
                    ParameterKind::Variadic | ParameterKind::VariadicKeyword
                )
        });
        let safe = parameters.map(|(at, parameter)| {
            let value = self.env.get(parameter.name).flatten();
            let whole = value.map(crate::value::Value::whole).unwrap_or_default();
            let own = |label: &&crate::value::Label| label.origin == Origin::Parameter(at, None);
            let safe = match whole.labels().iter().find(own) {
                Some(label) => label.safe,
                None if value.is_none() => Kinds::ALL,
                None => Kinds::NONE,
            };
            (at, safe)
        });
        safe.filter(|(_, safe)| *safe != Kinds::NONE).collect()
    }

    /// What a function of the project checked of what it was given.
    pub(super) fn checked_there(
        &mut self,
        summary: &Summary,
        given: &[Option<ExprId>],
    ) -> Vec<Fact> {
        let said = |at: u16, safe: Kinds, run: &Self| {
            let expr = (*given.get(usize::from(at))?)?;
            Some(Fact { subject: run.written(expr)?, safe, when: true })
        };
        let now: Vec<Fact> =
            summary.ensures.iter().filter_map(|(at, safe)| said(*at, *safe, self)).collect();
        self.hold(&now, true);
        summary.checks.iter().filter_map(|(at, safe)| said(*at, *safe, self)).collect()
    }
}

/// What holds on both of two ways out.
fn meet(known: &mut Option<Vec<(u16, Kinds)>>, now: Vec<(u16, Kinds)>) {
    let Some(known) = known else {
        *known = Some(now);
        return;
    };
    for (at, safe) in known.iter_mut() {
        let there = now.iter().find(|(other, _)| other == at).map_or(Kinds::NONE, |(_, s)| *s);
        *safe = safe.and(there);
    }
    known.retain(|(_, safe)| *safe != Kinds::NONE);
}
