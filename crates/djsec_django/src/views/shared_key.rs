//! Keys that several programs share: who has one is let in, and nobody is told apart by it.

use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Stmt};

use super::classes::ClassView;
use super::policy::by_path;
use super::site::{Cx, Def, last};

/// Calls that neither look for a row nor run code of the project.
const PLAIN: &[&str] = &[
    "HttpError",
    "bool",
    "compare_digest",
    "constant_time_compare",
    "encode",
    "get",
    "getattr",
    "len",
    "str",
    "strip",
];

/// Whether an authenticator of Ninja (a class with `authenticate`, or a function) does no more than compare what
/// was sent with keys of the site, and gives back no user: then whoever holds the key is a program of whoever
/// runs the site, and not just any user.
pub(super) fn shares_key(cx: &Cx<'_>, authenticator: &str) -> bool {
    let name = by_path(cx, authenticator);
    match ClassView::new(cx, &name).method("authenticate") {
        Some((_, def)) => gives_key_only(def),
        None => {
            matches!(name, QualifiedName::Project(..)) && cx.def(&name).is_some_and(gives_key_only)
        }
    }
}

fn gives_key_only(def: Def<'_>) -> bool {
    let code = def.site.code;
    let sent = |id: ExprId| {
        def.function.parameters.iter().any(|p| Some(code.text(p.name)) == code.name(id))
    };
    let (mut compares, mut other) = (false, false);
    code.each_expr(def.function.body, &mut |_, expr| match expr {
        Expr::Call(callee, _) => {
            let written = code.dotted(callee).unwrap_or_default();
            let name = last(&written);
            compares |= matches!(name, "compare_digest" | "constant_time_compare");
            other |= !PLAIN.contains(&name) && !is_log(&written);
        }
        Expr::Compare(first, rest) => {
            let mut operands = code.comparisons(rest).iter().map(|(_, operand)| *operand);
            compares |= sent(first) || operands.any(sent);
        }
        Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => other = true,
        _ => {}
    });
    let (mut gives, mut rows) = (false, false);
    code.each_stmt(def.function.body, &mut |_, stmt| {
        if let Stmt::Return(Some(value)) = stmt {
            if is_plain(code, value) || sent(value) {
                gives |= !is_nothing(code, value);
            } else {
                rows = true;
            }
        }
    });
    compares && gives && !other && !rows
}

/// What says no more than yes or no, or is a text of the source.
fn is_plain(code: &Code, value: ExprId) -> bool {
    match code.expr(value) {
        Expr::Compare(..) | Expr::Not(_) | Expr::Bool(_) | Expr::None | Expr::Str(_) => true,
        Expr::Call(callee, _) => code
            .dotted(callee)
            .is_some_and(|name| matches!(last(&name), "compare_digest" | "constant_time_compare")),
        _ => false,
    }
}

fn is_nothing(code: &Code, value: ExprId) -> bool {
    matches!(code.expr(value), Expr::Bool(false) | Expr::None)
}

/// `logger.warning`, `log.info`
fn is_log(written: &str) -> bool {
    written
        .split('.')
        .next()
        .is_some_and(|first| matches!(first, "log" | "logger" | "logging" | "LOGGER"))
}
