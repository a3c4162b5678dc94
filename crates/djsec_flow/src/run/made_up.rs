//! Attributes that nobody wrote: those of descriptors, and those that `__getattr__` makes up.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Function, Operator, Stmt};

use super::Run;
use crate::args::{Args, Given};
use crate::value::{Value, What};

impl Run<'_, '_> {
    /// What a descriptor gives that stands under a name of the class, or else what `__getattr__` gives.
    pub(super) fn made_up(
        &mut self,
        base: &Value,
        class: &QualifiedName,
        name: &str,
        id: ExprId,
    ) -> Option<Value> {
        let found = self.world.hierarchy.attribute(class, name);
        // Nearly no class has either method: nothing is put together before it is known that one has.
        let (method, receiver, argument) = match found.map(|found| found.value) {
            None => {
                self.own_method(class, "__getattr__")?;
                if self.is_written(class, name) {
                    return None;
                }
                ("__getattr__", base.clone(), Value::text(name))
            }
            Some(AttributeValue::Assigned(module, code, made)) => {
                let (callee, _) = code.call(made)?;
                let maker = self.world.named((module, code), callee)?;
                self.world.program.class_code(&maker)?;
                self.own_method(&maker, "__get__")?;
                ("__get__", Value::instance_of(maker), base.clone())
            }
            Some(_) => return None,
        };
        let given = |value: Value| Given { value, expr: self.code.no_expr() };
        let (receiver, positional) = (Some(given(receiver)), vec![given(argument)]);
        let args = Args { positional, receiver, ..Args::default() };
        Some(self.method(method, &args, self.place(id), id))
    }

    /// A method that is another one with some arguments given already: `list = partialmethod(run, "ls")`.
    pub(super) fn partial_method(
        &mut self,
        class: &QualifiedName,
        name: &str,
        args: &Args,
        (place, id): (Span, ExprId),
    ) -> Option<Value> {
        let found = self.world.hierarchy.attribute(class, name)?;
        let AttributeValue::Assigned(module, code, made) = found.value else { return None };
        let (callee, [method, fixed @ ..]) = code.call(made)? else { return None };
        let maker = self.world.named((module, code), callee)?;
        let method = code.name(method.value).filter(|method| *method != name)?;
        if !maker.is_external("functools.partialmethod") {
            return None;
        }
        let mut all = Args { positional: Vec::new(), ..args.clone() };
        for argument in fixed {
            let value = code.string(argument.value).map(Value::text).unwrap_or_default();
            let given = Given { value, expr: self.code.no_expr() };
            match argument.keyword {
                Some(keyword) => all.keywords.push((Arc::from(code.text(keyword)), given)),
                None => all.positional.push(given),
            }
        }
        all.positional.extend(args.positional.iter().cloned());
        Some(self.method(method, &all, place, id))
    }

    /// Whether an object is one of the project, no row, and has a method of this name.
    pub(super) fn has_own(&self, on: &Value, method: &str) -> bool {
        let What::Instance(class @ QualifiedName::Project(..)) = &on.what else { return false };
        self.world.models.get(class).is_none() && self.has_method(on, method)
    }

    /// What an operator gives where the class of what stands on its left has a method for it.
    pub(super) fn own_operator(
        &mut self,
        operator: Operator,
        (on, left): (&Value, ExprId),
        (other, right): (&Value, ExprId),
    ) -> Option<Value> {
        let method = match operator {
            Operator::Add => "__add__",
            Operator::Sub => "__sub__",
            Operator::Mult => "__mul__",
            Operator::Mod => "__mod__",
            Operator::Div => "__truediv__",
            Operator::BitOr => "__or__",
            Operator::BitAnd => "__and__",
            Operator::Power | Operator::Other => return None,
        };
        if !self.has_own(on, method) {
            return None;
        }
        let given = |value: &Value, expr| Given { value: value.clone(), expr };
        let (receiver, positional) = (Some(given(on, left)), vec![given(other, right)]);
        let args = Args { positional, receiver, ..Args::default() };
        Some(self.method(method, &args, self.place(right), right))
    }

    /// What an object of the project says of itself as a text, if its class does. Rows do, too, with what was
    /// stored; that is no news wherever a row is shown.
    pub(super) fn as_text_of(&mut self, on: &Value, method: &str, place: Span) -> Option<Value> {
        if !self.has_own(on, method) {
            return None;
        }
        let receiver = Some(Given { value: on.clone(), expr: self.code.no_expr() });
        let args = Args { receiver, ..Args::default() };
        Some(self.method(method, &args, place, self.code.no_expr()))
    }

    /// What stands where an object is written into a text: what its class says it is.
    pub(super) fn as_text(&mut self, value: Value, place: Span) -> Value {
        if !matches!(value.what, What::Instance(QualifiedName::Project(..))) {
            return value;
        }
        self.as_text_of(&value, "__str__", place).unwrap_or(value)
    }

    /// The same in an f-string or by `format()`, where the class may say something else.
    pub(super) fn as_formatted(&mut self, value: Value, place: Span) -> Value {
        match self.as_text_of(&value, "__format__", place) {
            Some(said) => said,
            None => self.as_text(value, place),
        }
    }

    /// The same of what stands in a tuple or a mapping: `"%s: %s" % (order, note)`.
    pub(super) fn all_as_texts(&mut self, values: &Value, place: Span) -> Value {
        let mut all = self.as_text(values.clone(), place);
        let objects = values
            .items()
            .filter(|(_, item)| matches!(item.what, What::Instance(QualifiedName::Project(..))));
        let objects: Vec<(String, Value)> =
            objects.map(|(key, item)| (format!("[{key}]"), item.clone())).collect();
        for (name, item) in objects {
            all = all.with_field(&name, self.as_text(item, place));
        }
        all
    }

    /// The same of arguments: `"{}: {}".format(order, note)`.
    pub(super) fn args_as_texts(&mut self, args: &Args) -> Args {
        let mut args = args.clone();
        for given in args.each_mut() {
            let place = self.place(given.expr);
            given.value = self.as_formatted(std::mem::take(&mut given.value), place);
        }
        args
    }

    /// What `total += more` leaves in an object of the project, if its class says so.
    pub(super) fn own_augmented(
        &mut self,
        operator: Operator,
        (on, target): (&Value, ExprId),
        (other, more): (&Value, ExprId),
    ) -> Option<Value> {
        let in_place = match operator {
            Operator::Add => "__iadd__",
            Operator::Sub => "__isub__",
            Operator::Mult => "__imul__",
            Operator::BitOr => "__ior__",
            Operator::BitAnd => "__iand__",
            _ => return None,
        };
        if !self.has_own(on, in_place) {
            return self.own_operator(operator, (on, target), (other, more));
        }
        let given = |value: &Value, expr| Given { value: value.clone(), expr };
        let (receiver, positional) = (Some(given(on, target)), vec![given(other, more)]);
        let args = Args { positional, receiver, ..Args::default() };
        Some(self.method(in_place, &args, self.place(more), more))
    }

    /// `str(value)`, `repr(value)` of what says itself how it is written.
    pub(super) fn text_made(&mut self, callee: &str, args: &Args) -> Option<Value> {
        let method = if callee == "builtins.str" { "__str__" } else { "__repr__" };
        let given = args.positional.first()?;
        self.as_text_of(&given.value, method, self.place(given.expr))
    }

    /// Whether a method of a class gives its instances an attribute of this name.
    pub(super) fn is_written(&self, class: &QualifiedName, name: &str) -> bool {
        self.world.bodies(class).any(|(_, code, body)| {
            let mut methods = code.class_body(body).into_iter().filter_map(|stmt| match stmt {
                Stmt::Function(function) => code.function(function),
                _ => None,
            });
            methods.any(|method| writes(code, method, name))
        })
    }
}

/// Whether a method puts something under an attribute of this name.
fn writes(code: &Code, method: &Function, name: &str) -> bool {
    let is = |target: &ExprId| matches!(code.expr(*target), Expr::Attribute(_, known) if code.text(known) == name);
    let mut written = false;
    code.each_stmt(method.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, .. } = stmt {
            written |= code.exprs(targets).iter().any(is);
        }
    });
    written
}
