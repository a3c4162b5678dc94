//! JSON that is sent without saying so, which browsers take for a page.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::Cx;
use crate::calls::Called;
use crate::own::Site;

const RESPONSES: &[&str] = &[
    "django.http.HttpResponse",
    "django.http.response.HttpResponse",
    "django.http.HttpResponseBadRequest",
    "django.http.response.HttpResponseBadRequest",
    "django.http.HttpResponseForbidden",
    "django.http.response.HttpResponseForbidden",
    "django.http.HttpResponseNotFound",
    "django.http.response.HttpResponseNotFound",
    "django.http.HttpResponseServerError",
    "django.http.response.HttpResponseServerError",
];

/// What writes JSON and leaves `<` in texts as it is.
const DUMPS: &[&str] = &[
    "json.dumps",
    "orjson.dumps",
    "rapidjson.dumps",
    "simplejson.dumps",
    "ujson.dumps",
    "django.core.serializers.serialize",
];

/// Attributes and calls that give no text of people.
const HARMLESS: &[&str] = &[
    "bool",
    "count",
    "exists",
    "float",
    "id",
    "int",
    "is_active",
    "is_authenticated",
    "is_valid",
    "isoformat",
    "len",
    "pk",
    "round",
    "strftime",
    "sum",
    "timestamp",
];

/// A response of JSON without its type.
pub(crate) struct JsonPage<'a> {
    pub(crate) call: Called<'a>,
    /// What it is made of.
    pub(crate) place: Span,
    /// The model of rows that are written as they are, if it holds texts of people.
    pub(crate) rows: Option<QualifiedName>,
}

/// Every one in the project whose JSON may hold a text from elsewhere.
pub(crate) fn json_pages<'a>(cx: &Cx<'a>) -> impl Iterator<Item = JsonPage<'a>> {
    let mentioned = cx.mentions(&["dumps", "serialize"]);
    let calls = if mentioned { cx.calls_to(RESPONSES) } else { Vec::new() };
    calls.into_iter().filter_map(|call| {
        let content = call.argument(0, "content").filter(|_| !is_typed(&call))?;
        let (at, dumps) =
            cx.origin(call.at, content, &|at, expr| dumped(cx, at, expr).is_some())?;
        let given = dumped(cx, at, dumps)?;
        let place = call.at.expr_span(content);
        // `fields=["id"]` leaves texts out.
        let chosen = at.code.call(dumps).and_then(|(_, all)| at.code.keyword(all, "fields"));
        let rows = cx.query_model(at, given).filter(|_| chosen.is_none());
        let rows = rows.filter(|model| holds_text(cx, model));
        may_hold_text(at, given, 8).then_some(JsonPage { call, place, rows })
    })
}

fn holds_text(cx: &Cx<'_>, model: &QualifiedName) -> bool {
    let fields = cx.models().get(model).into_iter().flat_map(|model| &model.fields);
    fields
        .into_iter()
        .any(|field| matches!(&*field.kind, "CharField" | "TextField") && !field.has_choices)
}

/// Whether a response is said to be of some type: where it is made, or later in the function.
fn is_typed(call: &Called<'_>) -> bool {
    let code = call.at.code;
    let said =
        ["content_type", "mimetype", "headers"].iter().any(|name| call.keyword(name).is_some())
            || call.arguments.iter().any(|argument| argument.spread)
            || call.argument(1, "content_type").is_some();
    let Some(function) = call.function().filter(|_| !said) else { return said };
    let mut later = false;
    code.each_stmt(function.body, &mut |_, stmt| {
        let Stmt::Assign { targets, .. } = stmt else { return };
        for target in code.exprs(targets) {
            let Expr::Subscript(_, key) = code.expr(*target) else { continue };
            later |= code.string(key).is_some_and(|key| key.eq_ignore_ascii_case("content-type"));
        }
    });
    later
}

/// What is written as JSON by an expression: `data` of `json.dumps(data).encode()`.
fn dumped(cx: &Cx<'_>, at: Site<'_>, expr: ExprId) -> Option<ExprId> {
    let (callee, arguments) = at.code.call(expr)?;
    if let Expr::Attribute(text, name) = at.code.expr(callee)
        && matches!(at.code.text(name), "encode" | "decode")
        && let Some(given) = dumped(cx, at, text)
    {
        return Some(given);
    }
    if !cx.names(at, callee, DUMPS) {
        return None;
    }
    let first = arguments.first()?.value;
    match at.code.string(first) {
        Some(format) if at.called(expr) == Some("serialize") => {
            (format.contains("json")).then(|| arguments.get(1).map(|given| given.value))?
        }
        _ => (at.called(expr) != Some("serialize")).then_some(first),
    }
}

/// Whether a text that is not written there may be in a value; where nothing is known, it may.
fn may_hold_text(at: Site<'_>, expr: ExprId, depth: usize) -> bool {
    let code = at.code;
    let Some(depth) = depth.checked_sub(1) else { return true };
    let deeper = |id: ExprId| may_hold_text(at, id, depth);
    match code.expr(expr) {
        Expr::Str(_)
        | Expr::Bytes
        | Expr::Int(_)
        | Expr::Float(_)
        | Expr::Bool(_)
        | Expr::None
        | Expr::Compare(..)
        | Expr::Not(_) => false,
        Expr::Dict(entries) => code.entries(entries).iter().any(|(_, value)| deeper(*value)),
        Expr::List(list) | Expr::Tuple(list) => code.exprs(list).iter().any(|id| deeper(*id)),
        Expr::Conditional { then, otherwise, .. } => deeper(then) || deeper(otherwise),
        Expr::Attribute(_, name) => {
            let name = code.text(name);
            !(HARMLESS.contains(&name) || name.ends_with("_id"))
        }
        Expr::Call(..) => !at.called(expr).is_some_and(|name| HARMLESS.contains(&name)),
        // What is put into a container later is not seen.
        Expr::Name(_) => !at.given(expr).is_some_and(|values| {
            let container = |id: &ExprId| {
                matches!(code.expr(*id), Expr::Dict(_) | Expr::List(_) | Expr::Tuple(_))
            };
            values.iter().all(|id| !container(id) && !deeper(*id))
        }),
        _ => true,
    }
}
