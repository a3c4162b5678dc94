//! Names that mean something beyond the block they stand in: names of the module that a function gives
//! something else, those of a function around it, and several names of one thing.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, FunctionId, List, Symbol};

use super::Run;
use crate::args::Args;
use crate::taint::Origin;
use crate::value::{Value, What};

/// Classes whose instances at the top of modules hold what functions leave in them.
const HOLDERS: &[&str] =
    &["threading.local", "asgiref.local.Local", "contextvars.ContextVar", "types.SimpleNamespace"];
/// Under which name a variable of a context holds its value.
const HELD: &str = "value";

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
                self.leave(&module, self.code.text(name), value);
            }
            (Some(Declared::Nonlocal), Some(function)) => {
                self.nonlocals.push((*function, name, value.clone()));
            }
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
        if !self.world.program.code(*module)?.is_rebound(path) {
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
            self.leave(holder, HELD, &given?);
            return Some(Value::default());
        }
        self.out.reads(holder, HELD);
        let mut held = self.known.attributes.get(holder, HELD).cloned().unwrap_or_default();
        if let Some(default) = given {
            held.join(&default);
        }
        Some(held)
    }

    /// Leaves data from outside where other functions find it: in an attribute of a class or of its
    /// instances, or under a name of a module.
    pub(super) fn leave(&mut self, holder: &QualifiedName, name: &str, value: &Value) {
        let outside = value.clone().outside().map(&|taint| {
            taint.map(|label| match label.origin {
                Origin::Source(_) => Some(label.clone()),
                Origin::Parameter(..) => None,
            })
        });
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
