//! Responses that browsers do not show as a page, as headers say that are set once they are made.

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, List, Stmt};

use crate::Cx;
use crate::own::Site;

/// Whether the response that is made in a place is saved to a file, or is of another type than a page, whatever path
/// the function takes: `response["Content-Disposition"] = "attachment"` behind it in the same block.
pub(crate) fn is_no_page(cx: &Cx<'_>, place: Span) -> bool {
    cx.function_at(place).is_some_and(|(at, function)| in_block(at, function.body, place))
}

/// The same of a block, or of those in it.
fn in_block(at: Site<'_>, block: List, place: Span) -> bool {
    let code = at.code;
    let stmts = code.stmts(block);
    for (position, id) in stmts.iter().enumerate() {
        let stmt = code.stmt(*id);
        let (value, name) = match stmt {
            Stmt::Assign { targets, value: Some(value), .. } => {
                (value, code.exprs(targets).first().and_then(|target| code.name(*target)))
            }
            Stmt::Return(Some(value)) => (value, None),
            _ => {
                let mut found = false;
                code.each_block(stmt, &mut |inner| found |= in_block(at, inner, place));
                if found {
                    return true;
                }
                continue;
            }
        };
        if !at.expr_span(value).range.contains_range(place.range) {
            continue;
        }
        let given = || headers(code, value).is_some_and(|headers| says(code, headers));
        let rest = stmts.get(position.saturating_add(1)..).unwrap_or_default();
        let later = |name| rest.iter().any(|id| sets(code, code.stmt(*id), name));
        return name.is_some_and(later) || given();
    }
    false
}

/// `HttpResponse(text, headers={…})`
fn headers(code: &Code, call: ExprId) -> Option<ExprId> {
    let (_, arguments) = code.call(call)?;
    code.keyword(arguments, "headers")
}

fn says(code: &Code, headers: ExprId) -> bool {
    let Expr::Dict(entries) = code.expr(headers) else { return false };
    code.entries(entries).iter().any(|(key, value)| {
        key.and_then(|key| code.string(key)).is_some_and(|key| keeps(code, key, *value))
    })
}

/// `response["Content-Disposition"] = …`, `response.headers["Content-Type"] = …`
fn sets(code: &Code, stmt: Stmt, response: &str) -> bool {
    let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return false };
    code.exprs(targets).iter().any(|target| {
        let Expr::Subscript(on, key) = code.expr(*target) else { return false };
        let of = code.dotted(on);
        let is = of.is_some_and(|of| of.strip_suffix(".headers").unwrap_or(&of) == response);
        is && code.string(key).is_some_and(|key| keeps(code, key, value))
    })
}

/// Whether a header keeps a browser from showing what is sent as a page.
fn keeps(code: &Code, header: &str, value: ExprId) -> bool {
    let Some(text) = code.beginning(value) else { return false };
    let text = text.trim_start().to_ascii_lowercase();
    match header.to_ascii_lowercase().as_str() {
        "content-disposition" => text.starts_with("attachment"),
        "content-type" => {
            let shown = ["html", "svg", "xml"];
            text.contains('/') && !shown.iter().any(|kind| text.contains(kind))
        }
        _ => false,
    }
}
