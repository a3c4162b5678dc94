//! Names that mean something beyond the block they stand in: names of the module that a function gives
//! something else, those of a function around it, and several names of one thing.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, FunctionId, List, Symbol};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::waits::filled_within;
use crate::args::{Args, Bound};
use crate::summary::Summary;
use crate::taint::Label;
use crate::value::{Value, What};

/// Classes whose instances at the top of modules hold what functions leave in them.
const HOLDERS: &[&str] =
    &["threading.local", "asgiref.local.Local", "contextvars.ContextVar", "types.SimpleNamespace"];
/// Under which name a variable of a context holds its value.
const HELD: &str = "value";

/// What makes lists, mappings and the like.
const CONTAINERS: &[&str] = &[
    "ChainMap",
    "Counter",
    "LifoQueue",
    "OrderedDict",
    "Queue",
    "SimpleQueue",
    "WeakValueDictionary",
    "defaultdict",
    "deque",
    "dict",
    "list",
    "set",
];

/// What a `global` or `nonlocal` statement says of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    Global,
    Nonlocal,
}

impl Run<'_, '_> {
    /// What a name, or a dotted one, means at the top of this module.
    pub(super) fn named(&self, id: ExprId) -> Option<QualifiedName> {
        self.world.named((self.module, self.code), id)
    }

    /// From here on these names are those of the module, or of a function around this one.
    pub(super) fn declare(&mut self, names: List, declared: Declared) {
        let code = self.code;
        for id in code.exprs(names) {
            if let Expr::Name(name) = code.expr(*id) {
                self.declared.push((name, declared));
            }
        }
    }

    /// A name is given something: whoever else sees the name sees it, too.
    pub(super) fn note_declared(&mut self, name: Symbol, value: &Value) {
        let declared = self.declared.iter().rev().find(|(known, _)| *known == name);
        match (declared.map(|(_, declared)| *declared), self.inner.last()) {
            (Some(Declared::Global), _) => {
                let module = QualifiedName::Module(self.module);
                self.leave_for_all(&module, self.code.text(name), value);
            }
            (Some(Declared::Nonlocal), Some(function)) => {
                self.nonlocals.push((*function, name, value.clone()));
            }
            (Some(Declared::Nonlocal), None) => self.rebinds_captured(name, value),
            _ => {}
        }
    }

    /// A function in this one is called: names that it declares `nonlocal` may be something else now.
    pub(super) fn rebinds(&mut self, function: FunctionId) {
        let all = self.nonlocals.iter().filter(|(known, ..)| *known == function);
        for (_, name, value) in all.cloned().collect::<Vec<_>>() {
            let mut both = self.env.get(name).flatten().cloned().unwrap_or_default();
            both.join(&value);
            self.env.set(name, both);
        }
    }

    /// What functions put under a name of a module.
    pub(super) fn kept_global(&mut self, name: &QualifiedName) -> Option<Value> {
        let QualifiedName::Project(module, path) = name else { return None };
        let code = self.world.program.code(*module)?;
        if !code.is_rebound(path) && !is_container(code, code.module_value(path)?) {
            return None;
        }
        let holder = QualifiedName::Module(*module);
        self.out.reads(&holder, path);
        self.known.attributes.get(&holder, path).cloned()
    }

    /// Something of a module that holds what functions leave in it: one of its kind, known by its own name.
    pub(super) fn holder(called: &QualifiedName, name: &QualifiedName) -> Option<Value> {
        let holds = HOLDERS.iter().any(|holder| called.is_external(holder));
        holds.then(|| Value::instance_of(name.clone()))
    }

    /// `CURRENT.set(value)`, `CURRENT.get()` of a variable of a context.
    pub(super) fn variable(
        &mut self,
        holder: &QualifiedName,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if !matches!(name, "set" | "get") || self.world.program.class_code(holder).is_some() {
            return None;
        }
        let given = args.positional.first().map(|given| given.value.clone());
        if name == "set" {
            self.leave_for_all(holder, HELD, &given?);
            return Some(Value::default());
        }
        self.out.reads(holder, HELD);
        let mut held = self.known.attributes.get(holder, HELD).cloned().unwrap_or_default();
        if let Some(default) = given {
            held.join(&default);
        }
        Some(held)
    }

    /// Leaves data where all functions find it: under a name of a module, or of a class. What a parameter brings
    /// is left by those who call.
    pub(super) fn leave_for_all(&mut self, holder: &QualifiedName, name: &str, value: &Value) {
        let given = only(value, |label| label.origin.parameter().is_some());
        if !given.is_clean() {
            let given = Value { what: What::Unknown, ..given };
            self.out.leave(holder, name, given);
        }
        self.leave(holder, name, value);
    }

    /// What a function that is called leaves of what it is given.
    pub(super) fn left_by(
        &mut self,
        summary: &Summary,
        bound: &[Bound],
        (place, name): (Span, &str),
    ) {
        if summary.left.is_empty() {
            return;
        }
        let words: Arc<str> = format!("kept by `{name}()`").into();
        for (holder, name, value) in &summary.left {
            let value = filled_within(value, bound, place, &words);
            self.leave_for_all(holder, name, &value);
        }
    }

    /// Something is put into what stands at the top of a module, such as a list: whoever reads that finds it.
    pub(super) fn fill(&mut self, holder: (&Value, ExprId), name: &str, value: &Value) {
        let (on, expr) = holder;
        let plain = matches!(on.what, What::Unknown | What::Set);
        if !plain || value.is_plain() || !self.is_shared(expr) {
            return;
        }
        let Some(QualifiedName::Project(module, path)) = self.named(expr) else { return };
        if self.is_container(module, &path) {
            let held = Value::default().with_field(name, value.clone());
            self.leave_for_all(&QualifiedName::Module(module), &path, &held);
        }
    }

    /// Whether a name of a module stands for a list, a mapping or the like.
    fn is_container(&self, module: ModuleId, name: &str) -> bool {
        let code = self.world.program.code(module);
        code.is_some_and(|code| code.module_value(name).is_some_and(|id| is_container(code, id)))
    }

    /// Leaves data from outside where other functions find it: in an attribute of a class or of its
    /// instances, or under a name of a module.
    pub(super) fn leave(&mut self, holder: &QualifiedName, name: &str, value: &Value) {
        let outside = only(&value.clone().outside(), |label| label.origin.parameter().is_none());
        if outside.is_plain() {
            return;
        }
        let same = |(known, attribute, _): &&mut (QualifiedName, Arc<str>, Value)| {
            known == holder && **attribute == *name
        };
        match self.out.attributes.iter_mut().find(same) {
            Some((.., known)) => known.join(&outside),
            None => self.out.attributes.push((holder.clone(), Arc::from(name), outside)),
        }
    }

    /// After `a = b`, and after `a = b = value`: names of one thing, if it is one that can be changed.
    pub(super) fn note_aliases(&mut self, targets: List, value: ExprId, given: &What) {
        if matches!(given, What::Text(_) | What::Bool(_) | What::Name(_) | What::Check(_)) {
            return;
        }
        let code = self.code;
        let mut first: Option<Symbol> = None;
        for id in code.exprs(targets).iter().chain([&value]) {
            let Expr::Name(name) = code.expr(*id) else { continue };
            if self.env.get(name).is_none() {
                continue;
            }
            match first {
                Some(first) => self.env.alias(first, name),
                None => first = Some(name),
            }
        }
    }

    /// Whether an expression leads to something that stands in a module, so that every function that
    /// asks for it gets the same.
    pub(super) fn is_shared(&self, id: ExprId) -> bool {
        let mut at = id;
        loop {
            at = match self.code.expr(at) {
                Expr::Name(name) => return self.env.get(name).is_none(),
                Expr::Attribute(base, _) => base,
                _ => return false,
            };
        }
    }
}

/// What is in a value of some origins.
fn only(value: &Value, of: impl Fn(&Label) -> bool) -> Value {
    value.map(&|taint| taint.map(|label| of(label).then(|| label.clone())))
}

/// Whether an expression makes a list, a mapping or the like.
pub(super) fn is_container(code: &Code, id: ExprId) -> bool {
    match code.expr(id) {
        Expr::List(_) | Expr::Dict(_) | Expr::Set(_) | Expr::Comprehension(_) => true,
        Expr::Call(callee, _) => match code.expr(callee) {
            Expr::Name(name) | Expr::Attribute(_, name) => CONTAINERS.contains(&code.text(name)),
            _ => false,
        },
        _ => false,
    }
}
