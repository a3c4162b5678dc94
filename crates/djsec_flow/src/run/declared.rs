//! Rows that a class of a view declares: `queryset = Order.objects.filter(open=True)`, and what `get_queryset()` makes of
//! them.

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::query::QUERY;
use crate::args::Args;
use crate::value::{Value, What};

/// Methods of queries that give no query.
const NO_ROWS: &[&str] = &[
    "aggregate",
    "count",
    "create",
    "dates",
    "datetimes",
    "exists",
    "first",
    "get",
    "last",
    "values",
    "values_list",
];

/// Methods of queries that give a query of the same class.
const SAME: &[&str] = &[
    "alias",
    "all",
    "annotate",
    "complex_filter",
    "defer",
    "distinct",
    "exclude",
    "extra",
    "filter",
    "get_queryset",
    "only",
    "order_by",
    "prefetch_related",
    "reverse",
    "select_for_update",
    "select_related",
    "using",
];

/// Django's classes of queries and managers.
const ROWS: &[&str] = &[
    "django.db.models.query.QuerySet",
    "django.db.models.manager.BaseManager",
    "django.db.models.manager.Manager",
];

/// Under which name the models know what every row's class does.
const ROW: &str = "django.db.models.base.Model";

impl Run<'_, '_> {
    /// Whether a class of the project is a query or a manager.
    pub(super) fn is_of_rows(&self, class: &QualifiedName) -> bool {
        let own = matches!(class, QualifiedName::Project(..));
        own && self.external_bases(class).iter().any(|base| ROWS.contains(&&**base))
    }

    /// `self.filter(open=True)` in a query or a manager of the project: a query that has its methods.
    pub(super) fn same_rows(
        &mut self,
        class: &QualifiedName,
        name: &str,
        args: &Args,
        (place, id): (Span, ExprId),
    ) -> Option<Value> {
        let makes = name == "model";
        if !(makes || SAME.contains(&name)) || !self.is_of_rows(class) {
            return None;
        }
        let catalog = self.world.catalog;
        if makes {
            // `self.model(email=email, **extra)` makes a row, of whichever model it is the manager.
            let known = catalog.call(ROW)?;
            return Some(self.modelled(&[known], name, args, place, id));
        }
        let known = self.models_of(class, name).next();
        let known = known.or_else(|| catalog.call(&format!("{QUERY}.{name}")));
        if let Some(known) = known {
            // What its arguments end in.
            self.modelled(&[known], name, args, place, id);
        }
        args.receiver.as_ref().map(|receiver| receiver.value.clone())
    }

    /// The model whose rows an expression of a module or of the body of a class gives.
    pub(super) fn declared_rows(
        &self,
        (module, code): (ModuleId, &Code),
        id: ExprId,
    ) -> Option<QualifiedName> {
        match code.expr(id) {
            Expr::Call(callee, _) => match code.expr(callee) {
                Expr::Attribute(on, method) if !NO_ROWS.contains(&code.text(method)) => {
                    self.declared_rows((module, code), on)
                }
                _ => None,
            },
            Expr::Attribute(class, manager) => {
                let class = self.world.named((module, code), class)?;
                let manager = code.text(manager);
                let model = self.world.models.get(&class)?;
                let named = model.managers.iter().any(|(name, _)| &**name == manager);
                (named || matches!(manager, "objects" | "_default_manager")).then_some(class)
            }
            _ => None,
        }
    }

    /// What `get_queryset()` of a generic view or a viewset gives: the rows of its `queryset`, or of its `model`, which
    /// classes that are derived from it may name.
    pub(super) fn rows_of_view(
        &mut self,
        view: &Value,
        class: &QualifiedName,
        (place, id): (Span, ExprId),
    ) -> Option<Value> {
        let rows = self.attribute(view, "queryset", place, id);
        if matches!(rows.what, What::Query(_)) {
            return Some(rows);
        }
        let exactly = self.exactly.clone();
        let model = self.attribute_model(exactly.as_ref().unwrap_or(class), "model")?;
        self.world.models.get(&model).map(|_| Value::of(What::Query(model.clone())))
    }
}
