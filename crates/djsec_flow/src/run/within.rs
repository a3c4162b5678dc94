//! What is put into a list or a table that stands in a class: all its instances share it.

use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::names::is_container;
use crate::value::{Value, What};

impl Run<'_, '_> {
    /// More is in what an attribute stands for: `Table.rows[key] = row`, `self.items.append(item)`.
    pub(super) fn note_within(&mut self, base: ExprId, more: &Value) {
        let Expr::Attribute(outer, name) = self.code.expr(base) else { return };
        let name = self.code.text(name);
        let holder = self.eval(outer);
        let (What::Instance(class) | What::Name(class)) = &holder.what else { return };
        if let Some(owner) = self.shared_in(class, name) {
            self.leave_for_all(&owner, name, more);
        }
    }

    /// The class in which a list or a table stands that no instance has for itself.
    fn shared_in(&self, class: &QualifiedName, name: &str) -> Option<QualifiedName> {
        let found = self.world.hierarchy.attribute(class, name)?;
        let AttributeValue::Assigned(_, code, id) = found.value else { return None };
        let shared = is_container(code, id) && !self.is_written(class, name);
        shared.then_some(found.owner)
    }
}
