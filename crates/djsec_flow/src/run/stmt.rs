//! Running statements: one path after the other, joined where they meet.

use djsec_python::QualifiedName;
use djsec_python::code::{ClassId, Expr, ExprId, FunctionId, List, Operator, Stmt, StmtId, Symbol};

use super::Run;
use super::containers::{plus, updated};
use super::higher::joined;
use super::names::Declared;
use super::prefix::concatenated;
use super::told::in_some_place;
use crate::env::Env;
use crate::value::{ANY, KEYS, Value, What};

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
        // What a branch that left says holds for the rest of its block.
        let around = self.under.len();
        let leaves = code.stmts(block).iter().any(|id| self.stmt(*id) == Flow::Leaves);
        self.under.truncate(around);
        if leaves { Flow::Leaves } else { Flow::Falls }
    }

    fn stmt(&mut self, id: StmtId) -> Flow {
        if !self.step() {
            return Flow::Falls;
        }
        match self.code.stmt(id) {
            Stmt::Expr(expr) => {
                self.left_at = None;
                self.eval(expr);
                // `deny()`, which raises whatever happens.
                let call = match self.code.expr(expr) {
                    Expr::Await(call) => call,
                    _ => expr,
                };
                if self.left_at == Some(self.place(call)) {
                    return Flow::Leaves;
                }
            }
            Stmt::Assign { targets, value: Some(given), annotation } => {
                let value = self.eval(given);
                let mut value = self.made_secret(targets, value, given);
                if value.what == What::Unknown
                    && let Some(check) = self.as_check(given)
                {
                    value.what = check;
                }
                if let (What::Unknown, Some(annotation)) = (&value.what, annotation) {
                    value.what = self.annotated(annotation);
                }
                let code = self.code;
                for target in code.exprs(targets) {
                    self.assign(*target, value.clone());
                    self.assign_first(*target, given);
                }
                self.note_aliases(targets, given, &value.what);
            }
            Stmt::Augmented(target, operator, value) => self.augment(target, operator, value),
            Stmt::Return(value) => {
                if let Some(id) = value {
                    let value = self.eval(id);
                    let value = self.kept_here(value);
                    self.into_returns(&value, id);
                    self.gives_context(&value, id);
                    self.gives_every_context(&value, id);
                    self.hands_to_all(&value, id);
                    self.gives_answer(&value, id);
                    self.gives(&value);
                    self.note_truth(id, &value);
                }
                self.ends();
                return Flow::Leaves;
            }
            Stmt::Raise(value) => {
                if let Some(value) = value {
                    self.raises(value);
                }
                return Flow::Leaves;
            }
            Stmt::Break => return self.leaves_loop(true),
            Stmt::Continue => return self.leaves_loop(false),
            Stmt::Assert(test) => {
                let facts = self.test(test);
                self.hold(&facts, true);
            }
            Stmt::Delete(targets) => {
                let code = self.code;
                for target in code.exprs(targets) {
                    match code.expr(*target) {
                        Expr::Name(name) => self.rebind(name, Value::default()),
                        Expr::Subscript(base, key) => self.redact(base, code.string(key)),
                        _ => {}
                    }
                }
            }
            Stmt::Function(id) => self.define(id),
            Stmt::Class(id) => self.define_class(id),
            Stmt::Global(names) => self.declare(names, Declared::Global),
            Stmt::Nonlocal(names) => self.declare(names, Declared::Nonlocal),
            other => return self.compound(other),
        }
        Flow::Falls
    }

    /// `total += more`
    fn augment(&mut self, target: ExprId, operator: Operator, more: ExprId) {
        let old = self.eval(target);
        let new = self.eval(more);
        if let Some(sum) = self.own_augmented(operator, (&old, target), (&new, more)) {
            return self.assign(target, sum);
        }
        if new.is_constant_set() {
            match operator {
                Operator::BitAnd => return self.assign(target, Value::of(What::Set)),
                // Taking constants away leaves the rest.
                Operator::Sub => return,
                _ => {}
            }
        }
        if operator == Operator::BitOr && new.is_mapping() {
            return self.assign(target, updated(old, &new));
        }
        let is_text =
            |value: &Value| value.fields.is_none() && !matches!(value.what, What::Query(_));
        let sum = if operator == Operator::Add && is_text(&old) && is_text(&new) {
            concatenated(&[old, new])
        } else {
            plus(old, &new)
        };
        self.assign(target, sum);
    }

    /// What is given back on this path.
    fn gives(&mut self, value: &Value) {
        let value = self.closed(value.clone().outside());
        match self.inner.last() {
            None if self.function.is_generator => self.gives_at_end(&value),
            None if self.returned => self.out.returns.join(&value),
            None => {
                self.out.returns = value;
                self.returned = true;
            }
            Some(function) => self.closures.entry(*function).or_default().join(&value),
        }
    }

    fn compound(&mut self, stmt: Stmt) -> Flow {
        match stmt {
            Stmt::If { test, then, otherwise } => self.branch(test, then, otherwise),
            Stmt::For { target, iterable, body, otherwise } => {
                self.for_loop((target, iterable), body, otherwise)
            }
            Stmt::While { test, body, otherwise } => self.while_loop(test, body, otherwise),
            Stmt::With { items, body } => {
                let code = self.code;
                for (entered, target) in code.with_items(items) {
                    let value = self.eval(*entered);
                    if let Some(target) = target {
                        let value = self.entered(value, *entered);
                        self.assign(*target, value);
                    }
                }
                self.with_block(items, body)
            }
            Stmt::Try(at) => self.attempt(at),
            Stmt::Match(at) => self.matching(at),
            _ => Flow::Falls,
        }
    }

    fn branch(&mut self, test: ExprId, then: List, otherwise: List) -> Flow {
        let facts = self.test(test);
        let before = self.env.clone();
        self.hold(&facts, true);
        let first = self.block_under(test, true, then);
        let after = std::mem::replace(&mut self.env, before);
        self.hold(&facts, false);
        let second = self.block_under(test, false, otherwise);
        match (first, second) {
            (Flow::Falls, Flow::Falls) => self.join_branches(test, &after),
            (Flow::Falls, Flow::Leaves) => {
                self.env = after;
                self.under.push((test, true));
            }
            (Flow::Leaves, Flow::Falls) => self.under.push((test, false)),
            (Flow::Leaves, Flow::Leaves) => {}
        }
        if first == Flow::Leaves && second == Flow::Leaves { Flow::Leaves } else { Flow::Falls }
    }

    fn block_under(&mut self, test: ExprId, holds: bool, block: List) -> Flow {
        self.under.push((test, holds));
        let flow = self.block(block);
        self.under.pop();
        flow
    }

    fn attempt(&mut self, at: u32) -> Flow {
        let code = self.code;
        let Some(parts) = code.try_parts(at) else { return Flow::Falls };
        let before = self.env.clone();
        let returned = self.returned_before(parts.finally);
        self.raised.push(Vec::new());
        let mut flow = self.block(parts.body);
        let mut raised = self.raised.pop().unwrap_or_default();
        let mut somewhere = self.env.clone();
        somewhere.join(&before);
        if flow == Flow::Falls {
            flow = self.block(parts.otherwise);
        }
        let mut result: Option<Env> = (flow == Flow::Falls).then(|| self.env.clone());
        for (class, name, block) in &parts.handlers {
            self.env = somewhere.clone();
            let mut caught = self.caught(*class, &mut raised);
            self.failure((*class, *name), parts.body, &mut caught);
            if let Some(name) = name {
                self.rebind(*name, caught);
            }
            if self.block(*block) == Flow::Falls {
                match &mut result {
                    Some(result) => result.join(&self.env),
                    None => result = Some(self.env.clone()),
                }
            }
        }
        self.raises_on(raised);
        flow = if result.is_some() { Flow::Falls } else { Flow::Leaves };
        self.env = result.unwrap_or(somewhere);
        if let Some((returns, returned)) = returned {
            (self.out.returns, self.returned) = (returns, returned);
        }
        match self.block(parts.finally) {
            Flow::Falls => flow,
            Flow::Leaves => Flow::Leaves,
        }
    }

    /// What was given back before a `try` whose `finally` returns: nothing else counts of what is given back in
    /// it.
    fn returned_before(&self, finally: List) -> Option<(Value, bool)> {
        let last = self.code.stmts(finally).last()?;
        let returns = matches!(self.code.stmt(*last), Stmt::Return(_));
        (returns && self.inner.is_empty()).then(|| (self.out.returns.clone(), self.returned))
    }

    /// The block of a `with` statement; `suppress()` goes on after it wherever it was left.
    fn with_block(&mut self, items: List, body: List) -> Flow {
        let code = self.code;
        let suppresses = code.with_items(items).iter().any(|(entered, _)| {
            let callee = code.call(*entered).map(|(callee, _)| callee);
            let name = callee.and_then(|callee| code.dotted(callee));
            name.is_some_and(|name| name == "suppress" || name.ends_with(".suppress"))
        });
        let before = self.env.clone();
        let flow = self.block(body);
        if !suppresses {
            return flow;
        }
        if flow == Flow::Falls {
            self.env.join(&before);
        } else {
            self.env = before;
        }
        Flow::Falls
    }

    /// A function in the function: it sees the names around it.
    fn define(&mut self, id: FunctionId) {
        let Some(function) = self.code.function(id) else { return };
        self.env.set(function.name, Value::of(What::Function(self.module, id)));
        self.inside(id);
    }

    /// A class in the function.
    fn define_class(&mut self, id: ClassId) {
        let Some(class) = self.code.class(id) else { return };
        let name = QualifiedName::Project(self.module, class.path.as_ref().into());
        self.env.set(class.name, Value::of(What::Name(name)));
        // Its methods see the names around it, too.
        for stmt in self.code.class_body(class) {
            if let Stmt::Function(method) = stmt {
                self.inside(method);
            }
        }
    }

    /// Runs a function that stands in this one with the names around it, where they matter.
    pub(super) fn inside(&mut self, id: FunctionId) {
        if !self.env.is_open() || self.inner.len() >= 3 || self.inner.contains(&id) {
            return;
        }
        let code = self.code;
        let Some(function) = code.function(id) else { return };
        let before = self.env.clone();
        // A default is worked out where the function is made: `lambda name=name: …`.
        let defaults: Vec<Option<Value>> =
            function.parameters.iter().map(|p| p.default.map(|id| self.eval(id))).collect();
        for (parameter, default) in function.parameters.iter().zip(defaults) {
            let name = code.text(parameter.name);
            let mut value = Value::of(self.parameter(name, parameter.annotation));
            if let Some(default) = default {
                value.join(&default);
            }
            self.env.set(parameter.name, value);
        }
        let declared = self.declared.len();
        self.inner.push(id);
        self.block(function.body);
        self.inner.pop();
        self.declared.truncate(declared);
        self.env = before;
    }

    /// Gives a name something else.
    pub(super) fn rebind(&mut self, name: Symbol, value: Value) {
        if !self.assigned.contains(&name) {
            self.assigned.push(name);
        }
        if !self.declared.is_empty() {
            self.note_declared(name, &value);
        }
        self.env.forget(self.code.text(name));
        self.env.unalias(name);
        self.env.set(name, value);
    }

    /// Binds the first of several targets to what a check says: `is_fine, why = look_at(url)`.
    fn assign_first(&mut self, target: ExprId, given: ExprId) {
        let code = self.code;
        let (Expr::Tuple(all), Expr::Call(..)) = (code.expr(target), code.expr(given)) else {
            return;
        };
        let first = code.exprs(all).first().map(|first| code.expr(*first));
        if let Some(Expr::Name(name)) = first
            && let Some(value) = self.first_of_two(given)
        {
            self.rebind(name, value);
        }
    }

    /// Binds a target.
    pub(super) fn assign(&mut self, target: ExprId, value: Value) {
        let value = self.kept_here(value);
        match self.code.expr(target) {
            Expr::Name(name) => {
                let text = self.code.text(name);
                let value =
                    value.stepped(self.place(target), || format!("kept in `{text}`").into());
                self.rebind(name, value);
            }
            Expr::Starred(inner) => self.assign(inner, Value::tainted(value.whole())),
            Expr::Tuple(list) | Expr::List(list) => {
                let code = self.code;
                for (at, element) in code.exprs(list).iter().enumerate() {
                    let place = format!("[{at}]");
                    let one = match value.known_field(&place) {
                        _ if matches!(code.expr(*element), Expr::Starred(_)) => {
                            self.rest_of(&value, at)
                        }
                        Some(known) => known.clone(),
                        // What else stands in a tuple says nothing of this place.
                        None if is_display(&value) => value.field(&place),
                        None => in_some_place(&self.element(&value)),
                    };
                    self.assign(*element, one);
                }
            }
            Expr::Attribute(base, name) => {
                let name = self.code.text(name);
                self.put_under_attribute(base, name, &value, target);
                self.store(base, name, value, true);
            }
            Expr::Subscript(base, index) => {
                let index = self.eval(index);
                let key = match index.as_text() {
                    Some(key) => format!("[{key}]"),
                    None => ANY.to_owned(),
                };
                let holder = self.eval(base);
                self.into_item(&holder, &index, &value, target);
                if let Some(response) = self.retyped(base, &index) {
                    self.retype(response, &value);
                }
                let names = index.whole();
                if !names.is_empty() {
                    self.store(base, KEYS, Value::tainted(names), false);
                }
                let certain = key != ANY;
                if !certain && !index.taint.is_empty() {
                    self.anywhere(base, &value);
                }
                if !value.whole().tells_secret() {
                    self.redact(base, index.as_text().map(|key| &**key));
                }
                self.store(base, &key, value, certain);
            }
            _ => {}
        }
    }

    /// What stands in a list or tuple from a place on: `first, *rest = words`.
    fn rest_of(&mut self, list: &Value, from: usize) -> Value {
        if !is_display(list) {
            return in_some_place(&self.element(list));
        }
        joined((from..).map_while(|at| list.known_field(&format!("[{at}]"))).cloned())
    }

    /// Something is put under a key that is chosen from outside: it may be any of those that are known.
    fn anywhere(&mut self, base: ExprId, value: &Value) {
        let holder = self.eval(base);
        let known = holder.fields.iter().flat_map(|fields| fields.keys());
        let keys: Vec<_> = known.filter(|key| key.starts_with('[')).cloned().collect();
        let changed = keys.iter().fold(holder.clone(), |changed, key| {
            let mut field = holder.field(key);
            field.join(value);
            changed.with_field(key, field)
        });
        if !keys.is_empty() {
            self.replace(base, changed);
        }
    }

    /// Puts something under a name of what an expression stands for.
    pub(super) fn store(&mut self, base: ExprId, name: &str, value: Value, certain: bool) {
        let holder = self.eval(base);
        let mut new = value;
        if !new.is_plain() && matches!(self.code.expr(base), Expr::Attribute(..)) {
            self.note_within(base, &Value::default().with_field(name, new.clone()));
            self.note_held(base, name, &new);
        }
        if !certain {
            new.join(&holder.field(name));
        }
        let shared = !new.is_plain() && self.is_shared(base);
        self.note_write(&holder, name, &new, shared);
        if shared {
            self.fill((&holder, base), name, &new);
        }
        if !self.env.learnt().is_empty()
            && let Some(written) = self.written(base)
        {
            self.env.forget(&format!("{written}.{name}"));
        }
        let changed = holder.with_field(name, new);
        self.replace(base, changed);
    }

    /// Puts a changed value back where it was read from.
    pub(super) fn replace(&mut self, at: ExprId, value: Value) {
        match self.code.expr(at) {
            // A name of the module is left alone: others see it too.
            Expr::Name(name) if self.env.get(name).is_some() => {
                self.env.change_in_place(name, value);
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

/// Whether it is known of a list or tuple what stands at which of its places.
pub(super) fn is_display(value: &Value) -> bool {
    value.known_field("[0]").is_some() && value.known_field(ANY).is_none() && !value.is_mapping()
}
