//! Fields whose default is a text that nobody can guess.

use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId, Stmt};

use super::field::Place;

/// Functions that are followed into others at most this deep.
const DEEPEST: u8 = 3;

/// Fewer characters than this may be tried one by one: a code that somebody types.
const ENOUGH: i64 = 16;

/// Functions whose results nobody guesses, and the name of the argument that says how long they are.
const RANDOM: &[(&str, Option<&str>)] = &[
    ("uuid.uuid4", None),
    ("secrets.token_bytes", Some("nbytes")),
    ("secrets.token_hex", Some("nbytes")),
    ("secrets.token_urlsafe", Some("nbytes")),
    ("os.urandom", Some("size")),
    ("django.utils.crypto.get_random_string", Some("length")),
    ("shortuuid.uuid", None),
];

/// Functions that only write down what they are given.
const WRITES: &[&str] =
    &["str", "hex", "urlsafe_b64encode", "b64encode", "decode", "lower", "upper"];

/// Whether a function that is handed over (`default=uuid4`) gives what nobody guesses.
pub(super) fn makes_secret(at: Place<'_>, function: ExprId) -> bool {
    if let Expr::Lambda(id) = at.code.expr(function) {
        return at.code.function(id).is_some_and(|function| returns(at, function.body, DEEPEST));
    }
    named(at, &at.resolve(function), &[], DEEPEST)
}

/// Whether what is called by a name gives what nobody guesses.
fn named(at: Place<'_>, name: &QualifiedName, arguments: &[Argument], depth: u8) -> bool {
    match name {
        QualifiedName::External(dotted) => {
            let known = RANDOM.iter().find(|(known, _)| *known == &**dotted);
            known.is_some_and(|(_, length)| length.is_none_or(|name| long(at, arguments, name)))
        }
        QualifiedName::Project(module, _) if depth > 0 => {
            let Some((code, id)) = at.program.function_code(name) else { return false };
            let there = Place { program: at.program, module: *module, code };
            code.function(id).is_some_and(|function| returns(there, function.body, depth - 1))
        }
        _ => false,
    }
}

/// Whether a length that is written is enough; the defaults of these functions are.
fn long(at: Place<'_>, arguments: &[Argument], name: &str) -> bool {
    match at.code.argument(arguments, 0, name).map(|length| at.code.expr(length)) {
        None => true,
        Some(Expr::Int(length)) => length >= ENOUGH,
        Some(_) => false,
    }
}

/// Whether everything that a block returns is what nobody guesses.
fn returns(at: Place<'_>, body: djsec_python::code::List, depth: u8) -> bool {
    let (mut any, mut all) = (false, true);
    at.code.each_stmt(body, &mut |_, stmt| {
        if let Stmt::Return(value) = stmt {
            any = true;
            all &= value.is_some_and(|value| is_secret(at, body, value, depth));
        }
    });
    any && all
}

/// Whether a value is one that nobody guesses, written down in whatever way.
fn is_secret(at: Place<'_>, body: djsec_python::code::List, value: ExprId, depth: u8) -> bool {
    let inner = |id: ExprId| is_secret(at, body, id, depth);
    match at.code.expr(value) {
        Expr::Call(callee, _) => {
            let Some((_, arguments)) = at.code.call(value) else { return false };
            if named(at, &at.resolve(callee), arguments, depth) {
                return true;
            }
            let (name, receiver) = match at.code.expr(callee) {
                Expr::Name(name) => (name, None),
                Expr::Attribute(receiver, name) => (name, Some(receiver)),
                _ => return false,
            };
            let of = arguments.first().map(|argument| argument.value);
            WRITES.contains(&at.code.text(name))
                && (receiver.is_some_and(inner) || of.is_some_and(inner))
        }
        // `uuid4().hex`
        Expr::Attribute(of, name) => at.code.text(name) == "hex" && inner(of),
        // `uuid4().hex[:20]`
        Expr::Subscript(of, index) => match at.code.expr(index) {
            Expr::Slice(parts) => {
                let bounds = at.code.exprs(parts).iter().map(|part| at.code.expr(*part));
                bounds.into_iter().all(|bound| matches!(bound, Expr::Int(n) if n >= ENOUGH))
                    && inner(of)
            }
            _ => false,
        },
        Expr::Format(parts) => at.code.exprs(parts).iter().any(|part| inner(*part)),
        Expr::Binary(a, _, b) => inner(a) || inner(b),
        // A name that the function assigns once.
        Expr::Name(name) if depth > 0 => {
            let mut values = Vec::new();
            at.code.each_stmt(body, &mut |_, stmt| {
                if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                    && at.code.exprs(targets).iter().any(|id| at.code.expr(*id) == Expr::Name(name))
                {
                    values.push(value);
                }
            });
            let [only] = values.as_slice() else { return false };
            is_secret(at, body, *only, depth - 1)
        }
        _ => false,
    }
}
