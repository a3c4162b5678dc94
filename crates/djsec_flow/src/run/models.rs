//! Models that are looked up by name while the program runs: `apps.get_model(label)`, a row of
//! `ContentType`, an attribute of a module. Of the data by which they are looked up only the choice is
//! left, and that does harm where their rows are read or written.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use crate::args::Args;
use crate::taint::Taint;
use crate::value::{Fact, Value, What};
use crate::{Kind, Kinds};

/// Attributes of a model that lead to its rows.
const MANAGERS: &[&str] = &["objects", "_default_manager", "_base_manager", "all_objects"];

/// Calls on a manager that are looked at one after the other.
const CALLS: usize = 6;

/// The model whose rows are other models.
pub(super) const CONTENT_TYPE: &str = "django.contrib.contenttypes.models.ContentType";

/// What is known of a model that is looked up by some data.
fn chosen(taint: &Taint, place: Span) -> Value {
    let taint = taint.sanitized(Kinds::CHOSEN_MODEL);
    Value::tainted(taint.stepped(place, || "a model is looked up by it".into()))
}

/// `apps.get_model(label)`, `apps.get_app_config("shop").get_model(name)`.
pub(super) fn model_by_name(args: &Args, place: Span) -> Value {
    chosen(&args.whole(), place)
}

/// `getattr(models, name)` of a module.
pub(super) fn attribute_by_name(args: &Args, place: Span) -> Option<Value> {
    let [on, name, ..] = args.positional.as_slice() else { return None };
    let module = matches!(on.value.what, What::Name(QualifiedName::Module(_)));
    module.then(|| chosen(&name.value.whole(), place))
}

/// Rows; one of `ContentType` that data has chosen, or several, stands for what was chosen.
pub(super) fn content_type(rows: Value, args: &Args, place: Span) -> Value {
    match &rows.what {
        What::Query(model) | What::Instance(model) if model.is_external(CONTENT_TYPE) => {
            Value { what: rows.what, ..chosen(&args.everything(), place) }
        }
        _ => rows,
    }
}

impl Run<'_, '_> {
    /// What `self` is in the methods of a class: in those of a manager that one model has, its rows.
    pub(super) fn this(&self, owner: &QualifiedName) -> What {
        let bases = self.external_bases(owner);
        let of_rows = |base: &Arc<str>| {
            base.starts_with("django.db.models.query.")
                || base.starts_with("django.db.models.manager.")
        };
        // Asked once, before any model: what most methods stand in is no manager.
        if !bases.iter().any(of_rows) {
            return What::Instance(owner.clone());
        }
        let mut models = self
            .world
            .models
            .all
            .iter()
            .filter(|model| model.managers.iter().any(|(_, of)| of == owner));
        match (models.next(), models.next()) {
            (Some(only), None) => What::Query(only.class.clone()),
            _ => What::Instance(owner.clone()),
        }
    }

    /// The managers of a model are asked for.
    pub(super) fn meets_manager(&mut self, model: &Value, name: &str, id: ExprId) {
        if model.taint.is_empty() || !MANAGERS.contains(&name) || self.is_for_asker(id) {
            return;
        }
        let on = match self.code.expr(id) {
            Expr::Attribute(base, _) => base,
            _ => id,
        };
        let words: Arc<str> = Arc::from("the model whose rows are read or written");
        self.into_kind(Kind::Model, &[(model.taint.clone(), on)], (name, &words), (true, false));
    }

    /// Whether the rows of a manager are only those for who asks: `model.objects.restrict(request.user)`,
    /// `model.objects.filter(owner=request.user)`.
    fn is_for_asker(&mut self, manager: ExprId) -> bool {
        let code = self.code;
        let mut on = manager;
        for _ in 0..CALLS {
            let mut next = None;
            code.each_expr(self.function.body, &mut |id, expr| {
                let Expr::Call(callee, arguments) = expr else { return };
                if matches!(code.expr(callee), Expr::Attribute(base, _) if base == on) {
                    next = Some((id, arguments));
                }
            });
            let Some((call, arguments)) = next else { return false };
            for argument in code.arguments(arguments) {
                let value = self.eval(argument.value);
                if matches!(&value.what, What::Instance(class) if self.world.models.is_user(class))
                {
                    return true;
                }
            }
            on = call;
        }
        false
    }

    /// A class is called that data has chosen: a row is made.
    pub(super) fn meets_class(&mut self, class: &Value, id: ExprId) {
        let chosen = class.taint.map(|label| {
            let is_model = label.safe.holds(Kinds::LOOKED_UP);
            is_model.then(|| label.clone())
        });
        let Some((callee, _)) = self.code.call(id).filter(|_| !chosen.is_empty()) else { return };
        let words: Arc<str> = Arc::from("the model of which a row is made");
        let name = self.words(callee);
        self.into_kind(Kind::Model, &[(chosen, callee)], (&name, &words), (true, false));
    }

    /// What a condition says of a model that it asks for a mark of its own, or for its base class:
    /// `hasattr(model, "search_fields")`, `issubclass(model, Document)`. Nobody but the project gives
    /// models such marks.
    pub(super) fn marked(&self, call: ExprId) -> Option<Fact> {
        let (callee, arguments) = self.code.call(call)?;
        let [model, mark, ..] = arguments else { return None };
        let marks = match self.code.name(callee)? {
            "hasattr" | "getattr" => {
                self.code.string(mark.value).is_some_and(|mark| !mark.starts_with('_'))
            }
            "issubclass" => {
                matches!(self.named(mark.value)?, QualifiedName::Project(..))
            }
            _ => return None,
        };
        let subject = self.written(model.value).filter(|_| marks)?;
        let safe = Kinds::of([Kind::Model]);
        Some(Fact { safe, ..Fact::harmless(subject, true) })
    }

    /// The model about which a comparison says something: `model._meta.label in EXPORTED`.
    pub(super) fn model_of_meta(&self, id: ExprId) -> Option<Arc<str>> {
        let Expr::Attribute(meta, _) = self.code.expr(id) else { return None };
        let Expr::Attribute(model, name) = self.code.expr(meta) else { return None };
        (self.code.text(name) == "_meta").then(|| self.written(model))?
    }
}
