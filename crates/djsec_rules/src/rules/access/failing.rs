//! What becomes of a check that ends in an exception.

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, List, Stmt, StmtId, Try};

use crate::own::Site;

/// Methods that raise where a signature is not what it should be, which only what checks signatures has.
pub(super) const METHODS: &[&str] = &["get_signed_cookie", "unsign", "unsign_object"];
/// What checks of signatures and tokens raise.
const REFUSALS: &[&str] = &[
    "BadSignature",
    "DecodeError",
    "ExpiredSignatureError",
    "InvalidSignatureError",
    "InvalidTokenError",
    "JWTError",
    "PyJWTError",
    "SignatureExpired",
    "SignatureVerificationError",
];

/// Calls `f` with each `try` of a block, and with what follows it there.
pub(super) fn each_try<'a>(code: &'a Code, block: List, f: &mut impl FnMut(&'a Try, &'a [StmtId])) {
    let stmts = code.stmts(block);
    for (at, id) in stmts.iter().enumerate() {
        let stmt = code.stmt(*id);
        if let Stmt::Try(parts) = stmt
            && let Some(parts) = code.try_parts(parts)
        {
            f(parts, stmts.get(at + 1..).unwrap_or_default());
        }
        code.each_block(stmt, &mut |inner| each_try(code, inner, f));
    }
}

/// The exceptions that a handler names; nothing where it names none and catches all.
fn caught(code: &Code, exception: Option<ExprId>) -> Option<Vec<String>> {
    let exception = exception?;
    let each = code.elements(exception).unwrap_or(std::slice::from_ref(&exception));
    let names = each.iter().filter_map(|one| code.dotted(*one));
    Some(names.map(|name| name.rsplit('.').next().unwrap_or_default().to_owned()).collect())
}

pub(super) fn is_broad(code: &Code, exception: Option<ExprId>) -> bool {
    let all = |name: &String| matches!(name.as_str(), "Exception" | "BaseException");
    caught(code, exception).is_none_or(|names| names.iter().any(all))
}

pub(super) fn is_refusal(code: &Code, exception: Option<ExprId>) -> bool {
    let names = caught(code, exception).unwrap_or_default();
    names.iter().any(|name| REFUSALS.contains(&name.as_str()))
}

/// Where a handler says yes: `return True`, or `allowed = True`, where the `try` gives that name the answer.
pub(super) fn lets_through(code: &Code, parts: &Try, block: List) -> Option<ExprId> {
    let yes = |value: ExprId| code.expr(value) == Expr::Bool(true);
    code.stmts(block).iter().find_map(|id| match code.stmt(*id) {
        Stmt::Return(Some(value)) => Some(value).filter(|value| yes(*value)),
        Stmt::Assign { targets, value: Some(value), .. } if yes(value) => {
            let name = code.exprs(targets).first().and_then(|target| code.name(*target))?;
            answers(code, parts.body, name).then_some(value)
        }
        _ => None,
    })
}

/// Whether a block gives a name an answer that is not always no.
fn answers(code: &Code, block: List, name: &str) -> bool {
    let (mut found, mut no) = (false, false);
    code.each_stmt(block, &mut |_, stmt| {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
        if code.exprs(targets).iter().any(|target| code.name(*target) == Some(name)) {
            found = true;
            no |= is_no(code, value);
        }
    });
    found && !no
}

fn is_no(code: &Code, value: ExprId) -> bool {
    matches!(code.expr(value), Expr::Bool(false) | Expr::None)
}

/// Whether a function says no where the check passes, so that its yes means the opposite: `is_expired()`.
pub(super) fn passes_with_no(code: &Code, parts: &Try, rest: &[StmtId]) -> bool {
    let blocks = [code.stmts(parts.body), code.stmts(parts.otherwise), rest];
    let ends = blocks.into_iter().filter_map(<[StmtId]>::last).map(|id| code.stmt(*id));
    let mut returns = ends.filter_map(|end| match end {
        Stmt::Return(value) => Some(value.is_none_or(|value| is_no(code, value))),
        _ => None,
    });
    returns.next().unwrap_or(false)
}

/// Whether a block checks a signature or a token.
pub(super) fn verifies(at: Site<'_>, block: List, known: &[Span]) -> bool {
    let mut found = false;
    at.code.each_expr(block, &mut |id, expr| {
        let method = matches!(expr, Expr::Call(..))
            && at.called(id).is_some_and(|name| METHODS.contains(&name));
        found |= method || known.contains(&at.expr_span(id));
    });
    found
}
