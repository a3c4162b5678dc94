use djsec_base::{Confidence, Severity};
use djsec_python::QualifiedName;
use djsec_python::code::{Class, Expr, ExprId, Function, Stmt};

use super::passwords_of_forms::is_unchecked;
use crate::own::{Kind, Site};
use crate::requests::{from_request, part_of};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords that go from a request, or from what a serializer has of one, to `set_password()`,
    /// `make_password()` or `create_user()` without `validate_password()`, and without a form of Django's that
    /// calls it.
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
    /// Only passwords that come straight from the request in the same function, or from the validated data of
    /// the serializer or model form that the function belongs to, are reported; of a form only where plain
    /// users send it and nothing in its class looks at the password. A function that validates, its class, the
    /// functions of its module that it calls or that call it, a module that validates outside of functions,
    /// and a function that asks a form for `is_valid()` or a package such as `zxcvbn`, are left alone.
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

/// What says that validators are asked.
const VALIDATING: &[&str] = &["validate_password", "SetPasswordForm", "password_validation"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if !SETTERS.iter().any(|name| at.code.symbol(name).is_some()) {
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
            let confidence = if in_form(cx, at, function) {
                is_unchecked(cx, at, function, given).then_some(Confidence::Medium)
            } else {
                comes_in(cx, at, function, given)
            };
            let Some(confidence) = confidence else { continue };
            if !is_validated(cx, at, function)
                && !at.mentions(function, &["is_valid"])
                && !is_measured(cx, at, function)
            {
                out.found(&RULE, at.expr_span(given), name, "nothing has checked this password")
                    .severity(Severity::Medium)
                    .confidence(confidence)
                    .help("call `validate_password(password, user)` first")
                    .done();
            }
        }
    }
}

/// How sure it is that a password is as it was sent.
fn comes_in(cx: &Cx<'_>, at: Site<'_>, function: &Function, given: ExprId) -> Option<Confidence> {
    if from_request(at, function, given) {
        return Some(Confidence::High);
    }
    // A view may look at what it hands to its serializer.
    (is_in_serializer(cx, at, function)
        && from_serializer(at, function, given)
        && has_password(cx, at, function))
    .then_some(Confidence::Medium)
}

/// Whether the class of a function, or one that it is derived from, has a field for a password.
fn has_password(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    class_says(cx, at, function, &|there, id, _| {
        let text = there.code.string(id).or_else(|| there.code.name(id));
        text.is_some_and(|text| text.contains("password"))
    })
}

/// Whether something holds of an expression in the class of a function, in those that it is derived from, or in
/// the classes in them (`Meta`).
fn class_says(
    cx: &Cx<'_>,
    at: Site<'_>,
    function: &Function,
    is: &dyn Fn(Site<'_>, ExprId, Expr) -> bool,
) -> bool {
    let Some(class) = function.class.and_then(|id| at.code.class(id)) else { return false };
    let name = QualifiedName::Project(at.module, class.path.as_ref().into());
    cx.bodies(&name).any(|(_, there, id)| {
        let within = |class: &&Class| class.class == Some(id);
        let inner = there.code.classes().map(|(_, class)| class).filter(within);
        let mut found = false;
        for class in there.code.class(id).into_iter().chain(inner) {
            there.code.each_expr(class.body, &mut |id, expr| found |= is(there, id, expr));
        }
        found
    })
}

/// Whether validators are asked where the function belongs: by itself, its class, what it calls of its module
/// and what calls it there, or the module as a whole.
fn is_validated(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    if VALIDATING.iter().all(|name| at.code.symbol(name).is_none()) && function.class.is_none() {
        return false;
    }
    let asks = |other: &Function| at.mentions(other, VALIDATING);
    let calls = |one: &Function, other: &Function| at.mentions(one, &[at.code.text(other.name)]);
    let related = |other: &Function| {
        other.range == function.range
            || other.class.is_some() && other.class == function.class
            || calls(function, other)
            || calls(other, function)
    };
    let mut others = at.code.functions().map(|(_, other)| other);
    others.any(|other| asks(other) && related(other)) || class_asks(cx, at, function) || outside(at)
}

/// Whether validators are named in the class of a function, or in one that it is derived from: as those of a
/// field, or as the method that checks it.
fn class_asks(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    let class = function.class.and_then(|id| at.code.class(id));
    let by_method = class.is_some_and(|class| {
        let name = QualifiedName::Project(at.module, class.path.as_ref().into());
        VALIDATING.iter().any(|method| cx.counting_method(&name, method).is_some())
    });
    by_method
        || class_says(cx, at, function, &|there, _, expr| match expr {
            Expr::Name(name) | Expr::Attribute(_, name) => {
                VALIDATING.contains(&there.code.text(name))
            }
            _ => false,
        })
}

/// Whether a module names validators outside of functions and classes: a type of fields that has them.
fn outside(at: Site<'_>) -> bool {
    let mut found = false;
    for id in at.code.body() {
        if let Stmt::Assign { value: Some(value), .. } = at.code.stmt(*id) {
            at.code.each_inner(value, &mut |_, expr| {
                if let Expr::Name(name) | Expr::Attribute(_, name) = expr {
                    found |= VALIDATING.contains(&at.code.text(name));
                }
            });
        }
    }
    found
}

fn is_in_serializer(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    let Some(class) = function.class.and_then(|id| at.code.class(id)) else { return false };
    let name = QualifiedName::Project(at.module, class.path.as_ref().into());
    cx.classes.derives_from(&name, &["rest_framework.serializers.BaseSerializer"]) == Some(true)
}

/// `validated_data["password"]`, `self.validated_data.pop("password")`, or all of it.
fn from_serializer(at: Site<'_>, function: &Function, given: ExprId) -> bool {
    let names = ["validated_data", "self.validated_data", "attrs", "data"];
    let is_data = |id: ExprId| names.iter().any(|name| at.code.is_dotted(id, name));
    is_data(given) || part_of(at, function, given, &is_data)
}

/// What is called, and the password that it is given.
fn password(at: Site<'_>, call: ExprId) -> Option<(&str, ExprId)> {
    let name = at.called(call).filter(|name| SETTERS.contains(name))?;
    let (_, arguments) = at.code.call(call)?;
    let given = match name {
        "set_password" | "make_password" => arguments.first()?.value,
        // `create_user(**validated_data)`
        _ => match at.code.argument(arguments, 2, "password") {
            Some(password) => password,
            None => arguments.iter().find(|argument| argument.spread)?.value,
        },
    };
    Some((name, given))
}

/// Whether the function asks a package how good passwords are.
fn is_measured(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    let mut callees = at.calls_in(function).into_iter().filter_map(|call| at.code.call(call));
    callees.any(|(callee, _)| cx.names(at, callee, METERS))
}

/// Whether the function is a method of a model form, whose other methods may have checked.
fn in_form(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> bool {
    function.class.is_some_and(|id| {
        cx.classes_of(Kind::ModelForm).any(|class| class.at.module == at.module && class.id == id)
    })
}
