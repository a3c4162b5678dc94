use std::sync::Arc;

use djsec_base::{Confidence, Span};
use djsec_django::models::{Sensitive, Why};
use djsec_django::views::objects::FormAct;
use djsec_python::QualifiedName;

use super::decides::form_decides;
use super::privileged;
use super::read_only::{is_read_only, read_only};
use super::sent::{self, Sent};
use crate::{Check, Cx, Findings, declare_rule, privileges};

declare_rule! {
    /// ## What it does
    /// Finds serializers that take a field from plain users which decides something about them: what they
    /// may do (`is_staff`, `groups`), whose a row is (`owner`), what it costs, what they have, or whether
    /// somebody has checked or paid it.
    ///
    /// ## Why it matters
    /// Every field of a serializer that is not read-only is taken from the client, also where no page of
    /// the site sends it. `perform_create()` with `serializer.save(owner=request.user)` helps for new rows;
    /// with a later `PATCH` the owner is changed all the same.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     pass
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop", "rest_framework"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    /// ```python views.py
    /// from rest_framework import generics, permissions, serializers
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class CustomerSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Customer
    ///         fields = ["first_name", "is_staff"]  # finding
    ///
    ///
    /// class Profile(generics.RetrieveUpdateAPIView):
    ///     permission_classes = [permissions.IsAuthenticated]
    ///     serializer_class = CustomerSerializer
    ///
    ///     def get_object(self):
    ///         return self.request.user
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop.views import Profile
    ///
    /// urlpatterns = [path("profile/", Profile.as_view())]
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
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop", "rest_framework"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    /// ```python views.py
    /// from rest_framework import generics, permissions, serializers
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class CustomerSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Customer
    ///         fields = ["first_name", "is_staff"]
    ///         read_only_fields = ["is_staff"]
    ///
    ///
    /// class Profile(generics.RetrieveUpdateAPIView):
    ///     permission_classes = [permissions.IsAuthenticated]
    ///     serializer_class = CustomerSerializer
    ///
    ///     def get_object(self):
    ///         return self.request.user
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop.views import Profile
    ///
    /// urlpatterns = [path("profile/", Profile.as_view())]
    /// ```
    ///
    /// ## How to fix
    /// Put the field into `read_only_fields`, and set it in `perform_create()`.
    ///
    /// ## Limits
    /// Views that choose among several serializers are left out, and so is a serializer whose code names
    /// the field: it is taken to decide about it. That a row can be put under another user's name is said
    /// with high confidence only where the project ties the model to who asks elsewhere.
    ///
    /// ## References
    /// - [DRF: specifying read only fields](https://www.django-rest-framework.org/api-guide/serializers/#specifying-read-only-fields)
    RULE {
        id: "serializer-privileged-writable",
        group: "forms",
        summary: "clients can write a field that decides what they may do or own",
        severity: High,
        cwe: [915, 269],
        owasp: ["2025:A01"],
        asvs: ["5.0:15.3.3", "5.0:8.2.3"],
        checklist: ["mass-assignment", "least-privilege-roles"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const SERIALIZER: &[&str] = &["rest_framework.serializers.ModelSerializer"];

/// A field of a serializer that clients fill in.
struct Writable<'a, 'c> {
    sent: Sent<'a, 'c>,
    field: Sensitive,
    place: Span,
    model: QualifiedName,
    /// Whether new rows are safe from it, because the view gives them a value.
    given_to_new: bool,
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for writable in writable(cx) {
        let Writable { sent, field, place, model, given_to_new } = writable;
        let scoped = cx.customs().get(&model).and_then(|custom| custom.scoped);
        let (severity, mut confidence) = privileges::rated(field.why, scoped.is_some());
        let mut message = privileged::message(&sent, "write", &field);
        if given_to_new {
            confidence = confidence.min(Confidence::Medium);
            message += "; the view sets it for new rows, but not when a row is changed";
        }
        out.found(&RULE, place, sent.subject(cx, &field.name), message)
            .severity(severity)
            .confidence(confidence)
            .help(format!("put `{}` into `read_only_fields`", field.name))
            .done();
    }
}

/// Each field once; by a view that makes new rows where there is one.
fn writable<'a, 'c>(cx: &'c Cx<'a>) -> Vec<Writable<'a, 'c>> {
    let mut found: Vec<Writable<'a, 'c>> = Vec::new();
    let mut given: Vec<(Span, Arc<str>)> = Vec::new();
    for sent in sent::sent(cx) {
        let (used, Some(model)) = (sent.used, sent.used.model.clone()) else { continue };
        if used.act == FormAct::Made
            || cx.classes.derives_from(&used.class, SERIALIZER) != Some(true)
        {
            continue;
        }
        let Some(listed) = sent::listed(cx, &sent) else { continue };
        let silent = if read_only(cx, &used.class).is_empty() {
            &[Why::Privilege, Why::Worth][..]
        } else {
            &[]
        };
        for (field, place) in privileged::privileged(cx, &listed, &model, silent) {
            if is_read_only(cx, &used.class, &field.name)
                || form_decides(cx, &used.class, &field.name)
                || !writes_all(cx, &used.class, used.act)
            {
                continue;
            }
            if sent.decides(cx, &field.name) {
                if used.act == FormAct::Creates {
                    given.push((place, field.name));
                }
                continue;
            }
            let known = |one: &Writable<'_, '_>| one.place == place && one.field == field;
            if !found.iter().any(known) {
                let (sent, model) = (sent.clone(), model.clone());
                found.push(Writable { sent, field, place, model, given_to_new: false });
            }
        }
    }
    for one in &mut found {
        one.given_to_new = one.sent.used.act == FormAct::Updates
            && given.iter().any(|(place, name)| *place == one.place && *name == one.field.name);
    }
    found
}

/// Whether the serializer stores whatever was validated: not with a `create()` or `update()` of its own
/// that does not call Django's.
fn writes_all(cx: &Cx<'_>, class: &QualifiedName, act: FormAct) -> bool {
    let name = if act == FormAct::Creates { "create" } else { "update" };
    ["save", name].iter().all(|name| match cx.counting_method(class, name) {
        None => true,
        Some((at, id, _)) => {
            at.code.function(id).is_some_and(|function| at.mentions(function, &["super"]))
        }
    })
}
