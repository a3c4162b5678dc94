//! What is only so under a condition: `if self.external: check(url)`, and much later, in another method,
//! `if self.external: fetch(url)`.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId, Stmt};

use super::Run;
use crate::Kind;
use crate::args::Bound;
use crate::env::Env;
use crate::summary::Under;
use crate::taint::{Condition, Label, Proviso};

/// Conditions that are kept for a sink.
const MOST: usize = 8;
/// Attributes of attributes of parameters that they may be about. A function that calls itself with a part
/// of what it was given asks one deeper each time.
const DEEPEST: usize = 3;

impl Run<'_, '_> {
    /// Whether a test asks something that may be asked again: a name, an attribute.
    pub(super) fn asks_plainly(&self, test: ExprId) -> bool {
        match self.code.expr(test) {
            Expr::Not(inner) => self.asks_plainly(inner),
            Expr::Name(_) | Expr::Attribute(..) => true,
            _ => false,
        }
    }

    /// What holds where a test has an answer, if that stays so for as long as the function runs.
    fn condition(&mut self, test: ExprId, holds: bool) -> Option<Condition> {
        if let Expr::Not(inner) = self.code.expr(test) {
            return self.condition(inner, !holds);
        }
        if !self.lasting.contains_key(&test) {
            let found = self.lasting_subject(test);
            self.lasting.insert(test, found);
        }
        let subject = self.lasting.get(&test)?.clone()?;
        Some(Condition { subject, holds })
    }

    /// What a test asks, if it asks a parameter or an attribute of one, and neither is written here.
    fn lasting_subject(&self, test: ExprId) -> Option<Arc<str>> {
        let subject = self.asks_plainly(test).then(|| self.written(test))??;
        self.parameter_of(&subject)?;
        let writes = |target: &ExprId| {
            let target = self.written(*target);
            target.is_some_and(|target| {
                subject.strip_prefix(&*target).is_some_and(|r| r.is_empty() || r.starts_with('.'))
            })
        };
        let mut stays = true;
        self.code.each_stmt(self.function.body, &mut |_, stmt| {
            stays &= !match stmt {
                Stmt::Assign { targets, .. } => self.code.exprs(targets).iter().any(writes),
                Stmt::Augmented(target, ..) | Stmt::For { target, .. } => writes(&target),
                _ => false,
            };
        });
        stays.then_some(subject)
    }

    /// The parameter that something is written from, and what follows.
    fn parameter_of<'t>(&self, subject: &'t str) -> Option<(u16, &'t str)> {
        let root = subject.split('.').next().unwrap_or(subject);
        let mut parameters = (0_u16..).zip(&self.function.parameters);
        let (at, _) = parameters.find(|(_, parameter)| self.code.text(parameter.name) == root)?;
        Some((at, subject.get(root.len()..).unwrap_or_default()))
    }

    /// Joins the paths through a branch: `then` with what is at hand. Where data can do less harm on one of
    /// them, that is remembered.
    pub(super) fn join_branches(&mut self, test: ExprId, then: &Env) {
        let mut provisos = Vec::new();
        if self.asks_plainly(test) {
            self.env.differences(then, |name, origin, here, there| {
                let (holds, safe) = if there.holds(here) { (true, there) } else { (false, here) };
                provisos.push((name, origin.clone(), holds, safe));
            });
        }
        self.env.join(then);
        for (name, origin, holds, safe) in provisos {
            let Some(when) = self.condition(test, holds) else { continue };
            self.env.provide(name, &origin, &Arc::new(Proviso { when, safe }));
        }
    }

    /// The conditions under which this is run.
    pub(super) fn here(&mut self) -> Vec<Condition> {
        let tests = self.under.clone();
        let mut all = self.beyond.clone();
        all.extend(tests.into_iter().filter_map(|(test, holds)| self.condition(test, holds)));
        all
    }

    /// Those of a function that is called besides, as they would be written here.
    pub(super) fn there(&self, under: &[Under], bound: &[Bound]) -> Vec<Condition> {
        let written = |one: &Under| {
            let given = self.written(bound.get(usize::from(one.parameter))?.expr?)?;
            Some(Condition { subject: format!("{given}{}", one.path).into(), holds: one.holds })
        };
        under.iter().filter_map(written).collect()
    }

    /// Conditions in terms of the parameters.
    pub(super) fn outside(&self, conditions: &[Condition]) -> Vec<Under> {
        let mut all: Vec<Under> = Vec::new();
        for condition in conditions {
            let Some((parameter, path)) = self.parameter_of(&condition.subject) else { continue };
            let one = Under { parameter, path: path.into(), holds: condition.holds };
            let deep = path.matches('.').count() > DEEPEST;
            if !deep && all.len() < MOST && !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }
}

impl Label {
    /// Whether it can do no harm as this where these conditions hold.
    pub(super) fn is_excused(&self, kind: Kind, conditions: &[Condition]) -> bool {
        self.proviso
            .as_ref()
            .is_some_and(|proviso| proviso.safe.has(kind) && conditions.contains(&proviso.when))
    }
}
