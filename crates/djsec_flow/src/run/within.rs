//! What is put into something that an object holds (`self.parts.append(part)`): whoever has the object finds it.

use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::names::is_container;
use crate::value::{ADDS, Value, What};

/// Attributes that Django and its packages fill, so that they are more than what the project puts there.
const FILLED: &[&str] = &[
    "COOKIES",
    "FILES",
    "GET",
    "META",
    "POST",
    "__dict__",
    "cleaned_data",
    "data",
    "fields",
    "headers",
    "initial_data",
    "kwargs",
    "query_params",
    "session",
    "validated_data",
];

/// Objects in objects are told of this far.
const DEEPEST: usize = 2;

impl Run<'_, '_> {
    /// More is in what an attribute stands for: so it is in the object that has it.
    pub(super) fn note_within(&mut self, base: ExprId, more: &Value) {
        let (mut at, mut more) = (base, more.clone());
        for _ in 0..DEEPEST {
            let Expr::Attribute(outer, name) = self.code.expr(at) else { return };
            let name = self.code.text(name);
            let holder = self.eval(outer);
            if !self.holds_own(&holder, name) {
                return;
            }
            let shared = self.is_shared(outer);
            self.note_write(&holder, &format!("{ADDS}{name}"), &more, shared);
            more = Value::default().with_field(name, more);
            at = outer;
        }
    }

    /// A function that is called adds to what an argument holds.
    pub(super) fn add_within(&mut self, argument: ExprId, name: &str, more: Value) {
        let holder = self.eval(argument);
        let bare = name.strip_prefix(ADDS).unwrap_or(name);
        if !self.holds_own(&holder, bare) {
            return;
        }
        self.note_write(&holder, name, &more, self.is_shared(argument));
        self.note_within(argument, &Value::default().with_field(bare, more.clone()));
        self.replace(argument, holder.with_written(name, more));
    }

    /// Whether an attribute holds what the project puts there, and nothing else.
    fn holds_own(&self, holder: &Value, name: &str) -> bool {
        match &holder.what {
            What::Instance(class @ QualifiedName::Project(..)) => {
                self.is_class_container(class, name) || self.is_written(class, name)
            }
            What::Name(QualifiedName::Project(..)) => true,
            What::Unknown => !FILLED.contains(&name),
            _ => false,
        }
    }

    /// Whether a list or a table stands in a class, so that all its instances share it.
    pub(super) fn is_class_container(&self, class: &QualifiedName, name: &str) -> bool {
        match self.world.hierarchy.attribute(class, name).map(|found| found.value) {
            Some(AttributeValue::Assigned(_, code, id)) => {
                is_container(code, id) && !self.is_written(class, name)
            }
            _ => false,
        }
    }
}
