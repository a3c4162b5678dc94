//! What conditions say of the values they look at.

use std::sync::Arc;

use djsec_python::code::{Comparison, Expr, ExprId, List};

use super::Run;
use crate::Kinds;
use crate::env::Learnt;
use crate::value::{Fact, Label, Taint, Value, What};

impl Fact {
    /// Where the condition is `when`, the subject is one of a few harmless values.
    pub(super) fn harmless(subject: Arc<str>, when: bool) -> Self {
        Self { subject, safe: Kinds::ALL, when, needs: Kinds::NONE }
    }
}

impl Run<'_, '_> {
    /// Runs a condition; what it says.
    pub(super) fn test(&mut self, id: ExprId) -> Vec<Fact> {
        if !self.step() {
            return Vec::new();
        }
        self.depth += 1;
        let facts = match self.code.expr(id) {
            Expr::Not(inner) => {
                let facts = self.test(inner);
                facts.into_iter().map(|fact| Fact { when: !fact.when, ..fact }).collect()
            }
            Expr::And(list) => self.test_parts(list, |_, _| {}, true),
            Expr::Or(list) => self.test_parts(list, |_, _| {}, false),
            Expr::Compare(left, rest) => self.compare(left, rest),
            Expr::Call(..) => {
                let value = self.eval(id);
                let mut facts = self.checked(id);
                facts.extend(of_check(&value.what));
                facts
            }
            _ => {
                let value = self.eval(id);
                of_check(&value.what)
            }
        };
        self.depth -= 1;
        facts
    }

    /// The operands of `and` (or `or`): each runs where those before it were true (or false). What they
    /// say together.
    pub(super) fn test_parts(
        &mut self,
        list: List,
        mut seen: impl FnMut(&mut Self, ExprId),
        is_and: bool,
    ) -> Vec<Fact> {
        let before = self.env.clone();
        let bound = self.walrus.len();
        let mut all = Vec::new();
        let code = self.code;
        let operands = code.exprs(list);
        for operand in operands {
            let facts = self.test(*operand);
            seen(self, *operand);
            self.hold(&facts, is_and);
            all.extend(facts);
        }
        self.env = before;
        // What is bound on the way stays bound.
        for (name, value) in self.walrus.split_off(bound.min(self.walrus.len())) {
            self.env.set(name, value.clone());
            self.walrus.push((name, value));
        }
        if operands.len() > 1 {
            all.retain(|fact| fact.when == is_and);
        }
        all
    }

    /// Goes on where a condition is true, or false.
    pub(super) fn hold(&mut self, facts: &[Fact], when: bool) {
        for fact in facts.iter().filter(|fact| fact.when == when) {
            self.learn(&fact.subject, fact.safe, fact.needs);
        }
    }

    /// A value can do no more harm as these, if something can be said of it already.
    pub(super) fn learn(&mut self, subject: &Arc<str>, safe: Kinds, needs: Kinds) {
        if subject.contains('.') {
            self.env.learn(Learnt { subject: Arc::clone(subject), safe, needs });
            return;
        }
        let Some(symbol) = self.code.symbol(subject) else { return };
        let Some(Some(value)) = self.env.get(symbol) else { return };
        let changed = value.map(&|taint| learnt(taint, safe, needs));
        self.env.set(symbol, changed);
        // What was made of a parameter before is as harmless as the parameter itself.
        let parameters = &self.function.parameters;
        let at = parameters.iter().position(|parameter| parameter.name == symbol);
        if let Some(at) = at.and_then(|at| u16::try_from(at).ok())
            && needs == Kinds::NONE
            && safe.is_all()
            && !self.assigned.contains(&symbol)
        {
            self.env.map(|value| {
                value.map(&|taint| {
                    let other = |label: &Label| label.origin.parameter() != Some(at);
                    taint.map(|label| other(label).then(|| label.clone()))
                })
            });
        }
    }

    /// What an expression gives, with what conditions said of it.
    pub(super) fn as_learnt(&self, id: ExprId, value: Value) -> Value {
        if self.env.learnt().is_empty() {
            return value;
        }
        let Some(subject) = self.written(id) else { return value };
        let known = self.env.learnt().iter().filter(|known| known.subject == subject);
        known.fold(value, |value, known| value.map(&|taint| learnt(taint, known.safe, known.needs)))
    }

    /// A name or a chain of attributes as written, with constant items: `form.data.[q]`.
    pub(super) fn written(&self, id: ExprId) -> Option<Arc<str>> {
        let mut parts: Vec<String> = Vec::new();
        let mut at = id;
        loop {
            match self.code.expr(at) {
                Expr::Name(name) => {
                    parts.push(self.code.text(name).to_owned());
                    break;
                }
                Expr::Attribute(base, name) => {
                    parts.push(self.code.text(name).to_owned());
                    at = base;
                }
                Expr::Subscript(base, index) => {
                    parts.push(format!("[{}]", self.code.string(index)?));
                    at = base;
                }
                Expr::Walrus(target, _) => at = target,
                // `url.lower() in ALLOWED` says as much of `url`.
                Expr::Call(callee, arguments) => match self.code.expr(callee) {
                    Expr::Attribute(base, name) if self.code.text(name) == "get" => {
                        let key = self.code.arguments(arguments).first()?.value;
                        parts.push(format!("[{}]", self.code.string(key)?));
                        at = base;
                    }
                    Expr::Attribute(base, name)
                        if matches!(
                            self.code.text(name),
                            "lower" | "upper" | "strip" | "casefold" | "title"
                        ) =>
                    {
                        at = base;
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
        parts.reverse();
        Some(Arc::from(parts.join(".")))
    }

    fn compare(&mut self, left: ExprId, rest: List) -> Vec<Fact> {
        let code = self.code;
        let first = self.eval(left);
        let mut facts = Vec::new();
        let mut before = (left, first);
        for (comparison, right) in code.comparisons(rest) {
            let value = self.eval(*right);
            let fixed = value.whole().is_empty();
            match comparison {
                Comparison::In | Comparison::NotIn => {
                    let when = *comparison == Comparison::In;
                    if let Some(part) = before.1.as_text() {
                        facts.extend(self.lacks(part, *right, !when));
                    } else if fixed && value.as_text().is_none() {
                        facts.extend(self.subjects(before.0, when));
                    }
                }
                Comparison::Eq | Comparison::NotEq | Comparison::Is | Comparison::IsNot => {
                    let when = matches!(comparison, Comparison::Eq | Comparison::Is);
                    if matches!(code.expr(*right), Expr::None) {
                        let flipped = of_check(&before.1.what).into_iter();
                        facts.extend(flipped.map(|fact| Fact { when: fact.when != when, ..fact }));
                    }
                    if fixed {
                        facts.extend(self.subjects(before.0, when));
                    }
                    if before.1.whole().is_empty() {
                        facts.extend(self.subjects(*right, when));
                    }
                }
                Comparison::Order => {}
            }
            before = (*right, value);
        }
        if code.comparisons(rest).len() > 1 {
            facts.retain(|fact| fact.when);
        }
        facts
    }
}

/// What is left of data that can do no more harm as these.
fn learnt(taint: &Taint, safe: Kinds, needs: Kinds) -> Taint {
    taint.map(|label| {
        let safe = if label.safe.holds(needs) { label.safe.or(safe) } else { label.safe };
        (!safe.is_all()).then(|| Label { safe, ..label.clone() })
    })
}

fn of_check(what: &What) -> Vec<Fact> {
    match what {
        What::Check(facts) => facts.as_ref().clone(),
        _ => Vec::new(),
    }
}

impl Label {
    /// Whether it may still do harm as this.
    pub(crate) fn may(&self, kind: crate::Kind) -> bool {
        !self.safe.has(kind)
    }
}
