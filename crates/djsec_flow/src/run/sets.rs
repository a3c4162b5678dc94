//! Sets: what they have in common with sets of constants is harmless, and so is what is left of a check
//! against one.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::amounts::numbers;
use super::waits::parameter;
use crate::args::Args;
use crate::value::{ANY, Fact, Value, What};

impl Value {
    /// Whether it is a set of constants, or of what stands in the database.
    pub(super) fn is_constant_set(&self) -> bool {
        self.what == What::Set && self.is_of_server()
    }
}

/// `one & other`, where one of them says what may be in both: a set of constants, or the one that a caller gives,
/// whatever is in the other.
pub(super) fn in_both(one: &Value, other: &Value) -> Option<Value> {
    if one.is_constant_set() || other.is_constant_set() {
        return Some(Value::of(What::Set));
    }
    let given = one.what == What::Set && parameter(other).is_some();
    given.then(|| Value { what: What::Set, ..other.clone() })
}

impl Run<'_, '_> {
    /// `a - b` of sets: where nothing is left, everything in the first is in the second. Of numbers it is a
    /// number.
    pub(super) fn difference(&mut self, left: ExprId, right: ExprId) -> Value {
        let value = self.eval(left);
        let other = self.eval(right);
        if value.what != What::Set && !other.is_constant_set() {
            return numbers(&[value, other]);
        }
        self.left_over(value, &other, left)
    }

    /// What is left of a set without another.
    fn left_over(&self, value: Value, other: &Value, set: ExprId) -> Value {
        let facts = if other.is_of_server() { self.of_set(set, false) } else { Vec::new() };
        let what = if facts.is_empty() { What::Set } else { What::Check(Arc::new(facts)) };
        Value { what, ..value }
    }

    /// That everything in a set is harmless, where a condition is `when`: of the set, and of what it was
    /// made from.
    pub(super) fn of_set(&self, set: ExprId, when: bool) -> Vec<Fact> {
        let mut facts = Vec::new();
        let mut at = set;
        loop {
            facts.extend(self.written(at).map(|subject| Fact::harmless(subject, when)));
            let Some((callee, arguments)) = self.code.call(at) else { return facts };
            let makes = matches!(self.code.name(callee), Some("set" | "frozenset" | "list"));
            match arguments.first().filter(|_| makes) {
                Some(argument) => at = argument.value,
                None => return facts,
            }
        }
    }

    /// `set(values)`
    pub(super) fn made_set(&mut self, args: &Args) -> Value {
        let given = args.positional.first().map(|given| given.value.clone());
        let made = given.unwrap_or_default();
        let items = if made.is_mapping() {
            Value::default().with_field(ANY, self.element(&made))
        } else {
            made
        };
        Value { what: What::Set, ..items }
    }

    /// Methods of sets.
    pub(super) fn set_method(&mut self, name: &str, args: &Args) -> Option<Value> {
        let receiver = args.receiver.as_ref()?;
        let first = args.positional.first()?;
        match name {
            "intersection" if receiver.value.what == What::Set => {
                let constant = receiver.value.is_of_server()
                    || args.positional.iter().any(|given| given.value.is_of_server());
                constant.then(|| Value::of(What::Set))
            }
            "difference" if receiver.value.what == What::Set => {
                Some(self.left_over(receiver.value.clone(), &first.value, receiver.expr))
            }
            _ => None,
        }
    }

    /// What `columns.issubset(COLUMNS)` and `COLUMNS.issuperset(columns)` say.
    pub(super) fn compared(&mut self, on: ExprId, name: &str, with: ExprId) -> Vec<Fact> {
        let (part, all) = match name {
            "issubset" => (on, with),
            "issuperset" => (with, on),
            _ => return Vec::new(),
        };
        if matches!(self.code.expr(all), Expr::Call(..)) || !self.eval(all).is_of_server() {
            return Vec::new();
        }
        self.of_set(part, true)
    }
}
