use djsec_base::{Confidence, Severity};
use djsec_python::code::{Comparison, Expr, ExprId, Function};

use crate::own::{Kind, OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds flaws in authentication backends of the project: passwords compared by `==`, and accounts
    /// that are deactivated but let in, because neither `authenticate()` nor `get_user()` asks for
    /// `is_active`.
    ///
    /// ## Why it matters
    /// A password that can be compared by `==` is stored as text, and the comparison tells by its time
    /// how much of it was right. Where nobody asks for `is_active`, deactivating an account ends nothing.
    ///
    /// ## Flagged
    /// ```python backends.py
    /// from django.contrib.auth import get_user_model
    /// from django.contrib.auth.backends import BaseBackend
    ///
    ///
    /// class ByEmail(BaseBackend):
    ///     def authenticate(self, request, email=None, password=None):  # finding
    ///         user = get_user_model().objects.filter(email=email).first()
    ///         return user if user and user.check_password(password) else None
    ///
    ///     def get_user(self, pk):
    ///         return get_user_model().objects.filter(pk=pk).first()
    /// ```
    ///
    /// ## Not flagged
    /// ```python backends.py
    /// from django.contrib.auth import get_user_model
    /// from django.contrib.auth.backends import ModelBackend
    ///
    ///
    /// class ByEmail(ModelBackend):
    ///     def authenticate(self, request, email=None, password=None):
    ///         user = get_user_model().objects.filter(email=email).first()
    ///         if user and user.check_password(password) and self.user_can_authenticate(user):
    ///             return user
    ///         return None
    /// ```
    ///
    /// ## How to fix
    /// Derive the backend from `ModelBackend`, use `check_password()`, and ask
    /// `self.user_can_authenticate(user)` in both methods.
    ///
    /// ## Limits
    /// A backend that passes on to `super()` is trusted in what it passes on.
    ///
    /// ## References
    /// - [Django: writing an authentication backend](https://docs.djangoproject.com/en/stable/topics/auth/customizing/#writing-an-authentication-backend)
    RULE {
        id: "auth-backend-flaw",
        group: "auth",
        summary: "an authentication backend lets the wrong people in",
        severity: High,
        cwe: [287],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.4", "5.0:7.4.2"],
        checklist: ["auth-backends-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::Backend) {
        let Some(authenticate) = class.method("authenticate") else { continue };
        compared(class.at, &class, authenticate, out);
        inactive(cx, &class, authenticate, out);
    }
}

/// `user.password == password`
fn compared(at: Site<'_>, class: &OwnClass<'_>, function: &Function, out: &mut Findings) {
    let code = at.code;
    let mut found: Option<ExprId> = None;
    code.each_expr(function.body, &mut |id, expr| {
        let Expr::Compare(left, rest) = expr else { return };
        let [(Comparison::Eq | Comparison::NotEq, right)] = code.comparisons(rest) else { return };
        let column = |side: ExprId| {
            matches!(code.expr(side), Expr::Attribute(_, name) if code.text(name) == "password")
        };
        let given = |side: ExprId| code.name(side).is_some_and(|name| name.contains("password"));
        if (column(left) && given(*right)) || (given(left) && column(*right)) {
            found.get_or_insert(id);
        }
    });
    let Some(place) = found else { return };
    out.found(&RULE, at.expr_span(place), class.path(), "the password is compared as text")
        .severity(Severity::Critical)
        .help("store hashes, and use `user.check_password(password)`")
        .done();
}

fn inactive(cx: &Cx<'_>, class: &OwnClass<'_>, authenticate: &Function, out: &mut Findings) {
    let asks = ["is_active", "user_can_authenticate", "super", "configure_user"];
    let known = cx.classes.is_complete(&class.name);
    let active = filters_active(cx, class.at, authenticate);
    if !known
        || active
        || class.at.mentions(authenticate, &asks)
        || never_lets_in(class.at, authenticate)
    {
        return;
    }
    // Each request asks `get_user()` again: that of `ModelBackend` asks for `is_active`, and that of
    // `BaseBackend` finds nobody.
    let Some((at, id, _)) = cx.counting_method(&class.name, "get_user") else { return };
    let Some(get_user) = at.code.function(id) else { return };
    if at.mentions(get_user, &asks) || filters_active(cx, at, get_user) {
        return;
    }
    let message = "accounts that are deactivated log in, and stay logged in";
    out.found(&RULE, class.at.span(authenticate.name_range), class.path(), message)
        .severity(Severity::Medium)
        .confidence(Confidence::Medium)
        .help("ask `self.user_can_authenticate(user)` here and in `get_user()`")
        .done();
}

/// Whether `authenticate()` gives back nothing but `None`.
fn never_lets_in(at: Site<'_>, function: &Function) -> bool {
    at.only_return(function).is_some_and(|value| matches!(at.code.expr(value), Expr::None))
}

/// Whether a query asks for active users by another name than the plain attribute.
fn filters_active(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    cx.source(at.span(function.range)).contains("active")
}
