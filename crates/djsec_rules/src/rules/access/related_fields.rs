//! The fields of a serializer by which a client names rows of another model.

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_django::models::{Field, Model, RelationKind};
use djsec_django::views::View;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use crate::Cx;
use crate::own::{OwnClass, Site};

/// DRF's fields that look a row up by what the client sends.
const FIELDS: &[&str] = &[
    "rest_framework.relations.PrimaryKeyRelatedField",
    "rest_framework.relations.SlugRelatedField",
    "rest_framework.relations.HyperlinkedRelatedField",
];

/// Methods of a queryset that leave every row in it.
const WHOLE: &[&str] = &["all", "select_related", "prefetch_related", "order_by", "only", "defer"];

/// A field that takes any row of a model.
pub(super) struct Taking {
    /// Its name.
    pub(super) name: String,
    /// The model.
    pub(super) model: QualifiedName,
    /// Where it says so.
    pub(super) place: Span,
    /// Whether it is declared, rather than made for a foreign key.
    pub(super) declared: bool,
}

/// The fields of a serializer that take any row of a model.
pub(super) fn taking(cx: &Cx<'_>, serializer: &OwnClass<'_>) -> Vec<Taking> {
    let mut found = declared(cx, serializer);
    found.extend(made(cx, serializer).unwrap_or_default());
    found
}

fn declared(cx: &Cx<'_>, serializer: &OwnClass<'_>) -> Vec<Taking> {
    let mut found = Vec::new();
    for (owner, at, id) in cx.bodies(&serializer.name) {
        let code = at.code;
        let Some(class) = code.class(id) else { continue };
        for stmt in code.class_body(class) {
            let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
            for target in code.exprs(targets) {
                let Some(name) = code.name(*target) else { continue };
                // Of several with one name the nearest counts.
                let counts = cx.classes.attribute(&serializer.name, name).is_some_and(|found| {
                    matches!(found.value, AttributeValue::Assigned(_, _, one) if one == value)
                        && found.owner == owner
                });
                if let Some((model, place)) = any_row(cx, at, value).filter(|_| counts) {
                    found.push(Taking { name: name.to_owned(), model, place, declared: true });
                }
            }
        }
    }
    found
}

/// The model of a field that takes every row of it.
fn any_row(cx: &Cx<'_>, at: Site<'_>, field: ExprId) -> Option<(QualifiedName, Span)> {
    let (callee, arguments) = at.code.call(field)?;
    if !cx.names(at, callee, FIELDS) {
        return None;
    }
    let read_only = at.code.keyword(arguments, "read_only");
    if read_only.is_some_and(|value| at.code.bool(value) != Some(false)) {
        return None;
    }
    let queryset = at.code.keyword(arguments, "queryset")?;
    let model = cx.query_model(at, queryset).filter(|_| whole(at, queryset))?;
    Some((model, at.expr_span(queryset)))
}

/// Whether a queryset is every row: `Order.objects.select_related("customer").all()`.
fn whole(at: Site<'_>, mut queryset: ExprId) -> bool {
    loop {
        match at.code.expr(queryset) {
            Expr::Call(callee, _) => match at.code.expr(callee) {
                Expr::Attribute(value, method) if WHOLE.contains(&at.code.text(method)) => {
                    queryset = value;
                }
                _ => return false,
            },
            Expr::Attribute(_, manager) => {
                return matches!(at.code.text(manager), "objects" | "_default_manager");
            }
            _ => return false,
        }
    }
}

/// The fields that a model serializer makes for the foreign keys it names.
fn made(cx: &Cx<'_>, serializer: &OwnClass<'_>) -> Option<Vec<Taking>> {
    let model = cx.models().get(&cx.model_named(serializer.at, serializer.meta("model")?)?)?;
    if serializer.meta("depth").is_some() {
        return None;
    }
    let read_only = serializer.meta("read_only_fields");
    let read_only = read_only.map(|list| Cx::texts(serializer.at, list)).unwrap_or_default();
    let mut found = Vec::new();
    for (field, place) in named(serializer, model)? {
        let name = &*field.name;
        let Some(relation) = &field.relation else { continue };
        let taken = !field.uneditable
            && relation.kind != RelationKind::Generic
            && cx.classes.attribute(&serializer.name, name).is_none()
            && !read_only.iter().any(|(one, _)| *one == name)
            && !has_options(serializer, name);
        if taken {
            found.push(Taking {
                name: name.to_owned(),
                model: relation.to.clone(),
                place,
                declared: false,
            });
        }
    }
    Some(found)
}

/// The columns of its model that a serializer has, each with what says so.
fn named<'m>(serializer: &OwnClass<'_>, model: &'m Model) -> Option<Vec<(&'m Field, Span)>> {
    let at = serializer.at;
    let all = model.fields.iter();
    if let Some(fields) = serializer.meta("fields") {
        if at.code.string(fields) == Some("__all__") {
            return Some(all.map(|field| (field, at.expr_span(fields))).collect());
        }
        let texts = Cx::texts(at, fields);
        let place = |field: &Field| texts.iter().find(|(name, _)| **name == *field.name);
        let found = all.filter_map(|field| Some((field, at.expr_span(place(field)?.1))));
        return Some(found.collect());
    }
    let exclude = serializer.meta("exclude")?;
    let without = Cx::texts(at, exclude);
    let left = all.filter(|field| !without.iter().any(|(name, _)| **name == *field.name));
    at.code.elements(exclude)?;
    Some(left.map(|field| (field, at.expr_span(exclude))).collect())
}

/// Whether `extra_kwargs` says something of a field that may make it read-only or narrow it; only that
/// it is required or may be empty does not.
fn has_options(serializer: &OwnClass<'_>, field: &str) -> bool {
    let code = serializer.at.code;
    let Some(all) = serializer.meta("extra_kwargs") else { return false };
    let Expr::Dict(entries) = code.expr(all) else { return true };
    code.entries(entries).iter().any(|(key, options)| {
        let Some(name) = key.and_then(|key| code.string(key)) else { return true };
        let harmless = |option: &Option<ExprId>| {
            let option = option.and_then(|key| code.string(key));
            matches!(option, Some("required" | "allow_null" | "help_text" | "label" | "write_only"))
        };
        name == field
            && match code.expr(*options) {
                Expr::Dict(options) => !code.entries(options).iter().all(|(key, _)| harmless(key)),
                _ => true,
            }
    })
}

/// Whether a serializer looks at a field, or at who asks, before it takes the row.
pub(super) fn is_narrowed(cx: &Cx<'_>, serializer: &OwnClass<'_>, field: &str) -> bool {
    if cx.counting_method(&serializer.name, &format!("validate_{field}")).is_some() {
        return true;
    }
    let says = |hook: &str, named: bool| {
        let Some((at, id, _)) = cx.counting_method(&serializer.name, hook) else { return false };
        let Some(function) = at.code.function(id) else { return false };
        at.mentions(function, &["request", "user", "context", "_user"])
            && (!named || names(at, function, field))
    };
    ["__init__", "get_fields", "validate", "to_internal_value"].iter().any(|hook| says(hook, false))
        || ["create", "update", "save"].iter().any(|hook| says(hook, true))
}

/// Whether the code of a view looks at a field that came in, or hands on all of them.
pub(super) fn is_looked_at(cx: &Cx<'_>, view: &View, field: &str) -> bool {
    cx.functions_of(view).any(|(at, function)| {
        names(at, function, field) || at.mentions(function, &["validated_data", "initial_data"])
    })
}

/// Whether a function has a field's name as a text.
fn names(at: Site<'_>, function: &Function, field: &str) -> bool {
    let Some(wanted) = at.code.symbol(field) else { return false };
    let mut found = false;
    at.code.each_expr(function.body, &mut |_, expr| found |= expr == Expr::Str(wanted));
    found
}
