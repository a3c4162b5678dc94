//! Functions of the project that check something: what it says of their arguments that they give true.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, ParameterKind, Symbol};

use super::Run;
use super::facts::of_check;
use crate::Kinds;
use crate::catalog::last;
use crate::taint::Origin;
use crate::value::{Fact, Value, What};

/// Words in the names of functions that tell good values from bad ones.
const WORDS: &[&str] = &[
    "allow",
    "safe",
    "valid",
    "trust",
    "permit",
    "whitelist",
    "check",
    "verify",
    "local",
    "match",
];
/// How unsure data is after a check that is not understood.
const DOUBT: u8 = 2;

impl Run<'_, '_> {
    /// Remembers what is known of the parameters where the function gives something true: an expression, and
    /// what came out of it.
    pub(super) fn note_truth(&mut self, id: ExprId, value: &Value) {
        let first = match self.code.expr(id) {
            Expr::Tuple(parts) => self.code.exprs(parts).first().copied(),
            _ => None,
        };
        let pairs = first.is_some();
        let facts = match self.code.expr(first.unwrap_or(id)) {
            Expr::Bool(false) | Expr::None => return,
            Expr::Bool(true) => Vec::new(),
            // Something may be said of it in words alone.
            _ if pairs => {
                self.out.holds.clear();
                self.out.always = true;
                return;
            }
            Expr::Call(..) => self.said_by(id, value),
            Expr::Compare(..) | Expr::Not(_) => of_check(&value.what),
            Expr::And(_) | Expr::Or(_) => self.test(id),
            _ => {
                self.out.holds.clear();
                self.out.always = true;
                return;
            }
        };
        if !self.inner.is_empty() {
            return;
        }
        let before = self.env.clone();
        self.hold(&facts, true);
        let known: Vec<(u16, Kinds)> = (0_u16..)
            .zip(&self.function.parameters)
            .filter(|(_, parameter)| parameter.kind != ParameterKind::Variadic)
            .filter(|(_, parameter)| !self.assigned.contains(&parameter.name))
            .map(|(at, parameter)| (at, self.safe_now(at, parameter.name)))
            .filter(|(_, safe)| *safe != Kinds::NONE)
            .collect();
        self.env = before;
        if self.out.always && self.out.pairs != pairs {
            self.out.holds.clear();
        } else if self.out.always {
            let all = std::mem::take(&mut self.out.holds);
            let both = all.into_iter().filter_map(|(at, safe)| {
                let (_, other) = known.iter().find(|(other, _)| *other == at)?;
                let both = safe.and(*other);
                (both != Kinds::NONE).then_some((at, both))
            });
            self.out.holds = both.collect();
        } else {
            self.out.holds = known;
            (self.out.always, self.out.pairs) = (true, pairs);
        }
    }

    /// As what a parameter can do no harm here.
    fn safe_now(&self, at: u16, name: Symbol) -> Kinds {
        let value = self.env.get(name).flatten();
        let labels = value.map(|value| value.taint.labels()).unwrap_or_default();
        let own = labels.iter().find(|label| label.origin == Origin::Parameter(at, None));
        match own {
            Some(label) => label.safe,
            // Nothing of it is left that could do harm; `self` and requests never had any.
            None if self.is_plain_parameter(at) => Kinds::ALL,
            None => Kinds::NONE,
        }
    }

    fn is_plain_parameter(&self, at: u16) -> bool {
        let parameter = self.function.parameters.get(usize::from(at));
        parameter.is_some_and(|parameter| {
            !matches!(self.code.text(parameter.name), "self" | "cls" | "request" | "req")
        })
    }

    /// What a call in a condition says of its arguments.
    pub(super) fn predicate(&mut self, call: ExprId) -> Vec<Fact> {
        let code = self.code;
        let Some((callee, arguments)) = code.call(call) else { return Vec::new() };
        let Some(dotted) = code.dotted(callee) else { return Vec::new() };
        // Two in one are always true.
        let proved = self.proved(call, false);
        let told: Vec<ExprId> = proved.iter().map(|(given, _)| *given).collect();
        let mut facts: Vec<Fact> = proved.into_iter().map(|(_, fact)| fact).collect();
        let name = last(&dotted).to_ascii_lowercase();
        if WORDS.iter().any(|word| name.contains(word)) {
            // A check by its name: what passed it is less likely to do harm.
            for argument in arguments.iter().filter(|argument| !told.contains(&argument.value)) {
                let subject = self.written(argument.value);
                facts.extend(subject.map(|subject| Fact {
                    safe: Kinds::NONE,
                    doubt: DOUBT,
                    ..Fact::harmless(subject, true)
                }));
            }
        }
        facts
    }

    /// What the first of two says that a call gives: `is_fine, why = look_at(url)`.
    pub(super) fn first_of_two(&mut self, call: ExprId) -> Option<Value> {
        let facts: Vec<Fact> = self.proved(call, true).into_iter().map(|(_, fact)| fact).collect();
        (!facts.is_empty()).then(|| Value::of(What::Check(Arc::new(facts))))
    }

    /// What a function says of each argument of a call, where it gives something true, or a pair that begins with that.
    fn proved(&mut self, call: ExprId, pairs: bool) -> Vec<(ExprId, Fact)> {
        let code = self.code;
        let Some((callee, arguments)) = code.call(call) else { return Vec::new() };
        let Some(dotted) = code.dotted(callee) else { return Vec::new() };
        let mut found = Vec::new();
        if let Some((function, shift)) = self.called_function(callee, &dotted)
            && let Some(summary) = self.summary(function.0, function.1)
            && summary.pairs == pairs
        {
            for (at, safe) in &summary.holds {
                let position = usize::from(*at).checked_sub(shift);
                let code_there = self.world.program.code(function.0);
                let name = code_there.and_then(|there| {
                    let parameter = there.function(function.1)?.parameters.get(usize::from(*at))?;
                    Some(there.text(parameter.name))
                });
                let given = position
                    .and_then(|position| {
                        arguments.iter().filter(|a| a.keyword.is_none()).nth(position)
                    })
                    .map(|argument| argument.value)
                    .or_else(|| code.keyword(arguments, name?));
                let Some(given) = given else { continue };
                if let Some(subject) = self.written(given) {
                    found.push((given, Fact { safe: *safe, ..Fact::harmless(subject, true) }));
                }
            }
        }
        found
    }

    /// The function of the project that a name calls, and how many of its parameters stand before the
    /// arguments.
    fn called_function(
        &mut self,
        callee: ExprId,
        dotted: &str,
    ) -> Option<((djsec_python::ModuleId, djsec_python::code::FunctionId), usize)> {
        if let Expr::Attribute(base, name) = self.code.expr(callee)
            && self.code.name(base) == Some("self")
        {
            let owner = self.exactly.clone().or_else(|| self.owner.clone())?;
            let name = self.code.text(name);
            let found = self.overrides(&owner, name);
            return found.first().map(|found| (*found, 1));
        }
        let name = self.world.program.resolve(self.module, dotted);
        let QualifiedName::Project(module, _) = &name else { return None };
        let (_, function) = self.world.program.function_code(&name)?;
        Some(((*module, function), 0))
    }
}
