use djsec_base::{Confidence, Severity};
use djsec_django::hierarchy::{AttributeValue, KnownValue};
use djsec_django::models::Why;
use djsec_django::views::Level;
use djsec_django::views::objects::{How, Operation, Scope};
use djsec_python::QualifiedName;
use djsec_python::code::Expr;

use super::fields::{self, Said};
use crate::own::Kind;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds serializers that list a secret of their model (a password's hash, a token, a key) without
    /// making it write-only.
    ///
    /// ## Why it matters
    /// The API sends it to everybody who may read the object, and it ends up in logs, caches and
    /// browsers on the way. A hash can be guessed at home; a token or key opens what it was made for.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     pass
    /// ```
    /// ```python serializers.py
    /// from rest_framework import serializers
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class CustomerSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Customer
    ///         fields = ["email", "password"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     pass
    /// ```
    /// ```python serializers.py
    /// from rest_framework import serializers
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class CustomerSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Customer
    ///         fields = ["email", "password"]
    ///         extra_kwargs = {"password": {"write_only": True}}
    /// ```
    ///
    /// ## How to fix
    /// Leave the field out, or make it `write_only`. What clients must see once, when it is made, goes
    /// into the answer of that one request.
    ///
    /// ## Limits
    /// Serializers that hand out a token by their name (`TokenCreateSerializer`) are left out. One that shows nothing
    /// but the token, and when it was made, is reported with low confidence.
    ///
    /// ## References
    /// - [DRF: additional keyword arguments](https://www.django-rest-framework.org/api-guide/serializers/#additional-keyword-arguments)
    RULE {
        id: "serializer-leaks-sensitive",
        group: "forms",
        summary: "a serializer shows a secret",
        severity: High,
        cwe: [200, 522],
        owasp: ["2025:A01"],
        asvs: ["5.0:15.3.1"],
        checklist: ["mass-assignment"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::ModelSerializer) {
        let Some((Said::These(listed), _)) = fields::said(&class) else { continue };
        let Some(model) = fields::model(cx, &class) else { continue };
        let secrets = cx.models().sensitive(&model);
        let told = class.meta("fields").and_then(|fields| class.at.code.elements(fields));
        let all_told = told.is_some_and(|told| told.len() == listed.len());
        for field in secrets.iter().filter(|field| field.why == Why::Secret) {
            let Some((name, place)) = listed.iter().find(|(name, _)| **name == *field.name) else {
                continue;
            };
            if !fields::is_shown(cx, &class, name)
                || (issues(class.path()) && !name.contains("passw"))
            {
                continue;
            }
            let password = name.contains("password") || name.contains("passwd");
            // A token may be what the client has asked for; nobody asks for a hash.
            let (severity, confidence) = if password {
                (Severity::High, Confidence::High)
            } else if all_told
                && listed.iter().all(|(other, _)| other == name || is_time(cx, &model, other))
                && !is_for_others(cx, &class.name, &model)
            {
                // What shows nothing else is there to give it to somebody: to whom it belongs, for all that is seen.
                (Severity::Medium, Confidence::Low)
            } else if is_for_owners(cx, &class.name, &model) {
                // Its owner may be meant to read it, and nobody else does.
                (Severity::Medium, Confidence::Low)
            } else {
                (Severity::Medium, Confidence::Medium)
            };
            let message = format!("the API shows `{name}` to everybody who may read the object");
            out.found(&RULE, class.at.expr_span(*place), class.path(), message)
                .severity(severity)
                .confidence(confidence)
                .help("leave it out, or make it write-only in `extra_kwargs`")
                .done();
        }
    }
}

/// Whether views give only rows of who asks by a serializer, and no other serializer holds it.
fn is_for_owners(cx: &Cx<'_>, serializer: &QualifiedName, model: &QualifiedName) -> bool {
    let uses = |endpoint: &Endpoint<'_>| {
        let assigned = endpoint.class().and_then(|class| cx.assigned(class, "serializer_class"));
        assigned.is_some_and(|(at, value)| cx.resolved(at, value) == *serializer)
    };
    let (mut some, mut all) = (false, true);
    for endpoint in cx.endpoints().filter(uses) {
        let known = endpoint.is_open() && !endpoint.weakest().is_some_and(Level::is_public);
        let objects = cx.objects(&endpoint);
        let mut accesses = objects.accesses.iter().filter(|access| access.model == *model);
        some = true;
        all &= known
            && accesses.all(|access| {
                // A method that is handed who asks may choose by what they may do.
                matches!(
                    access.scope,
                    Scope::Scoped { how: How::User(_) | How::Own | How::New, .. }
                )
            });
    }
    some && all && !cx.is_base(serializer) && !is_held(cx, serializer)
}

/// Whether anything but `serializer_class` and its own class names a serializer: another one holds it, or a function
/// makes one.
fn is_held(cx: &Cx<'_>, serializer: &QualifiedName) -> bool {
    let QualifiedName::Project(_, path) = serializer else { return true };
    cx.sites().filter(|at| at.code.symbol(path).is_some()).any(|at| {
        at.code.all_exprs().any(|(_, expr)| match expr {
            Expr::Call(callee, _) => cx.resolved(at, callee) == *serializer,
            _ => false,
        })
    })
}

/// Whether a view shows rows by this serializer to others than those to whom they belong.
fn is_for_others(cx: &Cx<'_>, serializer: &QualifiedName, model: &QualifiedName) -> bool {
    let uses = |endpoint: &Endpoint<'_>| {
        let assigned = endpoint.class().and_then(|class| cx.assigned(class, "serializer_class"));
        assigned.is_some_and(|(at, value)| cx.resolved(at, value) == *serializer)
    };
    cx.endpoints().filter(uses).any(|endpoint| match endpoint.level("GET") {
        Some(Level::Public | Level::Authenticated) => {
            cx.objects(&endpoint).accesses.iter().any(|access| {
                access.model == *model
                    && matches!(access.operation, Operation::Fetch | Operation::List)
                    && access.scope == Scope::Unscoped
                    && access.guards_after.is_empty()
                    && access.under.is_empty()
            })
        }
        _ => false,
    })
}

/// Whether a field of a model, of the project or a package, holds a time.
fn is_time(cx: &Cx<'_>, model: &QualifiedName, name: &str) -> bool {
    if let Some(field) = cx.models().field(model, name) {
        return field.kind.contains("Date");
    }
    let found = cx.classes.attribute(model, name).map(|found| found.value);
    matches!(found, Some(AttributeValue::Known(KnownValue::Field { class, .. }))
        if class.contains("Date"))
}

/// Whether a serializer, by its name, gives a token to who has just asked for it.
fn issues(name: &str) -> bool {
    ["Create", "Generate", "Issue", "Login", "New", "Obtain", "Provision", "Response"]
        .iter()
        .any(|word| name.contains(word))
}
