//! What cleaners of HTML are told to let through.

use djsec_base::Span;
use djsec_python::code::{Expr, ExprId, Operator};

use crate::Cx;
use crate::calls::Called;
use crate::own::Site;

/// Something dangerous that a cleaner lets through.
pub(super) struct Allowed {
    pub(super) place: Span,
    pub(super) subject: String,
    /// In words: `` `<script>` ``.
    pub(super) words: String,
}

const CLEANERS: &[&str] = &[
    "bleach.clean",
    "bleach.Cleaner",
    "bleach.sanitizer.Cleaner",
    "nh3.clean",
    "nh3.Cleaner",
    "lxml.html.clean.Cleaner",
    "lxml_html_clean.Cleaner",
];

/// Elements that run code, or decide where the page's own code comes from.
const TAGS: &[&str] = &["base", "embed", "object", "script"];

/// What of a list is dangerous, in words.
type Dangerous = fn(&str) -> Option<String>;

/// What every cleaner of the project lets through and should not, the first of each argument.
pub(super) fn allowed(cx: &Cx<'_>) -> Vec<Allowed> {
    if !cx.mentions(&["Cleaner", "clean"]) {
        return Vec::new();
    }
    let calls = cx.calls_to(CLEANERS);
    calls.iter().flat_map(|call| of_cleaner(cx, call)).collect()
}

fn of_cleaner(cx: &Cx<'_>, call: &Called<'_>) -> Vec<Allowed> {
    if call.name.starts_with("lxml") {
        return ["scripts", "javascript"].iter().filter_map(|switch| off(call, switch)).collect();
    }
    // Positions are those of `clean(text, tags, attributes, protocols)`; a class takes no text.
    let first = usize::from(call.name.ends_with("clean"));
    let nh3 = call.name.starts_with("nh3");
    let (attributes, schemes) = if nh3 { (2, "url_schemes") } else { (1, "protocols") };
    let lists: [(usize, &str, Dangerous); 3] = [
        (0, "tags", tag),
        (attributes, "attributes", attribute),
        (if nh3 { usize::MAX - 1 } else { 2 }, schemes, scheme),
    ];
    let found = lists.into_iter().filter_map(|(at, name, dangerous)| {
        let list = call.argument(first.saturating_add(at), name)?;
        let mut found = None;
        each_text(cx, call.at, list, 8, &mut |at, id, text| {
            if let (None, Some(words)) = (&found, dangerous(text)) {
                found = Some((at.expr_span(id), words));
            }
        });
        let (place, words) = found?;
        let subject = format!("{} {name} {words}", call.path_around());
        Some(Allowed { place, subject, words })
    });
    found.collect()
}

fn tag(text: &str) -> Option<String> {
    TAGS.contains(&text).then(|| format!("`<{text}>`"))
}

fn attribute(text: &str) -> Option<String> {
    let handler = text.len() > 4
        && text.strip_prefix("on").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_lowercase()));
    (handler || text == "srcdoc").then(|| format!("the attribute `{text}`"))
}

fn scheme(text: &str) -> Option<String> {
    matches!(text, "javascript" | "vbscript").then(|| format!("`{text}:` links"))
}

/// A switch of lxml's cleaner that is off: `scripts=False`.
fn off(call: &Called<'_>, switch: &str) -> Option<Allowed> {
    let value = call.keyword(switch)?;
    (call.at.code.bool(value) == Some(false)).then(|| Allowed {
        place: call.at.expr_span(value),
        subject: format!("{} {switch}", call.path_around()),
        words: match switch {
            "scripts" => "`<script>`".to_owned(),
            _ => "scripts in attributes and links".to_owned(),
        },
    })
}

/// Every text that surely is in a list, a set, or a table of lists: in what stands there, in what the name of
/// a constant is given, in parts that are put together.
fn each_text<'a>(
    cx: &Cx<'a>,
    at: Site<'a>,
    expr: ExprId,
    depth: usize,
    visit: &mut dyn FnMut(Site<'a>, ExprId, &str),
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let code = at.code;
    match code.expr(expr) {
        Expr::Str(text) => visit(at, expr, code.text(text)),
        Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => {
            for id in code.exprs(list) {
                each_text(cx, at, *id, depth, visit);
            }
        }
        Expr::Dict(entries) => {
            for (_, value) in code.entries(entries) {
                each_text(cx, at, *value, depth, visit);
            }
        }
        Expr::Starred(inner) => each_text(cx, at, inner, depth, visit),
        Expr::Binary(left, Operator::Add | Operator::BitOr, right) => {
            each_text(cx, at, left, depth, visit);
            each_text(cx, at, right, depth, visit);
        }
        Expr::Call(callee, arguments)
            if cx.names(at, callee, &["builtins.set", "builtins.frozenset", "builtins.list"]) =>
        {
            for argument in code.arguments(arguments) {
                each_text(cx, at, argument.value, depth, visit);
            }
        }
        Expr::Name(_) | Expr::Attribute(..) => {
            let written =
                |at: Site<'a>, id| !matches!(at.code.expr(id), Expr::Name(_) | Expr::Attribute(..));
            if let Some((there, value)) = cx.origin(at, expr, &written) {
                each_text(cx, there, value, depth, visit);
            }
        }
        _ => {}
    }
}
