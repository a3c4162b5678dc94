//! What decorators do to the content security policy of one page: those of Django (6.0 and newer) and of
//! django-csp, whose old (3) and new (4) forms differ in how they are written, not in what they do.

use djsec_base::Span;
use djsec_python::code::{Argument, Expr, ExprId};
use djsec_python::value::{Data, Value};

use super::PagePolicy;
use super::site::Site;
use crate::routes::Wrapper;

/// Takes the policy away: `@csp_exempt` of django-csp 3, `@csp_exempt()` of 4.
const EXEMPT: &str = "csp.decorators.csp_exempt";
/// Put another policy in its place; nothing, where that is empty.
const OVERRIDE: &[&str] = &["django.views.decorators.csp.csp_override", "csp.decorators.csp"];

/// What a decorator with these arguments does; nothing where it is none of these, or about the policy that
/// is only reported.
pub(super) fn of_decorator(
    site: Site<'_>,
    name: &str,
    arguments: &[Argument],
    place: Option<Span>,
) -> Option<PagePolicy> {
    let code = site.code;
    let position = report_only(name)?;
    let reported = code.argument(arguments, position, "REPORT_ONLY");
    if reported.and_then(|value| code.bool(value)) == Some(true) {
        return None;
    }
    let config = code.argument(arguments, 0, "config");
    let lifted = match config {
        _ if name == EXEMPT => true,
        Some(config) => is_empty(site, config),
        None => arguments.is_empty(),
    };
    Some(decided(name, lifted, place))
}

/// As [`of_decorator`] for a decorator in a URLconf.
pub(super) fn of_wrapper(name: &str, wrapper: &Wrapper) -> Option<PagePolicy> {
    let position = report_only(name)?;
    let is = |value: &Value, test: fn(&Data) -> bool| {
        value.single().is_some_and(|alternative| test(&alternative.data))
    };
    let keyword = |wanted: &str| {
        wrapper.keywords.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| value)
    };
    let reported = wrapper.arguments.get(position).or_else(|| keyword("REPORT_ONLY"));
    if reported.is_some_and(|value| is(value, |data| *data == Data::Bool(true))) {
        return None;
    }
    let config = wrapper.arguments.first().or_else(|| keyword("config"));
    let empty =
        |data: &Data| matches!(data, Data::Dict(map) if map.entries.is_empty() && !map.open);
    let lifted = match config {
        _ if name == EXEMPT => true,
        Some(config) => is(config, empty),
        None => wrapper.keywords.is_empty(),
    };
    Some(decided(name, lifted, Some(wrapper.place)))
}

/// Where a decorator takes `REPORT_ONLY`; nothing for other decorators.
fn report_only(name: &str) -> Option<usize> {
    match name {
        EXEMPT => Some(0),
        _ if OVERRIDE.contains(&name) => Some(1),
        _ => None,
    }
}

fn decided(name: &str, lifted: bool, place: Option<Span>) -> PagePolicy {
    if lifted { PagePolicy::Lifted { what: name.to_owned(), place } } else { PagePolicy::Own }
}

/// Whether a policy is written without directives: `{}`, `dict()`, or a name for one.
fn is_empty(site: Site<'_>, config: ExprId) -> bool {
    let code = site.code;
    match code.expr(config) {
        Expr::Dict(entries) => entries.is_empty(),
        Expr::Call(callee, arguments) => {
            code.arguments(arguments).is_empty() && code.is_dotted(callee, "dict")
        }
        Expr::Name(name) => code.module_value(code.text(name)).is_some_and(
            |value| matches!(code.expr(value), Expr::Dict(entries) if entries.is_empty()),
        ),
        _ => false,
    }
}
