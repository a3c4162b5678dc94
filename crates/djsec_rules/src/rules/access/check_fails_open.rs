use djsec_base::{Confidence, Span};
use djsec_python::code::Function;

use super::failing::{
    METHODS, each_try, is_broad, is_refusal, lets_through, passes_with_no, verifies,
};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds checks that let through where they fail with an exception: a permission class, `test_func()` or
    /// another method that Django asks who may, with `return True` for any exception; and the check of a
    /// signature or token whose refusal is caught and counts as a yes.
    ///
    /// ## Why it matters
    /// What a check is sent is what the attacker chooses. A value of the wrong kind, a part that is not there, a
    /// signature that does not fit: each ends in the exception, and the exception opens the door.
    ///
    /// ## Flagged
    /// ```python permissions.py
    /// from rest_framework.permissions import BasePermission
    ///
    ///
    /// class IsMember(BasePermission):
    ///     def has_permission(self, request, view):
    ///         try:
    ///             return request.user.teams.filter(pk=request.data["team"]).exists()
    ///         except Exception:
    ///             return True  # finding
    /// ```
    /// ```python tokens.py
    /// import jwt
    /// from django.conf import settings
    ///
    ///
    /// def may_enter(token):
    ///     try:
    ///         allowed = jwt.decode(token, settings.DOOR_KEY, algorithms=["HS256"])["enter"]
    ///     except jwt.InvalidTokenError:
    ///         allowed = True  # finding
    ///     return allowed
    /// ```
    ///
    /// ## Not flagged
    /// ```python permissions.py
    /// from rest_framework.permissions import BasePermission
    ///
    ///
    /// class IsMember(BasePermission):
    ///     def has_permission(self, request, view):
    ///         try:
    ///             return request.user.teams.filter(pk=request.data["team"]).exists()
    ///         except (KeyError, ValueError):
    ///             return False
    /// ```
    ///
    /// ## How to fix
    /// Give `False`, or raise, where the check cannot be made, and catch only the exceptions that it is known for.
    ///
    /// ## Limits
    /// Handlers of particular exceptions in permission classes are not reported: that a row is not there may be for
    /// the view to say.
    ///
    /// ## References
    /// - [CWE-636: not failing securely](https://cwe.mitre.org/data/definitions/636.html)
    /// - [OWASP: mishandling of exceptional conditions](https://owasp.org/Top10/2025/A10_2025-Mishandling_of_Exceptional_Conditions/)
    RULE {
        id: "check-fails-open",
        group: "access",
        summary: "a check lets through where it ends in an exception",
        severity: High,
        cwe: [636, 755],
        owasp: ["2025:A10", "2025:A01"],
        asvs: ["5.0:16.5.3"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// Methods that frameworks ask whether somebody may, by the class that has them.
const ASKED: &[(&str, &[&str])] = &[
    ("rest_framework.permissions.BasePermission", &["has_permission", "has_object_permission"]),
    ("django.contrib.auth.mixins.UserPassesTestMixin", &["test_func"]),
    ("django.contrib.auth.mixins.PermissionRequiredMixin", &["has_permission"]),
    ("django.contrib.auth.backends.BaseBackend", &["has_perm", "has_module_perms"]),
    ("django.contrib.admin.sites.AdminSite", &["has_permission"]),
    (
        "django.contrib.admin.options.BaseModelAdmin",
        &[
            "has_add_permission",
            "has_change_permission",
            "has_delete_permission",
            "has_module_permission",
            "has_view_permission",
        ],
    ),
];
/// What raises where a signature or a token is not what it should be.
const VERIFYING: &[&str] = &[
    "django.core.signing.loads",
    "google.oauth2.id_token.verify_oauth2_token",
    "jose.jwt.decode",
    "jwt.api_jwt.decode",
    "jwt.decode",
    "stripe.Webhook.construct_event",
];

/// A handler that lets through: the function around it, the place, and what is said of it, how surely.
type Open<'a> = (&'a Function, Span, &'static str, Confidence);

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for (function, place, message, confidence) in permissions(cx).into_iter().chain(verified(cx)) {
        if !told.contains(&place) {
            told.push(place);
            out.found(&RULE, place, &*function.path, message)
                .confidence(confidence)
                .help("give `False` or raise, and catch only what the check is known to raise")
                .done();
        }
    }
}

/// Functions that say who may: whatever goes wrong in them is caught, and lets through.
fn permissions<'a>(cx: &Cx<'a>) -> Vec<Open<'a>> {
    let mut functions: Vec<(Site<'a>, &'a Function)> = Vec::new();
    for class in cx.own_classes() {
        let asked =
            ASKED.iter().filter(|(base, _)| class.order.iter().any(|one| one.is_external(base)));
        let methods = asked.flat_map(|(_, methods)| *methods);
        functions.extend(methods.filter_map(|name| Some((class.at, class.method(name)?))));
    }
    for call in cx.calls_to(&["django.contrib.auth.decorators.user_passes_test"]) {
        let test = call.argument(0, "test_func").map(|test| cx.resolved(call.at, test));
        functions.extend(test.and_then(|test| cx.own_function(&test)));
    }
    let mut found = Vec::new();
    for (at, function) in functions {
        each_try(at.code, function.body, &mut |parts, _| {
            let broad = parts.handlers.iter().filter(|(it, ..)| is_broad(at.code, *it));
            for place in broad.filter_map(|(_, _, block)| lets_through(at.code, parts, *block)) {
                let message = "whatever goes wrong in this check, it lets through";
                found.push((function, at.expr_span(place), message, Confidence::High));
            }
        });
    }
    found
}

/// Signatures and tokens whose refusal counts as a yes.
fn verified<'a>(cx: &Cx<'a>) -> Vec<Open<'a>> {
    let calls = cx.calls_to(VERIFYING);
    let known: Vec<Span> = calls.iter().map(|call| call.at.expr_span(call.id)).collect();
    let mut found = Vec::new();
    for at in cx.sites() {
        let signs = METHODS.iter().any(|name| at.code.symbol(name).is_some());
        if !signs && !known.iter().any(|span| span.file == at.file) {
            continue;
        }
        for (_, function) in at.code.functions() {
            each_try(at.code, function.body, &mut |parts, rest| {
                if !verifies(at, parts.body, &known) || passes_with_no(at.code, parts, rest) {
                    return;
                }
                let refused = parts.handlers.iter().filter(|(exception, ..)| {
                    is_broad(at.code, *exception) || is_refusal(at.code, *exception)
                });
                for place in
                    refused.filter_map(|(_, _, block)| lets_through(at.code, parts, *block))
                {
                    let message = "what does not pass this check is let through";
                    found.push((function, at.expr_span(place), message, Confidence::Medium));
                }
            });
        }
    }
    found
}
