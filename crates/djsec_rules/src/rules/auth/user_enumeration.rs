use djsec_base::Confidence;
use djsec_python::code::{Code, Comparison, Expr, ExprId, Function, List, Stmt};

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
/// What sends mail: to whoever says to have forgotten something, where the function does not know who asks.
const MAILS: &[&str] = &["email_user", "send_mail", "EmailMessage", "EmailMultiAlternatives"];
/// By what somebody types.
const TYPED: &[&str] = &["email", "email__iexact", "username", "username__iexact"];
const WORDS: &[&str] = &[
    "account does not exist",
    "account doesn't exist",
    "email does not exist",
    "email doesn't exist",
    "email is not registered",
    "invalid email",
    "invalid username",
    "no account",
    "no such account",
    "no such email",
    "no such user",
    "no user",
    "not registered",
    "unknown account",
    "unknown email",
    "unknown user",
    "user does not exist",
    "user doesn't exist",
    "user not found",
    "username does not exist",
    "username doesn't exist",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if !FLOWS.iter().chain(MAILS).any(|name| at.code.symbol(name).is_some()) {
            continue;
        }
        for (_, function) in at.code.functions() {
            // A decorator may be what asks for a login first, and so may the bases of a class.
            let forgot = || {
                function.class.is_none()
                    && at.mentions(function, MAILS)
                    && !knows_who_asks(at, function)
            };
            if at.code.exprs(function.decorators).is_empty()
                && (at.mentions(function, FLOWS) || forgot())
            {
                in_function(cx, at, function, out);
            }
        }
    }
}

fn knows_who_asks(at: Site<'_>, function: &Function) -> bool {
    let mut found = false;
    at.code.each_expr(function.body, &mut |id, _| {
        found |= at.code.dotted(id).is_some_and(|name| name.starts_with("request.user"));
    });
    found
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
        Stmt::If { test, then, otherwise } => {
            answers.extend(missing(cx, at, test).map(|yes| if yes { then } else { otherwise }));
        }
        _ => {}
    });
    let mut told: Vec<ExprId> =
        answers.into_iter().filter_map(|block| telling(code, block)).collect();
    code.each_expr(function.body, &mut |_, expr| {
        if let Expr::Conditional { test, then, otherwise } = expr
            && let Some(yes) = missing(cx, at, test)
        {
            let text = if yes { then } else { otherwise };
            told.extend(code.string(text).filter(|text| tells(text)).map(|_| text));
        }
    });
    for place in told {
        let message = "this answer tells that there is no such account";
        out.found(&RULE, at.expr_span(place), &*function.path, message)
            .confidence(Confidence::Medium)
            .help("give the same answer whether the account exists or not")
            .done();
    }
}

/// Whether a test that holds says that there is no such account, or (`false`) that there is one.
fn missing(cx: &Cx<'_>, at: Site<'_>, test: ExprId) -> Option<bool> {
    let code = at.code;
    match code.expr(test) {
        Expr::Not(inner) => missing(cx, at, inner).map(|yes| !yes),
        Expr::Compare(left, rest) => match code.comparisons(rest) {
            [(Comparison::Is, right)] if code.expr(*right) == Expr::None => {
                is_account(cx, at, left).then_some(true)
            }
            [(Comparison::IsNot, right)] if code.expr(*right) == Expr::None => {
                is_account(cx, at, left).then_some(false)
            }
            _ => None,
        },
        _ => is_account(cx, at, test).then_some(false),
    }
}

/// `User.objects.filter(…).exists()`, or a name that only holds such an answer, or the account that was typed.
fn is_account(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> bool {
    let users = |value| cx.query_model(at, value).is_some_and(|model| model == cx.user_model());
    if at.called(value) == Some("exists") {
        return users(value);
    }
    let found = |value: ExprId| {
        let asks = matches!(at.called(value), Some("exists" | "first"));
        let mut typed = false;
        at.code.each_inner(value, &mut |id, _| {
            typed |= at.code.call(id).is_some_and(|(_, given)| {
                TYPED.iter().any(|name| at.code.keyword(given, name).is_some())
            });
        });
        asks && typed && users(value)
    };
    let given = at.code.name(value).and_then(|_| at.given(value));
    given.is_some_and(|all| !all.is_empty() && all.iter().all(|value| found(*value)))
}

/// Whether a block looks one user up by what somebody types.
fn looks_up_user(cx: &Cx<'_>, at: Site<'_>, block: List) -> bool {
    let mut found = false;
    at.code.each_expr(block, &mut |id, expr| {
        if let Expr::Call(callee, _) = expr
            && at.called(id) == Some("get")
            && let Some((_, arguments)) = at.code.call(id)
        {
            let typed = TYPED.iter().any(|name| at.code.keyword(arguments, name).is_some());
            found |= typed && cx.query_model(at, callee).is_some_and(|m| m == cx.user_model());
        }
    });
    found
}

/// The text in a block that says it.
fn telling(code: &Code, block: List) -> Option<ExprId> {
    let mut found = None;
    code.each_expr(block, &mut |id, _| {
        if found.is_none() && code.string(id).is_some_and(tells) {
            found = Some(id);
        }
    });
    found
}

fn tells(text: &str) -> bool {
    let text = text.to_lowercase();
    WORDS.iter().any(|words| text.contains(words))
}
