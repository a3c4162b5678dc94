//! Running statements: one path after the other, joined where they meet.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId, FunctionId, List, Operator, Stmt, StmtId};

use super::Run;
use super::lead::plus;
use crate::env::Env;
use crate::value::{ANY, Fact, Value, What};

/// How a block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Falls,
    /// Into an exception, out of the function, or to the next turn of a loop.
    Leaves,
}

impl Run<'_, '_> {
    pub(super) fn block(&mut self, block: List) -> Flow {
        let code = self.code;
        for id in code.stmts(block) {
            if self.stmt(*id) == Flow::Leaves {
                return Flow::Leaves;
            }
        }
        Flow::Falls
    }

    fn stmt(&mut self, id: StmtId) -> Flow {
        if !self.step() {
            return Flow::Falls;
        }
        match self.code.stmt(id) {
            Stmt::Expr(expr) => {
                self.eval(expr);
            }
            Stmt::Assign { targets, value: Some(value), annotation } => {
                let mut value = self.eval(value);
                if let (What::Unknown, Some(annotation)) = (&value.what, annotation) {
                    value.what = self.annotated(annotation);
                }
                let code = self.code;
                for target in code.exprs(targets) {
                    self.assign(*target, value.clone());
                }
            }
            Stmt::Augmented(target, operator, value) => {
                let old = self.eval(target);
                let new = self.eval(value);
                let text = |v: &Value| v.fields.is_none() && !matches!(v.what, What::Query(_));
                let sum = if operator == Operator::Add && text(&old) && text(&new) {
                    self.in_a_row(&[old, new])
                } else {
                    plus(old, &new)
                };
                self.assign(target, sum);
            }
            Stmt::Return(value) => {
                if let Some(expr) = value {
                    let mut value = self.eval(expr);
                    if value.what == What::Unknown {
                        let facts = self.checked_by(expr);
                        if !facts.is_empty() {
                            value.what = What::Check(Arc::new(facts));
                        }
                    }
                    self.into_returns(&value, expr);
                    self.leaves(Some(expr), &value.what);
                    self.gives(&value);
                } else {
                    self.leaves(None, &What::Unknown);
                }
                return Flow::Leaves;
            }
            Stmt::Raise(value) => {
                if let Some(value) = value {
                    self.eval(value);
                }
                return Flow::Leaves;
            }
            Stmt::Break => {
                self.breaks.push(self.env.clone());
                return Flow::Leaves;
            }
            Stmt::Continue => return Flow::Leaves,
            Stmt::Assert(test) => {
                let facts = self.test(test);
                self.hold(&facts, true);
            }
            Stmt::Delete(targets) => {
                let code = self.code;
                for target in code.exprs(targets) {
                    if let Expr::Name(name) = code.expr(*target) {
                        self.env.set(name, Value::default());
                    }
                }
            }
            Stmt::Function(id) => self.define(id),
            other => return self.compound(other),
        }
        Flow::Falls
    }

    /// What is given back on this path.
    fn gives(&mut self, value: &Value) {
        if !self.inner.is_empty() {
            return;
        }
        if self.returned {
            self.out.returns.join(value);
        } else {
            self.out.returns = value.clone();
            self.returned = true;
        }
    }

    pub(super) fn yields(&mut self, value: &Value) {
        if self.inner.is_empty() {
            self.returned = true;
            let mut item = self.out.returns.field(ANY);
            item.join(value);
            self.out.returns = std::mem::take(&mut self.out.returns).with_field(ANY, item);
        }
    }

    fn compound(&mut self, stmt: Stmt) -> Flow {
        match stmt {
            Stmt::If { test, then, otherwise } => self.branch(test, then, otherwise),
            Stmt::For { target, iterable, body, otherwise } => {
                let all = self.eval(iterable);
                let one = self.element(&all);
                let breaks = self.repeat(|run| {
                    run.assign(target, one.clone());
                    run.block(body);
                });
                self.after_loop(otherwise, breaks)
            }
            Stmt::While { test, body, otherwise } => {
                let breaks = self.repeat(|run| {
                    let facts = run.test(test);
                    run.hold(&facts, true);
                    run.block(body);
                });
                self.after_loop(otherwise, breaks)
            }
            Stmt::With { items, body } => {
                let code = self.code;
                for (entered, target) in code.with_items(items) {
                    let value = self.eval(*entered);
                    if let Some(target) = target {
                        self.assign(*target, value);
                    }
                }
                self.block(body)
            }
            Stmt::Try(at) => self.attempt(at),
            Stmt::Match(at) => self.matching(at),
            _ => Flow::Falls,
        }
    }

    /// A loop: what one turn leaves, the next may find.
    fn repeat(&mut self, mut turn: impl FnMut(&mut Self)) -> Vec<Env> {
        let around = std::mem::take(&mut self.breaks);
        for _ in 0..2 {
            let before = self.env.clone();
            turn(self);
            self.env.join(&before);
        }
        std::mem::replace(&mut self.breaks, around)
    }

    /// What follows a loop: its `else`, where it ended by itself, and what its `break`s bring.
    fn after_loop(&mut self, otherwise: List, breaks: Vec<Env>) -> Flow {
        let mut flow = self.block(otherwise);
        for left in breaks {
            if flow == Flow::Leaves {
                self.env = left;
                flow = Flow::Falls;
            } else {
                self.env.join(&left);
            }
        }
        flow
    }

    fn branch(&mut self, test: ExprId, then: List, otherwise: List) -> Flow {
        let facts = self.test(test);
        let before = self.env.clone();
        self.hold(&facts, true);
        let first = self.block(then);
        let after = std::mem::replace(&mut self.env, before);
        self.hold(&facts, false);
        let second = self.block(otherwise);
        match (first, second) {
            (Flow::Falls, Flow::Falls) => self.env.join(&after),
            (Flow::Falls, Flow::Leaves) => self.env = after,
            _ => {}
        }
        if first == Flow::Leaves && second == Flow::Leaves { Flow::Leaves } else { Flow::Falls }
    }

    fn attempt(&mut self, at: u32) -> Flow {
        let code = self.code;
        let Some(parts) = code.try_parts(at) else { return Flow::Falls };
        let before = self.env.clone();
        let mut flow = self.block(parts.body);
        let mut somewhere = self.env.clone();
        somewhere.join(&before);
        if flow == Flow::Falls {
            flow = self.block(parts.otherwise);
        }
        let mut result: Option<Env> = (flow == Flow::Falls).then(|| self.env.clone());
        for (_, name, block) in &parts.handlers {
            self.env = somewhere.clone();
            if let Some(name) = name {
                self.env.set(*name, Value::default());
            }
            if self.block(*block) == Flow::Falls {
                match &mut result {
                    Some(result) => result.join(&self.env),
                    None => result = Some(self.env.clone()),
                }
            }
        }
        flow = if result.is_some() { Flow::Falls } else { Flow::Leaves };
        self.env = result.unwrap_or(somewhere);
        match self.block(parts.finally) {
            Flow::Falls => flow,
            Flow::Leaves => Flow::Leaves,
        }
    }

    fn matching(&mut self, at: u32) -> Flow {
        let code = self.code;
        let Some(parts) = code.match_parts(at) else { return Flow::Falls };
        self.eval(parts.subject);
        let subject = self.written(parts.subject);
        let before = self.env.clone();
        let mut after = before.clone();
        for (values, guard, block) in &parts.cases {
            self.env = before.clone();
            // A case that names values is chosen for these only.
            if let Some(subject) = &subject
                && !code.exprs(*values).is_empty()
            {
                let fact = Fact::harmless(subject.clone(), true);
                self.hold(&[fact], true);
            }
            if let Some(guard) = guard {
                let facts = self.test(*guard);
                self.hold(&facts, true);
            }
            if self.block(*block) == Flow::Falls {
                after.join(&self.env);
            }
        }
        self.env = after;
        Flow::Falls
    }

    /// A function in the function: it sees the names around it.
    fn define(&mut self, id: FunctionId) {
        let Some(function) = self.code.function(id) else { return };
        self.env.set(function.name, Value::of(What::Function(self.module, id)));
        self.inside(id);
    }

    /// Runs a function that stands in this one with the names around it, where they matter.
    pub(super) fn inside(&mut self, id: FunctionId) {
        if !self.env.is_tainted() || self.inner.len() >= 3 || self.inner.contains(&id) {
            return;
        }
        let code = self.code;
        let Some(function) = code.function(id) else { return };
        let before = self.env.clone();
        for parameter in &function.parameters {
            let name = code.text(parameter.name);
            let what = self.parameter(name, parameter.annotation);
            self.env.set(parameter.name, Value::of(what));
        }
        self.inner.push(id);
        self.block(function.body);
        self.inner.pop();
        self.env = before;
    }

    /// Binds a target.
    pub(super) fn assign(&mut self, target: ExprId, value: Value) {
        match self.code.expr(target) {
            Expr::Name(name) => {
                if self.inner.is_empty() && !self.leaving.assigned.contains(&name) {
                    self.leaving.assigned.push(name);
                }
                let words = format!("kept in `{}`", self.code.text(name));
                let place = self.place(target);
                let value = value.map(&|taint| taint.stepped(place, &words));
                self.env.set(name, value);
            }
            Expr::Starred(inner) => self.assign(inner, Value::tainted(value.whole())),
            Expr::Tuple(list) | Expr::List(list) => {
                let code = self.code;
                for (at, element) in code.exprs(list).iter().enumerate() {
                    let one = match value.known_field(&format!("[{at}]")) {
                        Some(known) => known.clone(),
                        None => self.element(&value),
                    };
                    self.assign(*element, one);
                }
            }
            Expr::Attribute(base, name) => {
                let name = self.code.text(name);
                self.store(base, name, value, true);
            }
            Expr::Subscript(base, index) => {
                let index = self.eval(index);
                let key = match index.as_text() {
                    Some(key) => format!("[{key}]"),
                    None => ANY.to_owned(),
                };
                let certain = key != ANY;
                let holder = self.eval(base);
                self.into_item(&holder, &index, &value, target);
                if !index.taint.is_empty() {
                    // Names that are chosen from outside are in the whole.
                    let mut named = holder;
                    named.taint.merge(&index.taint);
                    self.replace(base, named);
                }
                self.store(base, &key, value, certain);
            }
            _ => {}
        }
    }

    /// Puts something under a name of what an expression stands for.
    pub(super) fn store(&mut self, base: ExprId, name: &str, value: Value, certain: bool) {
        let holder = self.eval(base);
        let mut new = value;
        if !certain {
            new.join(&holder.field(name));
        }
        self.note_write(&holder, name, &new);
        let changed = holder.with_field(name, new);
        self.replace(base, changed);
    }

    /// Puts a changed value back where it was read from.
    pub(super) fn replace(&mut self, at: ExprId, value: Value) {
        match self.code.expr(at) {
            Expr::Name(name) => {
                // A name of the module is left alone: others see it too.
                if self.env.get(name).is_some() {
                    self.env.set(name, value);
                }
            }
            Expr::Attribute(base, name) => {
                let name = self.code.text(name);
                let holder = self.eval(base).with_field(name, value);
                self.replace(base, holder);
            }
            Expr::Subscript(base, index) => {
                let key = match self.code.string(index) {
                    Some(key) => format!("[{key}]"),
                    None => ANY.to_owned(),
                };
                let holder = self.eval(base).with_field(&key, value);
                self.replace(base, holder);
            }
            _ => {}
        }
    }
}
