//! What decorators of the project hand to the functions that they stand at.

use djsec_base::Span;
use djsec_python::ModuleId;
use djsec_python::QualifiedName;
use djsec_python::code::{ExprId, FunctionId};

use super::Run;
use crate::args::{Args, Given};
use crate::summary::Invoke;
use crate::taint::Origin;
use crate::value::{Value, What};

impl Run<'_, '_> {
    /// For each parameter what the decorators of this function give it from outside: a decorator is called
    /// with the function, and what it gives back calls it.
    pub(super) fn handed_by_decorators(&mut self) -> Vec<Value> {
        let code = self.code;
        let decorators = code.exprs(self.function.decorators);
        let mut handed = vec![
            Value::default();
            if decorators.is_empty() { 0 } else { self.function.parameters.len() }
        ];
        for id in decorators {
            let Some((decorator, shift)) = self.decorator(*id) else { continue };
            let Some(key) = self.world.index.key(decorator.0, decorator.1) else { continue };
            self.out.calls(key);
            let Some(summary) = self.summary(decorator.0, decorator.1) else { continue };
            let place = Span::new(self.file, self.function.name_range);
            let own = |call: &&Invoke| call.at == 0 && call.path.is_none();
            for call in summary.invokes.iter().filter(own) {
                let receiver = Given { value: Value::default(), expr: code.no_expr() };
                let args = Args { receiver: Some(receiver), ..call.args.clone() };
                for (slot, given) in handed.iter_mut().zip(args.bound(code, self.id, shift)) {
                    slot.join(
                        &from_outside(&given.value)
                            .stepped(place, || "handed over by a decorator".into()),
                    );
                }
            }
        }
        handed
    }

    /// The function of the project that is called with what is decorated, and whether it is made for
    /// functions and stands at a method: `@method_decorator(with_folder)`.
    fn decorator(&mut self, id: ExprId) -> Option<((ModuleId, FunctionId), bool)> {
        let code = self.code;
        let Some((callee, arguments)) = code.call(id) else {
            return Some((self.function_of(&self.named(id)?)?, false));
        };
        let name = self.named(callee)?;
        if name.is_external("django.utils.decorators.method_decorator") {
            return Some((self.function_of(&self.named(arguments.first()?.value)?)?, true));
        }
        let QualifiedName::Project(..) = &name else { return None };
        // `@with_folder("name")`: what this gives is the decorator.
        let (module, function) = self.function_of(&name)?;
        self.out.calls(self.world.index.key(module, function)?);
        match self.summary(module, function)?.returns.what {
            What::Function(module, function) => Some(((module, function), false)),
            _ => None,
        }
    }
}

/// What comes from outside in a value.
fn from_outside(value: &Value) -> Value {
    let outside = value.map(&|taint| {
        taint.map(|label| match label.origin {
            Origin::Source(_) => Some(label.clone()),
            Origin::Parameter(..) => None,
        })
    });
    Value { what: What::Unknown, ..outside }
}
