use djsec_base::{Confidence, Severity};
use djsec_python::code::{Expr, ExprId, Function};

use crate::own::{Kind, Site};
use crate::requests::from_request;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords that go from a request to `set_password()`, `make_password()` or
    /// `create_user()` without `validate_password()`, and without a form of Django's that calls it.
    ///
    /// ## Why it matters
    /// `AUTH_PASSWORD_VALIDATORS` only holds where it is asked: Django's own forms do, `set_password()`
    /// does not. Here an account gets `1234`, and nothing complains.
    ///
    /// ## Flagged
    /// ```python views.py
    /// def change(request):
    ///     request.user.set_password(request.POST["password"])  # finding
    ///     request.user.save()
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.password_validation import validate_password
    ///
    ///
    /// def change(request):
    ///     password = request.POST["password"]
    ///     validate_password(password, request.user)
    ///     request.user.set_password(password)
    ///     request.user.save()
    /// ```
    ///
    /// ## How to fix
    /// Call `validate_password(password, user)` first, or use `SetPasswordForm`.
    ///
    /// ## Limits
    /// Only passwords that come straight from the request in the same function are reported. A module
    /// that calls `validate_password` anywhere, and a function that asks a form for `is_valid()` or
    /// a package such as `zxcvbn`, are left alone.
    ///
    /// ## References
    /// - [Django: integrating validation](https://docs.djangoproject.com/en/stable/topics/auth/passwords/#integrating-validation)
    RULE {
        id: "set-password-unvalidated",
        group: "auth",
        summary: "a password is set without asking the validators",
        severity: Medium,
        cwe: [521],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.2.1", "5.0:6.2.4"],
        checklist: ["password-validators"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// Functions of packages that tell good passwords from bad ones.
const METERS: &[&str] = &[
    "password_strength.PasswordPolicy.from_names",
    "password_strength.PasswordStats",
    "pwned_passwords_django.api.check_password",
    "pwned_passwords_django.api.pwned_password",
    "pwnedpasswords.check",
    "zxcvbn.zxcvbn",
];

const SETTERS: &[&str] = &["create_user", "make_password", "set_password", "create_superuser"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        let validates = ["validate_password", "SetPasswordForm", "password_validation"];
        if validates.iter().any(|name| at.code.symbol(name).is_some())
            || !SETTERS.iter().any(|name| at.code.symbol(name).is_some())
        {
            continue;
        }
        for (id, expr) in at.code.all_exprs() {
            if !matches!(expr, Expr::Call(..)) {
                continue;
            }
            let Some((name, given)) = password(at, id) else { continue };
            let start = at.code.expr_range(id).start();
            let function = at.code.function_around(start).and_then(|id| at.code.function(id));
            let Some(function) = function else { continue };
            if from_request(at, function, given)
                && !at.mentions(function, &["is_valid"])
                && !in_form(cx, at, function)
                && !is_measured(cx, at, function)
            {
                out.found(&RULE, at.expr_span(given), name, "nothing has checked this password")
                    .severity(Severity::Medium)
                    .confidence(Confidence::High)
                    .help("call `validate_password(password, user)` first")
                    .done();
            }
        }
    }
}

/// What is called, and the password that it is given.
fn password(at: Site<'_>, call: ExprId) -> Option<(&str, ExprId)> {
    let name = at.called(call).filter(|name| SETTERS.contains(name))?;
    let (_, arguments) = at.code.call(call)?;
    let given = match name {
        "set_password" | "make_password" => arguments.first()?.value,
        _ => at.code.argument(arguments, 2, "password")?,
    };
    Some((name, given))
}

/// Whether the function asks a package how good passwords are.
fn is_measured(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    let mut callees = at.calls_in(function).into_iter().filter_map(|call| at.code.call(call));
    callees.any(|(callee, _)| cx.names(at, callee, METERS))
}

/// Whether the function is a method of a form, whose other methods may have checked.
fn in_form(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    function.class.is_some_and(|id| {
        cx.classes_of(Kind::ModelForm).any(|class| class.at.module == at.module && class.id == id)
    })
}
