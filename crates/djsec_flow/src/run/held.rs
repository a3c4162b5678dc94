//! Calls of what an object or its class holds under a name, and that is no method: `self.client_class()`,
//! `self.draw(text)`.

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId};

use super::Run;
use super::higher::joined;
use super::waits::parameter;
use crate::args::{Args, Given};
use crate::taint::Label;
use crate::value::{Value, What};

/// Of more classes than this that are derived from one, the first count.
const MOST_DERIVED: usize = 6;

/// Functions are looked for so deep in the tables that objects hold.
const DEEPEST: usize = 2;

/// What is called.
struct Held {
    callee: Value,
    /// Whether it is handed the object first, as methods are.
    bound: bool,
}

impl Run<'_, '_> {
    pub(super) fn held_call(
        &mut self,
        class: &QualifiedName,
        name: &str,
        args: &Args,
        (place, id): (Span, ExprId),
    ) -> Option<Value> {
        let receiver = args.receiver.clone()?;
        let all = match receiver.value.known_field(name) {
            Some(known) if is_made_to_call(known) => {
                vec![Held { callee: known.clone(), bound: false }]
            }
            Some(_) => return None,
            None => self.held_by_classes(class, name),
        };
        if all.is_empty() {
            return self.kept_call((class, name), args, (place, id));
        }
        let several = all.len() > 1;
        let value = joined(all.into_iter().map(|held| {
            let mut args = Args { receiver: None, ..args.clone() };
            if held.bound {
                let this = Given { value: receiver.value.clone(), expr: receiver.expr };
                args.positional.insert(0, this);
            }
            self.invoke(&held.callee, args, place, id)
        }));
        if several {
            self.left_at = None;
        }
        Some(value)
    }

    /// A call of what methods keep in the object under a name: `self.handler = handler`. What this one was made
    /// with is known to whoever has it.
    fn kept_call(
        &mut self,
        (class, name): (&QualifiedName, &str),
        args: &Args,
        (place, id): (Span, ExprId),
    ) -> Option<Value> {
        let receiver = args.receiver.as_ref()?;
        let known = self.world.hierarchy.attribute(class, name).map(|found| found.value);
        let kept = matches!(known, None | Some(AttributeValue::Assigned(..)));
        if !kept || !self.is_written(class, name) {
            return None;
        }
        let value = self.attribute(&receiver.value, name, place, id);
        let args = Args { receiver: None, ..args.clone() };
        let of_parameter = parameter(&value).is_some();
        let left = self.left_to_call(class, name).unwrap_or(value.what.clone());
        let left = Value { what: left, ..value };
        let mut all = Vec::new();
        if is_made_to_call(&left) {
            all.push(self.invoke(&left, args.clone(), place, id));
        }
        if of_parameter {
            let given = self.result_of(&left, &args, place);
            let of_caller = |label: &Label| label.origin.parameter().is_some();
            // What comes from outside went through what is known to be called, already.
            let rest = given.taint.map(|label| of_caller(label).then(|| label.clone()));
            all.push(if all.is_empty() { given } else { Value::tainted(rest) });
            self.left_at = None;
        }
        (!all.is_empty()).then(|| joined(all.into_iter()))
    }

    /// Takes over what functions stand in what methods left in an object: of the object at hand nothing is known
    /// there. Which class it holds itself is left open, as that decides more than what a call of it does.
    pub(super) fn adopt(&self, value: &mut Value, kept: &Value, depth: usize) {
        let is_function = |what: &What| match what {
            What::Function(..) | What::Later(_) => true,
            What::Name(name) => depth > 0 || self.function_of(name).is_some(),
            _ => false,
        };
        if value.what == What::Unknown && kept.what.alternatives().iter().all(is_function) {
            value.what = kept.what.clone();
        }
        let items = kept
            .fields
            .iter()
            .flat_map(|fields| fields.iter())
            .filter(|(_, item)| item.has_function());
        let items: Vec<_> = items.filter(|_| depth < DEEPEST).collect();
        for (name, item) in items {
            let mut own = value.field(name);
            self.adopt(&mut own, item, depth + 1);
            *value = std::mem::take(value).with_field(name, own);
        }
    }

    /// What is called that methods of a class leave in its instances.
    fn left_to_call(&self, class: &QualifiedName, name: &str) -> Option<What> {
        let order = self.world.hierarchy.order(class);
        let kept = order.iter().filter_map(|owner| self.known.attributes.get(owner, name));
        let all = joined(kept.cloned());
        is_made_to_call(&all).then_some(all.what)
    }

    /// What stands under a name in the body of a class, and of those derived from it: which of them an object is
    /// of is not known.
    fn held_by_classes(&self, class: &QualifiedName, name: &str) -> Vec<Held> {
        let mut all: Vec<Held> = Vec::new();
        let derived = self.world.index.derived(class).iter().take(MOST_DERIVED);
        for class in std::iter::once(class).chain(derived) {
            let Some(found) = self.world.hierarchy.attribute(class, name) else { continue };
            let AttributeValue::Assigned(module, code, id) = found.value else { continue };
            let held = self.held_as((module, code, id));
            all.extend(held.filter(|held| !all.iter().any(|known| known.callee == held.callee)));
        }
        all
    }

    /// A class that is named, a function, or one that is handed no object: `staticmethod(draw)`.
    fn held_as(&self, (module, code, id): (djsec_python::ModuleId, &Code, ExprId)) -> Option<Held> {
        let (named, is_static) = match code.expr(id) {
            Expr::Name(_) | Expr::Attribute(..) => (id, false),
            Expr::Call(callee, _) if code.name(callee) == Some("staticmethod") => {
                let (_, arguments) = code.call(id)?;
                (arguments.first()?.value, true)
            }
            _ => return None,
        };
        let name = self.world.named((module, code), named)?;
        if is_static && matches!(name, QualifiedName::External(_)) {
            return Some(Held { callee: Value::of(What::Name(name)), bound: false });
        }
        let QualifiedName::Project(..) = name else { return None };
        let function = self.function_of(&name).is_some();
        // What a base makes of the form that each derived class names has a field of none of them.
        let is_form = self.is_form(&name) || self.is_serializer(&name);
        let known = function || self.world.program.class_code(&name).is_some() && !is_form;
        known.then(|| Held { callee: Value::of(What::Name(name)), bound: function && !is_static })
    }
}

fn is_made_to_call(value: &Value) -> bool {
    value.what.is_called()
}
