//! Generators: what they give one after another, what they are sent, and what they leave at their end.

use djsec_base::Span;
use djsec_python::code::{ExprId, FunctionId};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::higher::joined;
use crate::args::{Args, Bound, Given};
use crate::taint::{Label, Origin, Taint};
use crate::trail::Trail;
use crate::value::{ANY, Value, What};

/// Under which name stands what a generator gives back at its end: what `yield from` evaluates to.
const END: &str = "<end>";

impl Run<'_, '_> {
    /// `yield value`: what it evaluates to is what the generator is sent.
    pub(super) fn yields(&mut self, value: Option<ExprId>) -> Value {
        let value = value.map(|value| self.eval(value)).unwrap_or_default();
        self.gives_next(&value);
        self.sent_here()
    }

    /// `yield from other`: the other gives the next values, and is sent what this one is sent.
    pub(super) fn yields_from(&mut self, other: ExprId) -> Value {
        let other_value = self.eval(other);
        let one = self.element(&other_value);
        self.gives_next(&one);
        let sent = Given { value: self.sent_here(), expr: other };
        let answers = self.sends(&other_value, &sent, self.place(other));
        let ends = [other_value, answers].into_iter();
        joined(ends.filter_map(|value| value.known_field(END).cloned()))
    }

    /// `return value` in a generator.
    pub(super) fn gives_at_end(&mut self, value: &Value) {
        let mut end = self.out.returns.known_field(END).cloned().unwrap_or_default();
        end.join(value);
        if !end.is_plain() {
            self.out.returns = std::mem::take(&mut self.out.returns).with_field(END, end);
        }
    }

    fn gives_next(&mut self, value: &Value) {
        let value = value.clone().outside();
        let given = match self.inner.last() {
            None => {
                self.returned = true;
                &mut self.out.returns
            }
            Some(function) => self.closures.entry(*function).or_default(),
        };
        let mut item = given.field(ANY);
        item.join(&value);
        *given = std::mem::take(given).with_field(ANY, item);
    }

    /// What the generator at hand is sent: as if it were handed over in one more parameter.
    fn sent_here(&self) -> Value {
        let after_parameters = u16::try_from(self.function.parameters.len());
        match after_parameters {
            Ok(at) if self.inner.is_empty() => {
                let label = Label::new(Origin::Parameter(at, None), Trail::default());
                Value::tainted(Taint::of(label))
            }
            // What a function in this one is sent is seen where that one is run by itself.
            _ => Value::default(),
        }
    }

    /// Calls a method of a generator; nothing where it has no such method.
    pub(super) fn generator_method(
        &mut self,
        name: &str,
        args: &Args,
        place: Span,
    ) -> Option<Value> {
        let receiver = args.receiver.as_ref()?;
        match name {
            "send" | "asend" => {
                let mut next = self.element(&receiver.value);
                next.join(&self.sends(&receiver.value, args.positional.first()?, place).field(ANY));
                Some(next)
            }
            // What is thrown is an exception.
            "throw" | "athrow" | "__next__" | "__anext__" => Some(self.element(&receiver.value)),
            "close" | "aclose" => Some(Value::default()),
            _ => None,
        }
    }

    /// Sends something into a generator; what it gives then, as far as that is made of what it was sent.
    pub(super) fn sends(&mut self, generator: &Value, sent: &Given, place: Span) -> Value {
        let mut given = Value::default();
        for what in generator.what.alternatives() {
            if let What::Generator(module, function) = what {
                given.join(&self.sends_into((*module, *function), sent, place));
            }
        }
        given
    }

    fn sends_into(
        &mut self,
        (module, function): (ModuleId, FunctionId),
        sent: &Given,
        place: Span,
    ) -> Value {
        let code = self.world.program.code(module);
        let found = code.and_then(|code| Some((code, code.function(function)?)));
        let Some((code, found)) = found else { return Value::default() };
        if let Some(key) = self.world.index.key(module, function) {
            self.out.calls(key);
        }
        let Some(summary) = self.summary(module, function) else { return Value::default() };
        let mut bound: Vec<Bound> = found.parameters.iter().map(|_| Bound::nothing()).collect();
        bound.push(Bound::of(sent));
        let name = code.text(found.name);
        self.applied(&summary, &bound, place, name)
    }

    /// What `with value as name` gives the name.
    pub(super) fn entered(&mut self, value: Value, id: ExprId) -> Value {
        match &value.what {
            // `@contextmanager`: what the generator yields.
            What::Generator(..) => self.element(&value),
            What::Instance(QualifiedName::Project(..)) => {
                let own = ["__enter__", "__aenter__"].into_iter();
                let mut own = own.filter(|name| self.has_method(&value, name));
                let Some(name) = own.next() else { return value };
                let place = self.place(id);
                let receiver = Some(Given { value, expr: id });
                self.method(name, &Args { receiver, ..Args::default() }, place, id)
            }
            _ => value,
        }
    }
}

/// What a function gives is a generator that runs it.
pub(super) fn generator((module, function): (ModuleId, FunctionId), returns: Value) -> Value {
    Value { what: What::Generator(module, function), ..returns }
}
