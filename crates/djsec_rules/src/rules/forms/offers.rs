//! Fields of forms in which a row is chosen, and from which rows.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};

use super::decides::{any_method, mentions};
use super::fields::Said;
use super::sent::{self, Sent};
use crate::Cx;
use crate::own::Site;

const FIELDS: &[&str] = &[
    "django.forms.ModelChoiceField",
    "django.forms.ModelMultipleChoiceField",
    "django.forms.models.ModelChoiceField",
    "django.forms.models.ModelMultipleChoiceField",
];

/// A field that offers all rows of a model.
pub(super) struct Offer {
    pub(super) field: String,
    pub(super) model: QualifiedName,
    pub(super) place: Span,
}

/// The fields of a form that offer all rows of a model.
pub(super) fn offers(cx: &Cx<'_>, sent: &Sent<'_, '_>) -> Vec<Offer> {
    let mut offers = Vec::new();
    for (base, at, id) in cx.bodies(&sent.used.class) {
        let Some(class) = at.code.class(id) else { continue };
        for stmt in at.code.class_body(class) {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                && let [target] = at.code.exprs(targets)
                && let (Some(field), Some(model)) = (at.code.name(*target), all_of(cx, at, value))
                && cx.classes.attribute(&sent.used.class, field).is_some_and(|f| f.owner == base)
            {
                offers.push(Offer { field: field.to_owned(), model, place: at.expr_span(value) });
            }
        }
    }
    offers.extend(related(cx, sent));
    offers
}

/// The model of which a declared field offers all rows.
fn all_of(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> Option<QualifiedName> {
    let (callee, arguments) = at.code.call(value)?;
    if !cx.names(at, callee, FIELDS) {
        return None;
    }
    let queryset = at.code.argument(arguments, 0, "queryset")?;
    let mut query = queryset;
    while let Some((callee, arguments)) = at.code.call(query) {
        let plain = |value: ExprId| {
            matches!(at.code.expr(value), Expr::Str(_) | Expr::Bool(_) | Expr::Int(_) | Expr::None)
        };
        let Expr::Attribute(owner, name) = at.code.expr(callee) else { return None };
        let known = ["all", "filter", "exclude", "order_by", "select_related", "prefetch_related"];
        if !known.contains(&at.code.text(name)) || !arguments.iter().all(|a| plain(a.value)) {
            return None;
        }
        query = owner;
    }
    cx.query_model(at, queryset)
}

/// The foreign keys among the fields of a model form for which nothing is declared.
fn related(cx: &Cx<'_>, sent: &Sent<'_, '_>) -> Vec<Offer> {
    let (Some(listed), Some(model)) = (sent::listed(cx, sent), &sent.used.model) else {
        return Vec::new();
    };
    if sent.endpoint.is_rest() {
        return Vec::new();
    }
    let Said::These(names) = &listed.said else { return Vec::new() };
    let offer = |(name, place): &(&str, ExprId)| {
        let field = cx.models().field(model, name)?;
        let relation = field.relation.as_ref().filter(|_| !field.limited)?;
        let declared = !sent.is_of_view() && cx.classes.attribute(&sent.used.class, name).is_some();
        (!declared).then(|| Offer {
            field: (*name).to_owned(),
            model: relation.to.clone(),
            place: listed.at.expr_span(*place),
        })
    };
    names.iter().filter_map(offer).collect()
}

/// Whether a form narrows a field, or all of its fields in a way that is not followed.
pub(super) fn narrows(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> bool {
    let callback = sent::meta(cx, class)
        .is_some_and(|meta| cx.classes.attribute(&meta, "formfield_callback").is_some());
    callback
        || any_method(cx, class, |at, function| {
            let mut loops = false;
            at.code.each_stmt(function.body, &mut |_, stmt| {
                if let Stmt::Assign { targets, .. } = stmt {
                    loops |=
                        at.code.exprs(targets).iter().any(|target| is_any_queryset(at, *target));
                }
            });
            loops
                || at.code.text(function.name) == format!("clean_{field}")
                || mentions(at, function, field)
        })
}

/// `field.queryset`, for a field that is not named.
fn is_any_queryset(at: Site<'_>, target: ExprId) -> bool {
    matches!(at.code.expr(target), Expr::Attribute(owner, name)
        if at.code.text(name) == "queryset" && at.code.name(owner).is_some())
}
