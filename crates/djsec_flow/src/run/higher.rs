//! Calls of what is not known by a name: functions that are given as arguments, kept, or put together
//! with some of their arguments.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Operator, Stmt};

use super::Run;
use super::apply::substituted;
use super::call::unknown;
use super::cleaned::FORMSET;
use super::ensure::VALIDATOR;
use crate::args::{Args, Bound, Given};
use crate::summary::Summary;
use crate::taint::Origin;
use crate::value::{ANY, Later, Value, What};

/// Calls that lead to calls are followed this far.
const DEEPEST: usize = 6;
/// A method that is chosen by a text is followed if it is one of at most this many.
const MOST_METHODS: usize = 8;

impl Run<'_, '_> {
    /// Calls a value.
    pub(super) fn invoke(&mut self, callee: &Value, args: Args, place: Span, id: ExprId) -> Value {
        if self.invoking >= DEEPEST {
            return unknown(&args, Some(callee), place);
        }
        self.invoking += 1;
        let value = match &callee.what {
            What::Name(name) if name.is_external(FORMSET) => self.formset(callee, place, id),
            What::Name(name) => self.call_name(&name.clone(), args, place, id),
            What::Function(module, function) => {
                let (module, function) = (*module, *function);
                let mut value = self.apply_inner(callee, &args, (module, function), place);
                if module == self.module
                    && let Some(seen) = self.closures.get(&function)
                {
                    value.join(seen);
                }
                if module == self.module {
                    self.rebinds(function);
                }
                value
            }
            What::Later(later) => {
                let later = Arc::clone(later);
                let args = later.args.and(args);
                if later.methods.is_empty() {
                    self.invoke(&later.callee, args, place, id)
                } else {
                    let all = later.methods.iter();
                    let value = joined(all.map(|name| self.method(name, &args, place, id)));
                    self.left_at = None;
                    value
                }
            }
            What::Either(all) => {
                let one = |what: &What| Value { what: what.clone(), ..callee.clone() };
                let all = all.iter().map(|what| self.invoke(&one(what), args.clone(), place, id));
                let value = joined(all);
                self.left_at = None;
                value
            }
            What::Instance(class) if class.is_external(VALIDATOR) => {
                self.validated(callee, &args);
                Value::default()
            }
            What::Instance(_) if self.has_method(callee, "__call__") => {
                let receiver = Some(Given { value: callee.clone(), expr: self.code.no_expr() });
                self.method("__call__", &Args { receiver, ..args }, place, id)
            }
            _ => {
                self.meets_class(callee, id);
                self.result_of(callee, &args, place)
            }
        };
        self.invoking -= 1;
        value
    }

    /// What a function calls of what it is given, and what each of these calls gives.
    pub(super) fn invokes_of(
        &mut self,
        summary: &Summary,
        bound: &[Bound],
        place: Span,
        name: &str,
    ) -> Vec<Bound> {
        let words: Arc<str> = format!("called by `{name}()`").into();
        let here = self.calling;
        let mut results: Vec<Bound> = Vec::new();
        for call in &summary.invokes {
            // What one call gives may be what the next is given.
            let mut known = bound.to_vec();
            known.resize_with(usize::from(summary.results), Bound::nothing);
            known.extend_from_slice(&results);
            let args = call
                .args
                .map(here, |value| value.map(&|taint| substituted(taint, &known, place, &words)));
            let given = bound.get(usize::from(call.at)).map(|bound| &bound.value);
            let callee = given.map(|given| match &call.path {
                Some(path) => given.at(path),
                None => given.clone(),
            });
            let value = match callee {
                Some(callee) if is_callable(&callee) => self.invoke(&callee, args, place, here),
                callee => unknown(&args, callee.as_ref(), place),
            };
            results.push(Bound::nothing_but(value));
        }
        results
    }

    /// An item of an object of the project, as its class gives it.
    pub(super) fn own_item(
        &mut self,
        (on, base): (&Value, ExprId),
        (key, index): (Value, ExprId),
        id: ExprId,
    ) -> Option<Value> {
        if !self.has_method(on, "__getitem__") {
            return None;
        }
        let receiver = Some(Given { value: on.clone(), expr: base });
        let positional = vec![Given { value: key, expr: index }];
        let args = Args { positional, receiver, ..Args::default() };
        Some(self.method("__getitem__", &args, self.place(id), id))
    }

    /// What an object of the project gives where it is gone through, as its class has it.
    pub(super) fn own_items(&mut self, on: &Value) -> Option<Value> {
        if !self.has_method(on, "__iter__") {
            return None;
        }
        let none = self.code.no_expr();
        let receiver = Some(Given { value: on.clone(), expr: none });
        let args = Args { receiver, ..Args::default() };
        let place = self.place(self.calling);
        Some(self.method("__iter__", &args, place, none))
    }

    pub(super) fn has_method(&self, on: &Value, name: &str) -> bool {
        match &on.what {
            What::Instance(class @ QualifiedName::Project(..)) => {
                !self.overrides(class, name).is_empty()
            }
            _ => false,
        }
    }

    /// A method that is not called yet.
    pub(super) fn method_value(&self, on: &Value, name: &str) -> Value {
        let receiver = Some(Given { value: on.clone(), expr: self.code.no_expr() });
        let args = Args { receiver, ..Args::default() };
        let methods = vec![Arc::from(name)];
        Value::of(What::Later(Arc::new(Later { callee: on.clone(), methods, args })))
    }

    /// A method that is chosen by a text: `getattr(self, "do_" + action)`. Which it may be is known where
    /// the text begins with something fixed, or comes from outside.
    pub(super) fn chosen_method(&self, on: &Given, name: &Given) -> Option<Value> {
        let What::Instance(class @ QualifiedName::Project(..)) = &on.value.what else {
            return None;
        };
        let prefix = self.leading_text(name.expr);
        let taint = name.value.whole();
        if prefix.is_empty() && !taint.labels().iter().any(|label| label.origin.grade().is_some()) {
            return None;
        }
        let mut methods: Vec<Arc<str>> = Vec::new();
        for (_, code, body) in self.world.bodies(class) {
            for stmt in code.class_body(body) {
                let Stmt::Function(function) = stmt else { continue };
                let Some(function) = code.function(function) else { continue };
                let name = code.text(function.name);
                let fits =
                    name.starts_with(prefix) && (!prefix.is_empty() || !name.starts_with('_'));
                if fits && !methods.iter().any(|known| **known == *name) {
                    methods.push(Arc::from(name));
                }
            }
        }
        if methods.is_empty() || methods.len() > MOST_METHODS {
            return None;
        }
        let args = Args { receiver: Some(on.clone()), ..Args::default() };
        let later = Later { callee: on.value.clone(), methods, args };
        Some(Value::of(What::Later(Arc::new(later))))
    }

    /// What a text that is put together begins with, if that is written there.
    fn leading_text(&self, id: ExprId) -> &str {
        let code = self.code;
        let mut at = id;
        loop {
            at = match code.expr(at) {
                Expr::Str(text) => return code.text(text).split(['%', '{']).next().unwrap_or(""),
                Expr::Binary(left, Operator::Add | Operator::Mod, _) => left,
                Expr::Format(parts) => match code.exprs(parts).first() {
                    Some(first) => *first,
                    None => return "",
                },
                _ => return "",
            };
        }
    }

    /// Functions of packages that call what they are given, or keep it for later.
    pub(super) fn higher(&mut self, name: &str, args: &Args, id: ExprId) -> Option<Value> {
        let place = self.place(id);
        let first = args.positional.first();
        let rest = || Args {
            positional: args.positional.get(1..).unwrap_or_default().to_vec(),
            receiver: None,
            ..args.clone()
        };
        match name {
            "functools.partial" | "functools.partialmethod" => {
                let callee = first.filter(|first| is_callable(&first.value))?.value.clone();
                let later = Later { callee, methods: Vec::new(), args: rest() };
                Some(Value::of(What::Later(Arc::new(later))))
            }
            "asgiref.sync.sync_to_async"
            | "asgiref.sync.async_to_sync"
            | "channels.db.database_sync_to_async" => Some(first?.value.clone()),
            "asyncio.to_thread" => {
                let callee = first.filter(|first| is_callable(&first.value))?.value.clone();
                Some(self.invoke(&callee, rest(), place, id))
            }
            "builtins.map" => {
                let callee = first.filter(|first| is_callable(&first.value))?.value.clone();
                let one =
                    |given: &Given| Given { value: self.element(&given.value), expr: given.expr };
                let positional = args.positional.iter().skip(1).map(one).collect();
                let given = self.invoke(&callee, Args { positional, ..Args::default() }, place, id);
                Some(Value::default().with_field(ANY, given))
            }
            "builtins.filter" => Some(args.positional.get(1)?.value.clone()),
            "threading.Thread" | "multiprocessing.Process" | "multiprocessing.context.Process" => {
                let callee = args.keyword("target").or_else(|| args.positional.get(1))?;
                self.later_call(&callee.value.clone(), args, place, id)
            }
            "threading.Timer" => {
                let callee = args.keyword("function").or_else(|| args.positional.get(1))?;
                self.later_call(&callee.value.clone(), args, place, id)
            }
            "django.db.transaction.on_commit" => {
                let callee = first.filter(|first| is_callable(&first.value))?.value.clone();
                Some(self.invoke(&callee, Args::default(), place, id))
            }
            _ => self.operator(name, args, id),
        }
    }

    /// `Thread(target=run, args=(a, b), kwargs={…})`
    fn later_call(
        &mut self,
        callee: &Value,
        args: &Args,
        place: Span,
        id: ExprId,
    ) -> Option<Value> {
        if !is_callable(callee) {
            return None;
        }
        let given = Args::unpacked(args.keyword("args"), args.keyword("kwargs"));
        Some(self.invoke(callee, given, place, id))
    }
}

/// One of several values.
pub(super) fn joined(values: impl Iterator<Item = Value>) -> Value {
    values
        .reduce(|mut all, one| {
            all.join(&one);
            all
        })
        .unwrap_or_default()
}

/// Whether it is known what is run when a value is called, or who knows.
pub(super) fn is_callable(value: &Value) -> bool {
    let handed = || {
        let mut labels = value.taint.labels().iter();
        labels.any(|label| matches!(label.origin, Origin::Parameter(_, None)))
    };
    matches!(
        value.what,
        What::Name(_)
            | What::Either(_)
            | What::Function(..)
            | What::Later(_)
            | What::Instance(QualifiedName::Project(..))
    ) || handed()
}
