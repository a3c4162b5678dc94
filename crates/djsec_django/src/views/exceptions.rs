//! Exceptions, by the last names of their classes.

use djsec_python::code::{Code, ExprId};

use super::site::last;

/// The exception that is raised: `PermissionDenied` of `raise exceptions.PermissionDenied("no")`.
pub(super) fn raised(code: &Code, error: ExprId) -> Option<String> {
    named(code, code.call(error).map_or(error, |(callee, _)| callee))
}

/// The exceptions that a handler catches; nothing where it names none, and catches all.
pub(super) fn caught(code: &Code, handler: Option<ExprId>) -> Option<Vec<String>> {
    let handler = handler?;
    let each = code.elements(handler).unwrap_or(std::slice::from_ref(&handler));
    Some(each.iter().filter_map(|one| named(code, *one)).collect())
}

fn named(code: &Code, class: ExprId) -> Option<String> {
    Some(last(&code.dotted(class)?).to_owned())
}
