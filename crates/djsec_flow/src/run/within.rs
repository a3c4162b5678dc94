//! What is put into a list or a table that stands in an attribute: one of a class, which all its instances share,
//! or one that an object holds for itself.

use std::sync::Arc;

use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Function, Stmt};

use super::Run;
use super::names::is_container;
use crate::taint::{DEEPEST, Origin, SEPARATOR, Taint};
use crate::value::{ANY, Value, What};

/// Of more classes than this that a base has put into a table of its own, the first count.
const MOST_DERIVED: usize = 6;

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

    /// Something is put into what an object holds: `self.parts.append(part)`, `query.options["a"] = b`. Whoever
    /// gave the object finds it there, and so do the other methods of its class.
    pub(super) fn note_held(&mut self, base: ExprId, item: &str, more: &Value) {
        let mut path = vec![item];
        let mut at = base;
        while let Expr::Attribute(outer, name) = self.code.expr(at) {
            path.push(self.code.text(name));
            at = outer;
        }
        let Expr::Name(name) = self.code.expr(at) else { return };
        if path.len() < 2 || path.len() > DEEPEST {
            return;
        }
        path.reverse();
        if let Some(Some(holder)) = self.env.get(name) {
            let (labels, what) = (holder.taint.clone(), holder.what.clone());
            self.note_more(&labels, &what, &path, more);
        } else if let Some(What::Instance(class)) = self.object_around(name).map(|of| of.what)
            && let Some((attribute, rest)) = path.split_first()
        {
            // A function in a method: `def wrap(called): self.handlers[name] = called`.
            self.leave_for_all(&class, attribute, &held_at(rest, more));
        }
    }

    /// The same, at the end of a path from what is known by its data and its class.
    pub(super) fn note_more(&mut self, taint: &Taint, what: &What, path: &[&str], more: &Value) {
        let of_parameter = taint.labels().iter().find_map(|label| match &label.origin {
            Origin::Parameter(at, None) => Some(*at),
            _ => None,
        });
        if let Some(at) = of_parameter {
            let name: Arc<str> = Arc::from(path.join(&SEPARATOR.to_string()));
            self.out.write(at, &name, &more.clone().outside());
        }
        let What::Instance(class) = what else { return };
        if let Some((attribute, rest)) = path.split_first()
            && self.is_own(class)
        {
            self.leave(class, attribute, &held_at(rest, more));
        }
    }

    /// What stands in a list or a table of a class that puts each class into it that is derived from it:
    /// `cls.registry[cls.name] = cls` in `__init_subclass__`.
    pub(super) fn derived_in(&self, class: &QualifiedName, name: &str) -> Option<Value> {
        let found = self.world.hierarchy.attribute(class, "__init_subclass__")?;
        let AttributeValue::Method(_, code, function) = found.value else { return None };
        if !puts_in(code, code.function(function)?, name) {
            return None;
        }
        let derived = self.world.index.derived(&found.owner).iter().take(MOST_DERIVED);
        let all: Vec<What> = derived.cloned().map(What::Name).collect();
        let one = match all.as_slice() {
            [] => return None,
            [only] => only.clone(),
            _ => What::Either(Arc::new(all)),
        };
        Some(Value::default().with_field(ANY, Value::of(one)))
    }

    /// The class in which a list or a table stands that no instance has for itself.
    fn shared_in(&self, class: &QualifiedName, name: &str) -> Option<QualifiedName> {
        let found = self.world.hierarchy.attribute(class, name)?;
        let AttributeValue::Assigned(_, code, id) = found.value else { return None };
        let shared = is_container(code, id) && !self.is_written(class, name);
        shared.then_some(found.owner)
    }
}

/// What holds something at the end of a path.
fn held_at(path: &[&str], more: &Value) -> Value {
    path.iter().rev().fold(more.clone(), |held, name| Value::default().with_field(name, held))
}

/// Whether a class method puts the class that it is called on into something of this name.
fn puts_in(code: &Code, function: &Function, name: &str) -> bool {
    let Some(class) = function.parameters.first().map(|parameter| parameter.name) else {
        return false;
    };
    let is_class = |id: ExprId| matches!(code.expr(id), Expr::Name(known) if known == class);
    let is_list =
        |id: ExprId| matches!(code.expr(id), Expr::Attribute(_, known) if code.text(known) == name);
    let mut puts = false;
    code.each_stmt(function.body, &mut |_, stmt| match stmt {
        Stmt::Assign { targets, value: Some(value), .. } if is_class(value) => {
            puts |= code.exprs(targets).iter().any(
                |target| matches!(code.expr(*target), Expr::Subscript(base, _) if is_list(base)),
            );
        }
        Stmt::Expr(call) => {
            let Some((callee, arguments)) = code.call(call) else { return };
            let Expr::Attribute(base, method) = code.expr(callee) else { return };
            let adds = matches!(code.text(method), "append" | "add" | "insert" | "setdefault");
            puts |= adds && is_list(base) && arguments.iter().any(|one| is_class(one.value));
        }
        _ => {}
    });
    puts
}
