//! Which fields of its model a form or serializer has.

use std::collections::BTreeSet;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_django::models::{Sensitive, Why};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Operator};

use crate::Cx;
use crate::own::{OwnClass, Site};
use crate::words::listed;

/// What `Meta.fields` or `Meta.exclude` says.
pub(super) enum Said<'a> {
    /// `"__all__"`.
    All,
    /// All but these.
    Except(Vec<&'a str>),
    /// These, each with its place.
    These(Vec<(&'a str, ExprId)>),
    /// Something else.
    Unknown,
}

/// What a `Meta` of a class's own body says, and where.
pub(super) fn said<'a>(class: &OwnClass<'a>) -> Option<(Said<'a>, Span)> {
    let at = class.at;
    if let Some(fields) = class.meta("fields") {
        return Some((read(at, fields), at.expr_span(fields)));
    }
    let exclude = class.meta("exclude")?;
    Some((except(at, exclude), at.expr_span(exclude)))
}

/// What the value of `exclude` says.
pub(super) fn except(at: Site<'_>, exclude: ExprId) -> Said<'_> {
    let names: Vec<&str> = Cx::texts(at, exclude).into_iter().map(|(name, _)| name).collect();
    let whole = at.code.elements(exclude).is_some_and(|all| all.len() == names.len());
    if whole { Said::Except(names) } else { Said::Unknown }
}

/// What the value of `fields` says.
pub(super) fn read(at: Site<'_>, fields: ExprId) -> Said<'_> {
    match at.code.string(fields) {
        Some("__all__") => Said::All,
        None if at.code.elements(fields).is_some() => Said::These(Cx::texts(at, fields)),
        Some(_) | None => match at.code.expr(fields) {
            // What stands in a sum is among them, whatever the rest is: `Base.Meta.fields + ["a"]`.
            Expr::Binary(left, Operator::Add, right) => match (read(at, left), read(at, right)) {
                (Said::These(mut all), Said::These(more)) => {
                    all.extend(more);
                    Said::These(all)
                }
                (Said::These(all), Said::Unknown) | (Said::Unknown, Said::These(all)) => {
                    Said::These(all)
                }
                _ => Said::Unknown,
            },
            _ => Said::Unknown,
        },
    }
}

/// The model of a class's own `Meta`.
pub(super) fn model(cx: &Cx<'_>, class: &OwnClass<'_>) -> Option<QualifiedName> {
    cx.model_named(class.at, class.meta("model")?)
}

/// The sensitive fields that are left of a model when these are taken away; fields that forms leave
/// out anyway do not count for `writing`.
pub(super) fn sensitive(
    cx: &Cx<'_>,
    model: &QualifiedName,
    without: &[&str],
    writing: bool,
) -> Vec<Sensitive> {
    let models = cx.models();
    let uneditable: BTreeSet<&str> = models
        .get(model)
        .map(|model| model.fields.iter().filter(|f| f.uneditable).map(|f| &*f.name).collect())
        .unwrap_or_default();
    let mut all = models.sensitive(model);
    all.retain(|field| {
        let left_out = writing && uneditable.contains(&*field.name);
        !left_out && !without.contains(&&*field.name)
    });
    all
}

/// Names in words: `` `a`, `b` and `c` ``.
pub(super) fn words(fields: &[Sensitive], why: &[Why]) -> Option<String> {
    let names: Vec<String> = fields
        .iter()
        .filter(|field| why.contains(&field.why))
        .map(|field| format!("`{}`", field.name))
        .collect();
    (!names.is_empty()).then(|| listed(&names))
}

/// Whether a serializer shows a field of its model: not where it is for writing only, or where a
/// declaration or method of the class decides what goes out.
pub(super) fn is_shown(cx: &Cx<'_>, class: &OwnClass<'_>, field: &str) -> bool {
    let code = class.at.code;
    if let Some(declared) = cx.classes.attribute(&class.name, field) {
        let AttributeValue::Assigned(_, code, value) = declared.value else { return false };
        let Some((callee, arguments)) = code.call(value) else { return false };
        let plain = code.dotted(callee).is_some_and(|name| {
            let last = name.rsplit('.').next().unwrap_or_default();
            matches!(last, "CharField" | "UUIDField" | "ReadOnlyField")
        });
        let hidden = code.keyword(arguments, "write_only").is_some();
        return plain && !hidden && code.keyword(arguments, "source").is_none();
    }
    let own = |name: &str| cx.counting_method(&class.name, name).is_some();
    if own("to_representation") || own("get_fields") || own("get_extra_kwargs") {
        return false;
    }
    let listed = class.meta("write_only_fields");
    if listed.is_some_and(|e| Cx::texts(class.at, e).iter().any(|(name, _)| *name == field)) {
        return false;
    }
    match class.meta("extra_kwargs") {
        Some(kwargs) => match code.expr(kwargs) {
            Expr::Dict(entries) => !code.entries(entries).iter().any(|(key, value)| {
                let options = cx.source(class.at.expr_span(*value));
                match key.and_then(|key| code.string(key)) {
                    Some(name) => name == field && options.contains("write_only"),
                    None => true,
                }
            }),
            _ => false,
        },
        None => true,
    }
}
