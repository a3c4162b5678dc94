use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that check a password and then write who it is into `request.session` themselves,
    /// instead of calling `login()`.
    ///
    /// ## Why it matters
    /// `login()` gives the session a new key and ties it to the password's hash. Without it, a session
    /// key that was put into the browser before the login is logged in afterwards, and a new password
    /// ends no session.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.hashers import check_password
    ///
    /// from shop.models import Member
    ///
    ///
    /// def enter(request):
    ///     member = Member.objects.get(email=request.POST["email"])
    ///     if check_password(request.POST["password"], member.password):
    ///         request.session["member_id"] = member.pk  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth import authenticate, login
    ///
    ///
    /// def enter(request):
    ///     user = authenticate(request, **request.POST.dict())
    ///     if user is not None:
    ///         login(request, user)
    ///         request.session["member_id"] = user.member.pk
    /// ```
    ///
    /// ## How to fix
    /// Use Django's users with `authenticate()` and `login()`; at the very least call
    /// `request.session.cycle_key()`.
    ///
    /// ## References
    /// - [Django: how to log a user in](https://docs.djangoproject.com/en/stable/topics/auth/default/#how-to-log-a-user-in)
    RULE {
        id: "manual-session-login",
        group: "auth",
        summary: "a login that keeps the session key",
        severity: High,
        cwe: [384],
        owasp: ["2025:A07"],
        asvs: ["5.0:7.2.4"],
        checklist: ["session-regenerated"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What a session says of who is there.
const WHO: &[&str] = &[
    "account_id",
    "admin_id",
    "admin_logged_in",
    "customer_id",
    "employee_id",
    "is_admin",
    "is_authenticated",
    "is_logged_in",
    "logged_in",
    "member_id",
    "staff_id",
    "student_id",
    "teacher_id",
    "uid",
    "user",
    "user_email",
    "user_id",
    "userid",
    "username",
];
/// What makes a new key, or a login of Django's.
const RENEWS: &[&str] = &[
    "alogin",
    "auth_login",
    "cycle_key",
    "django_login",
    "flush",
    "login",
    "login_user",
    "create",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites().filter(|at| at.code.symbol("session").is_some()) {
        for (_, stmt) in at.code.all_stmts() {
            let Stmt::Assign { targets, value: Some(_), .. } = stmt else { continue };
            for target in at.code.exprs(targets) {
                let Some(key) = session_key(at, *target) else { continue };
                let start = at.code.expr_range(*target).start();
                let function = at.code.function_around(start).and_then(|id| at.code.function(id));
                let Some(function) = function else { continue };
                if !WHO.contains(&key)
                    || at.mentions(function, RENEWS)
                    || !checks_password(at, function)
                {
                    continue;
                }
                let message = "this logs somebody in, and the session keeps its key";
                out.found(&RULE, at.expr_span(*target), key, message)
                    .confidence(Confidence::Medium)
                    .help("call `login(request, user)`, or at least `request.session.cycle_key()`")
                    .done();
            }
        }
    }
}

/// The key of `request.session["…"]`.
fn session_key(at: Site<'_>, target: ExprId) -> Option<&str> {
    let Expr::Subscript(value, key) = at.code.expr(target) else { return None };
    let session = at.code.is_dotted(value, "request.session")
        || at.code.is_dotted(value, "self.request.session");
    if session { at.code.string(key) } else { None }
}

/// Whether the function checks a password: by a hasher, by `authenticate()`, in a query, or plainly.
fn checks_password(at: Site<'_>, function: &Function) -> bool {
    let code = at.code;
    let mut found = at.mentions(function, &["check_password", "authenticate", "checkpw"]);
    code.each_expr(function.body, &mut |id, expr| match expr {
        Expr::Call(..) => {
            let query = matches!(at.called(id), Some("get" | "filter"));
            let password = code.call(id).and_then(|(_, all)| code.keyword(all, "password"));
            found |= query && password.is_some();
        }
        Expr::Compare(left, rest) => {
            let password = |side: ExprId| {
                matches!(code.expr(side), Expr::Attribute(_, name) if code.text(name) == "password")
            };
            found |= password(left)
                || code.comparisons(rest).iter().any(|(_, right)| password(*right));
        }
        _ => {}
    });
    found
}
