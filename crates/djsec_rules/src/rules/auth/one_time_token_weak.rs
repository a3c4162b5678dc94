use djsec_base::{Confidence, Severity};
use djsec_python::code::{Argument, Code, Expr, ExprId, Function, Stmt};

use super::token_names::{Kind, kind, says_what_for};
use super::weak_random::{Weakness, weak};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds tokens and codes that the project makes itself, for a reset, a confirmation, an invitation or a
    /// login, of something that can be guessed: `random`, `uuid1`, the time, a hash of an id, or a few
    /// characters.
    ///
    /// ## Why it matters
    /// Who knows the token is let in. The numbers of `random` follow from those before, `uuid1` and the time
    /// are known to everybody, and a hash of an id can be computed by anybody.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import random
    ///
    /// from django.core.mail import send_mail
    ///
    ///
    /// def forgot(user):
    ///     user.reset_code = random.randint(100000, 999999)  # finding
    ///     user.save()
    ///     send_mail("Reset", f"Your code: {user.reset_code}", None, [user.email])
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// import secrets
    ///
    /// from django.core.mail import send_mail
    ///
    ///
    /// def forgot(user):
    ///     user.reset_code = secrets.token_urlsafe(32)
    ///     user.save()
    ///     send_mail("Reset", f"Your code: {user.reset_code}", None, [user.email])
    /// ```
    ///
    /// ## How to fix
    /// Use Django's `PasswordResetTokenGenerator` or `TimestampSigner` with a `max_age`, which need no column
    /// and end by themselves; or `secrets.token_urlsafe()`.
    ///
    /// ## Limits
    /// A value counts by where it goes: a name, column or argument that says what it is for, or a function
    /// that does. `uuid4` is taken for good, and so are short codes of `get_random_string()` that are meant
    /// to be typed: attempts have to be limited there.
    ///
    /// ## References
    /// - [OWASP: forgot password](https://cheatsheetseries.owasp.org/cheatsheets/Forgot_Password_Cheat_Sheet.html)
    /// - [Python: secrets](https://docs.python.org/3/library/secrets.html)
    RULE {
        id: "one-time-token-weak",
        group: "auth",
        summary: "a token that lets somebody in can be guessed",
        severity: High,
        cwe: [640, 330],
        owasp: ["2025:A07"],
        asvs: ["5.0:11.5.1", "5.0:6.6.2"],
        checklist: ["password-reset-safe", "crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What code must name for there to be a weak token in it.
const SOURCES: &[&str] = &[
    "random",
    "randint",
    "choice",
    "choices",
    "uuid1",
    "get_random_string",
    "hashlib",
    "md5",
    "time",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if !SOURCES.iter().any(|name| at.code.symbol(name).is_some()) {
            continue;
        }
        for (_, stmt) in at.code.all_stmts() {
            for (name, value) in goes(at, stmt) {
                if let Some(weakness) = made(cx, at, value) {
                    report(at, &name, value, weakness, out);
                }
            }
        }
    }
}

fn report(at: Site<'_>, name: &str, value: ExprId, weakness: Weakness, out: &mut Findings) {
    let Some(kind) = kind(name) else { return };
    // What somebody types is short; what matters then is how often it may be tried.
    if weakness == Weakness::Short && kind != Kind::Token {
        return;
    }
    let confidence = if says_what_for(name) { Confidence::High } else { Confidence::Medium };
    let severity = if weakness == Weakness::Short { Severity::Medium } else { Severity::High };
    let span = at.expr_span(value);
    // The same value may be an argument in a statement that is looked at as a whole.
    if out.findings.iter().any(|known| known.primary == djsec_base::Location::Span(span)) {
        return;
    }
    let message = format!("`{name}` can be guessed: {}", weakness.words());
    out.found(&RULE, span, name, message)
        .severity(severity)
        .confidence(confidence)
        .help("make it with `secrets.token_urlsafe()`, or use Django's own token generator")
        .done();
}

/// The values that a statement gives to something with a name.
fn goes(at: Site<'_>, stmt: Stmt) -> Vec<(String, ExprId)> {
    let code = at.code;
    let mut found = Vec::new();
    let mut value_of = |target: ExprId, value: ExprId| {
        if let Expr::Name(name) | Expr::Attribute(_, name) = code.expr(target) {
            found.push((code.text(name).to_owned(), value));
        }
    };
    match stmt {
        Stmt::Assign { targets, value: Some(value), .. } => {
            code.exprs(targets).iter().for_each(|target| value_of(*target, value));
        }
        Stmt::Augmented(target, _, value) => value_of(target, value),
        Stmt::Return(Some(value)) => {
            let function = code.function_around(code.expr_range(value).start());
            if let Some(function) = function.and_then(|id| code.function(id)) {
                found.push((code.text(function.name).to_owned(), value));
            }
        }
        _ => {}
    }
    code.each_stmt_expr(stmt, &mut |expr| {
        code.each_inner(expr, &mut |id, _| found.extend(keywords(code, id)));
    });
    found.retain(|(name, _)| kind(name).is_some());
    found
}

/// The arguments of a call by their names; the default of a column is named as the column.
fn keywords(code: &Code, call: ExprId) -> Vec<(String, ExprId)> {
    let Some((_, arguments)) = code.call(call) else { return Vec::new() };
    let named = |argument: &Argument| {
        let keyword = code.text(argument.keyword?);
        Some((keyword.to_owned(), argument.value))
    };
    arguments.iter().filter_map(named).collect()
}

/// How a value is made that can be guessed: here, by a name that was given it before in the same
/// function, by a function of the project, or as the default of a column.
fn made(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> Option<Weakness> {
    if let Some(found) = weak(cx, at, value) {
        return Some(found);
    }
    match at.code.expr(value) {
        Expr::Name(name) => {
            let function = at.code.function_around(at.code.expr_range(value).start())?;
            let function = at.code.function(function)?;
            let mut found = None;
            at.code.each_stmt(function.body, &mut |_, stmt| {
                if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                    && at.code.exprs(targets).iter().any(|e| at.code.expr(*e) == Expr::Name(name))
                {
                    found = weak(cx, at, value);
                }
            });
            found
        }
        Expr::Call(callee, arguments) => {
            let default = at.code.keyword(at.code.arguments(arguments), "default");
            returned(cx, at, default.unwrap_or(callee))
        }
        _ => None,
    }
}

/// How what a function of the project gives back is made.
fn returned(cx: &Cx<'_>, at: Site<'_>, named: ExprId) -> Option<Weakness> {
    if cx.names(at, named, &["uuid.uuid1"]) {
        return Some(Weakness::Known);
    }
    let name = cx.resolved(at, named);
    let djsec_python::QualifiedName::Project(module, _) = &name else { return None };
    let (_, id) = cx.program.function_code(&name)?;
    let there = cx.site(*module)?;
    let function: &Function = there.code.function(id)?;
    // What says itself what it makes is reported there.
    if kind(there.code.text(function.name)).is_some() {
        return None;
    }
    let mut found = None;
    there.code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Return(Some(value)) = stmt {
            found = found.or_else(|| weak(cx, there, value));
        }
    });
    found
}
