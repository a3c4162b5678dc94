use djsec_base::Severity;
use djsec_python::code::{Argument, Code, Expr, ExprId, Stmt};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords that are, or may become, the empty text: `set_password("")`,
    /// `make_password("")`, `create_user(…, password="")`, and a parameter or `.get()` with `""` as its
    /// default that is given to them.
    ///
    /// ## Why it matters
    /// The empty text is a password like any other: its hash is stored, and whoever sends an empty one
    /// logs in. `None` is what says "no password".
    ///
    /// ## Flagged
    /// ```python views.py
    /// def invite(user, data):
    ///     user.set_password(data.get("password", ""))  # finding
    ///     user.save()
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// def invite(user, data):
    ///     user.set_password(data.get("password"))
    ///     user.save()
    ///
    ///
    /// def lock(user):
    ///     user.set_unusable_password()
    ///     user.save()
    /// ```
    ///
    /// ## How to fix
    /// Give `None`, or call `set_unusable_password()`.
    ///
    /// ## References
    /// - [Django: User.set_password](https://docs.djangoproject.com/en/stable/ref/contrib/auth/#django.contrib.auth.models.User.set_password)
    RULE {
        id: "password-empty-default",
        group: "auth",
        summary: "a password may be the empty text",
        severity: High,
        cwe: [521, 258],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.2.1"],
        checklist: ["password-validators"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const SETTERS: &[&str] = &[
    "acreate_superuser",
    "acreate_user",
    "create_superuser",
    "create_user",
    "make_password",
    "set_password",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if !SETTERS.iter().any(|name| at.code.symbol(name).is_some()) {
            continue;
        }
        for (id, expr) in at.code.all_exprs() {
            if !matches!(expr, Expr::Call(..)) {
                continue;
            }
            let (Some(name), Some((_, arguments))) = (at.called(id), at.code.call(id)) else {
                continue;
            };
            if !SETTERS.contains(&name) {
                continue;
            }
            let Some(given) = password(at.code, name, arguments) else { continue };
            if let Some((place, certain)) = empty(at, given) {
                let words = if certain { "is" } else { "is, where none is given," };
                let message = format!("the password {words} the empty text, which logs in");
                out.found(&RULE, at.expr_span(place), name, message)
                    .severity(if certain { Severity::High } else { Severity::Medium })
                    .help("give `None`: then nobody logs in by password")
                    .done();
            }
        }
    }
}

fn password(code: &Code, name: &str, arguments: &[Argument]) -> Option<ExprId> {
    match name {
        "set_password" | "make_password" => arguments.first().map(|first| first.value),
        _ => code.keyword(arguments, "password"),
    }
}

/// Where the empty text stands, and whether it is there in any case.
fn empty(at: Site<'_>, given: ExprId) -> Option<(ExprId, bool)> {
    let code = at.code;
    let is_empty = |id: ExprId| code.string(id) == Some("");
    match code.expr(given) {
        Expr::Str(_) => is_empty(given).then_some((given, true)),
        Expr::Or(list) => code
            .exprs(list)
            .last()
            .copied()
            .filter(|last| is_empty(*last))
            .map(|last| (last, false)),
        Expr::Call(..) => {
            let (_, arguments) = code.call(given)?;
            let default = arguments.get(1).map(|default| default.value);
            let get = matches!(at.called(given), Some("get" | "pop"));
            default.filter(|default| get && is_empty(*default)).map(|default| (default, false))
        }
        Expr::Name(name) => {
            let start = code.expr_range(given).start();
            let function = code.function(code.function_around(start)?)?;
            // A value given to the name since then, or a look at it, may have changed the matter.
            let mut touched = false;
            code.each_stmt(function.body, &mut |_, stmt| {
                touched |= match stmt {
                    Stmt::Assign { targets, .. } => {
                        code.exprs(targets).iter().any(|t| code.name(*t) == Some(code.text(name)))
                    }
                    Stmt::If { test, .. } => mentions(code, test, code.text(name)),
                    _ => false,
                };
            });
            let parameter = function.parameters.iter().find(|found| found.name == name)?;
            let default = parameter.default.filter(|default| is_empty(*default))?;
            (!touched).then_some((default, false))
        }
        _ => None,
    }
}

fn mentions(code: &Code, expr: ExprId, name: &str) -> bool {
    let mut found = false;
    code.each_inner(expr, &mut |id, _| found |= code.name(id) == Some(name));
    found
}
