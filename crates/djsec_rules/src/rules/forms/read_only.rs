//! Which fields of a serializer its `Meta` makes read-only.

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::sent;
use crate::Cx;
use crate::own::Site;

/// What `read_only_fields` of the `Meta` that counts lists.
pub(super) fn read_only<'a>(cx: &Cx<'a>, class: &QualifiedName) -> Vec<&'a str> {
    let found = sent::meta(cx, class).and_then(|meta| cx.assigned(&meta, "read_only_fields"));
    found.map_or_else(Vec::new, |(at, value)| {
        Cx::texts(at, value).into_iter().map(|(name, _)| name).collect()
    })
}

/// Whether the `Meta` makes a field read-only, or does so in a way that is not understood.
pub(super) fn is_read_only(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> bool {
    let Some(meta) = sent::meta(cx, class) else { return true };
    if let Some((at, value)) = cx.assigned(&meta, "read_only_fields")
        && (at.code.elements(value).is_none()
            || Cx::texts(at, value).iter().any(|(name, _)| *name == field))
    {
        return true;
    }
    cx.assigned(&meta, "extra_kwargs").is_some_and(|(at, value)| says_read_only(at, value, field))
}

fn says_read_only(at: Site<'_>, kwargs: ExprId, field: &str) -> bool {
    let Expr::Dict(entries) = at.code.expr(kwargs) else { return true };
    at.code.entries(entries).iter().any(|(key, options)| {
        let Some(key) = key.and_then(|key| at.code.string(key)) else { return true };
        let Expr::Dict(options) = at.code.expr(*options) else { return key == field };
        key == field
            && at.code.entries(options).iter().any(|(option, _)| {
                option.is_none_or(|option| at.code.string(option) == Some("read_only"))
            })
    })
}
