//! Whether code decides about a field itself, so that what a client sends does not count.

use djsec_base::TextRange;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId, Function, Stmt};

use crate::Cx;
use crate::own::Site;

/// Calls that only look for rows by a field.
const QUERIES: &[&str] = &[
    "Q",
    "aget",
    "exclude",
    "filter",
    "get",
    "get_list_or_404",
    "get_object_or_404",
    "only",
    "order_by",
    "prefetch_related",
    "select_related",
    "values",
    "values_list",
];

/// Whether a function names a field: as text, as an attribute that it sets, or as a keyword. Queries
/// do not count.
pub(super) fn mentions(at: Site<'_>, function: &Function, field: &str) -> bool {
    mentions_besides(at, function, field, &[])
}

/// The same, besides these places, and besides what a form is filled in with before it is sent: that says
/// nothing of what comes back.
pub(super) fn mentions_besides(
    at: Site<'_>,
    function: &Function,
    field: &str,
    places: &[TextRange],
) -> bool {
    let code = at.code;
    let Some(wanted) = code.symbol(field) else { return false };
    if code.text(function.name) == "get_initial" {
        return false;
    }
    let mut besides = places.to_vec();
    besides.extend(initial(at, function));
    let counts = |id: ExprId| {
        let range = code.expr_range(id);
        !besides.iter().any(|place| place.contains_range(range))
    };
    let mut found = false;
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, .. } = stmt {
            found |= code.exprs(targets).iter().any(
                |target| matches!(code.expr(*target), Expr::Attribute(_, name) if name == wanted),
            );
        }
    });
    let mut in_queries = Vec::new();
    code.each_expr(function.body, &mut |id, expr| {
        found |= match expr {
            Expr::Str(text) => text == wanted && !in_queries.contains(&id) && counts(id),
            Expr::Call(..) => {
                let (_, arguments) = code.call(id).unwrap_or((id, &[]));
                let query = at.called(id).is_some_and(|name| {
                    QUERIES.contains(&name) && !(name == "get" && is_mapping(at, id))
                });
                if query {
                    in_queries.extend(arguments.iter().map(|argument| argument.value));
                }
                let names = |argument: &Argument| argument.keyword == Some(wanted);
                !query && arguments.iter().any(names) && counts(id)
            }
            _ => false,
        };
    });
    found
}

/// What a function fills forms in with: `OrderForm(initial={"total": total})`, `initial = {…}`,
/// `kwargs["initial"] = {…}`.
fn initial(at: Site<'_>, function: &Function) -> Vec<TextRange> {
    let code = at.code;
    let mut found = Vec::new();
    let Some(name) = code.symbol("initial") else { return found };
    let is = |target: &ExprId| match code.expr(*target) {
        Expr::Name(known) | Expr::Attribute(_, known) => known == name,
        Expr::Subscript(on, key) => {
            code.string(key) == Some("initial") || code.name(on) == Some("initial")
        }
        _ => false,
    };
    code.each_stmt(function.body, &mut |id, stmt| {
        if let Stmt::Assign { targets, .. } = stmt
            && code.exprs(targets).iter().any(is)
        {
            found.push(code.stmt_range(id));
        }
    });
    code.each_expr(function.body, &mut |id, _| {
        let arguments = code.call(id).map_or(&[][..], |(_, arguments)| arguments);
        let given = arguments.iter().filter(|argument| argument.keyword == Some(name));
        found.extend(given.map(|argument| code.expr_range(argument.value)));
    });
    found
}

/// Whether `get` is given a key, as a mapping takes it: `data.get("owner")`.
fn is_mapping(at: Site<'_>, call: ExprId) -> bool {
    at.code.call(call).is_some_and(|(_, arguments)| {
        arguments.first().is_some_and(|first| at.code.string(first.value).is_some())
    })
}

/// Whether a form or serializer decides about a field of its model itself: it takes it away, disables
/// it, makes it read-only, or has a method that looks at it.
pub(super) fn form_decides(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> bool {
    if let Some(declared) = cx.classes.attribute(class, field) {
        let AttributeValue::Assigned(_, code, value) = declared.value else { return true };
        let Some((callee, arguments)) = code.call(value) else { return true };
        let on = |name: &str| code.keyword(arguments, name).is_some();
        let last = code.dotted(callee).unwrap_or_default();
        let last = last.rsplit('.').next().unwrap_or_default();
        // Other serializers and fields that only show need no look at what comes in.
        let plain = last.ends_with("Field")
            && !["HiddenField", "ReadOnlyField", "StringRelatedField", "SerializerMethodField"]
                .contains(&last);
        if !plain || on("disabled") || on("read_only") || on("source") {
            return true;
        }
    }
    let own = [format!("clean_{field}"), format!("validate_{field}")];
    any_method(cx, class, |at, function| {
        own.iter().any(|name| *name == at.code.text(function.name)) || mentions(at, function, field)
    })
}

/// Whether something holds for a method of a class, or of a class of the project that it is derived
/// from.
pub(super) fn any_method<'a>(
    cx: &Cx<'a>,
    class: &QualifiedName,
    holds: impl Fn(Site<'a>, &'a Function) -> bool,
) -> bool {
    cx.bodies(class).any(|(_, at, id)| {
        let methods = at.code.methods(id).into_iter();
        methods.filter_map(|id| at.code.function(id)).any(|function| holds(at, function))
    })
}
