use djsec_base::Confidence;
use djsec_python::code::{Code, Expr, ExprId, Function, List, Stmt};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds logins and password resets of the project's own that answer with other words when there
    /// is no such account.
    ///
    /// ## Why it matters
    /// Anybody can find out who has an account: of one person, where that alone tells something, or of a
    /// list of addresses, to try leaked passwords on those that do.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.shortcuts import render
    ///
    ///
    /// def enter(request):
    ///     try:
    ///         user = User.objects.get(email=request.POST["email"])
    ///     except User.DoesNotExist:
    ///         return render(request, "login.html", {"error": "This user does not exist."})  # finding
    ///     if not user.check_password(request.POST["password"]):
    ///         return render(request, "login.html", {"error": "Wrong password."})
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.shortcuts import render
    ///
    /// WRONG = "E-mail address or password are wrong."
    ///
    ///
    /// def enter(request):
    ///     try:
    ///         user = User.objects.get(email=request.POST["email"])
    ///     except User.DoesNotExist:
    ///         return render(request, "login.html", {"error": WRONG})
    ///     if not user.check_password(request.POST["password"]):
    ///         return render(request, "login.html", {"error": WRONG})
    /// ```
    ///
    /// ## How to fix
    /// Give the same answer in both cases, and for resets always say that a mail was sent if there is
    /// an account.
    ///
    /// ## Limits
    /// Only answers that say it in plain English words are found.
    ///
    /// ## References
    /// - [OWASP: authentication and error messages](https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html#authentication-and-error-messages)
    RULE {
        id: "user-enumeration",
        group: "auth",
        summary: "the answer tells whether an account exists",
        severity: Medium,
        cwe: [204],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.8"],
        checklist: ["password-reset-safe"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What a login or a reset calls.
const FLOWS: &[&str] = &[
    "authenticate",
    "check_password",
    "default_token_generator",
    "make_token",
    "PasswordResetForm",
    "PasswordResetTokenGenerator",
];
const WORDS: &[&str] = &[
    "account does not exist",
    "account doesn't exist",
    "email does not exist",
    "email doesn't exist",
    "email is not registered",
    "invalid email",
    "invalid username",
    "no account",
    "no such user",
    "no user",
    "not registered",
    "unknown user",
    "user does not exist",
    "user doesn't exist",
    "user not found",
    "username does not exist",
    "username doesn't exist",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if !FLOWS.iter().any(|name| at.code.symbol(name).is_some()) {
            continue;
        }
        for (_, function) in at.code.functions() {
            // A decorator may be what asks for a login first.
            if at.code.exprs(function.decorators).is_empty() && at.mentions(function, FLOWS) {
                in_function(cx, at, function, out);
            }
        }
    }
}

fn in_function(cx: &Cx<'_>, at: Site<'_>, function: &Function, out: &mut Findings) {
    let code = at.code;
    let mut answers: Vec<List> = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| match stmt {
        Stmt::Try(parts) => {
            let Some(parts) = code.try_parts(parts) else { return };
            if !looks_up_user(cx, at, parts.body) {
                return;
            }
            for (kind, _, block) in &parts.handlers {
                let missing = kind.and_then(|kind| code.dotted(kind));
                if missing.is_some_and(|kind| kind.ends_with("DoesNotExist")) {
                    answers.push(*block);
                }
            }
        }
        Stmt::If { test, then, .. } => {
            let Expr::Not(inner) = code.expr(test) else { return };
            let exists = at.called(inner) == Some("exists");
            let model = cx.query_model(at, inner);
            if exists && model.is_some_and(|model| model == cx.user_model()) {
                answers.push(then);
            }
        }
        _ => {}
    });
    for block in answers {
        if let Some(place) = telling(code, block) {
            let message = "this answer tells that there is no such account";
            out.found(&RULE, at.expr_span(place), &*function.path, message)
                .confidence(Confidence::Medium)
                .help("give the same answer whether the account exists or not")
                .done();
        }
    }
}

/// Whether a block looks one user up by what somebody types.
fn looks_up_user(cx: &Cx<'_>, at: Site<'_>, block: List) -> bool {
    let mut found = false;
    at.code.each_expr(block, &mut |id, expr| {
        if let Expr::Call(callee, _) = expr
            && at.called(id) == Some("get")
            && let Some((_, arguments)) = at.code.call(id)
        {
            let typed = ["email", "email__iexact", "username", "username__iexact"];
            let typed = typed.iter().any(|name| at.code.keyword(arguments, name).is_some());
            found |= typed && cx.query_model(at, callee).is_some_and(|m| m == cx.user_model());
        }
    });
    found
}

/// The text in a block that says it.
fn telling(code: &Code, block: List) -> Option<ExprId> {
    let mut found = None;
    code.each_expr(block, &mut |id, _| {
        let text = code.string(id).unwrap_or_default().to_lowercase();
        if found.is_none() && WORDS.iter().any(|words| text.contains(words)) {
            found = Some(id);
        }
    });
    found
}
