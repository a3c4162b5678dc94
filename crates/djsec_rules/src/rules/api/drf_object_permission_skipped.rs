use djsec_base::{Finding, Location, Severity};
use djsec_django::views::{Level, ViewKind};

use crate::rows::{Unasked, WhyUnasked};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views of REST framework whose permission class decides about single rows
    /// (`has_object_permission`), and which give rows without asking it: because they fetch the row
    /// themselves, or because they give a list or make a row and the class says nothing of those.
    ///
    /// ## Why it matters
    /// REST framework asks object permissions in one place: in its own `get_object()`. A view that calls
    /// `get_object_or_404()` instead, or overrides `get_object()`, has the class in its
    /// `permission_classes` and is not protected by it. Lists are never checked row by row; and a class
    /// that defines nothing but `has_object_permission()` lets everybody create.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from django.shortcuts import get_object_or_404
    /// from rest_framework.permissions import BasePermission, IsAuthenticated
    /// from rest_framework.response import Response
    /// from rest_framework.views import APIView
    ///
    /// from .models import Order
    ///
    ///
    /// class IsCustomer(BasePermission):
    ///     def has_object_permission(self, request, view, obj):
    ///         return obj.customer == request.user
    ///
    ///
    /// class OrderDetail(APIView):
    ///     permission_classes = [IsAuthenticated, IsCustomer]
    ///
    ///     def get(self, request, pk):
    ///         order = get_object_or_404(Order, pk=pk)  # finding
    ///         return Response({"id": order.pk})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/", views.OrderDetail.as_view())]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from django.shortcuts import get_object_or_404
    /// from rest_framework.permissions import BasePermission, IsAuthenticated
    /// from rest_framework.response import Response
    /// from rest_framework.views import APIView
    ///
    /// from .models import Order
    ///
    ///
    /// class IsCustomer(BasePermission):
    ///     def has_object_permission(self, request, view, obj):
    ///         return obj.customer == request.user
    ///
    ///
    /// class OrderDetail(APIView):
    ///     permission_classes = [IsAuthenticated, IsCustomer]
    ///
    ///     def get(self, request, pk):
    ///         order = get_object_or_404(Order, pk=pk)
    ///         self.check_object_permissions(request, order)
    ///         return Response({"id": order.pk})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/", views.OrderDetail.as_view())]
    /// ```
    ///
    /// ## How to fix
    /// Call `self.check_object_permissions(self.request, obj)` once the row is fetched, or let
    /// `super().get_object()` fetch it. Narrow lists in `get_queryset()`. Give the class a
    /// `has_permission()`, or put `IsAuthenticated` before it.
    ///
    /// ## Limits
    /// Nothing is said where the rows are tied to who asks anyway, where the class lets everybody in for
    /// the method, and where it is about another model than the row. A list counts only where the
    /// model has an owner.
    ///
    /// ## References
    /// - [DRF: object level permissions](https://www.django-rest-framework.org/api-guide/permissions/#object-level-permissions)
    /// - [OWASP API1: broken object level authorization](https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/)
    RULE {
        id: "drf-object-permission-skipped",
        group: "api",
        summary: "a view gives rows without asking the permission class that decides about them",
        severity: High,
        cwe: [863, 639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2", "5.0:8.3.1"],
        checklist: ["object-ownership", "permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut reported: Vec<&Unasked> = Vec::new();
    let endpoints: Vec<Endpoint<'_>> = cx.endpoints().collect();
    for one in cx.unasked() {
        // Code that several views share is reported once.
        let same = |known: &&Unasked| known.place == one.place && known.why == one.why;
        if reported.iter().any(same) {
            continue;
        }
        reported.push(one);
        if let Some(endpoint) = endpoints.get(one.at) {
            report(cx, endpoint, one, out);
        }
    }
}

fn report(cx: &Cx<'_>, endpoint: &Endpoint<'_>, one: &Unasked, out: &mut Findings) {
    let (class, model) = (cx.short_name(&one.permission), cx.short_name(&one.model));
    let (words, function) = (endpoint.words(), endpoint.view.kind == ViewKind::ApiFunction);
    let who = match one.level {
        Level::Public => "anybody",
        _ => "every user",
    };
    let (message, place, help) = match one.why {
        WhyUnasked::OwnFetch => (
            format!(
                "{words} fetches any `{model}` itself, so that `{class}` is never asked about it"
            ),
            one.place,
            if function {
                format!(
                    "a function has nothing to ask it with: compare the row with `request.user` as \
                     `{class}` does, or write a class"
                )
            } else {
                "call `self.check_object_permissions(self.request, obj)` on what was fetched".into()
            },
        ),
        WhyUnasked::List => (
            format!(
                "{words} lists every `{model}` for {who}: `{class}` is asked about single rows only"
            ),
            one.named.unwrap_or(one.place),
            "narrow `get_queryset()` to the rows of who asks".to_owned(),
        ),
        WhyUnasked::Create => (
            format!(
                "anybody may make rows of `{model}` with {words}, without a login: `{class}` is asked \
                 only about rows that are there"
            ),
            one.named.unwrap_or(one.place),
            format!("put `IsAuthenticated` before `{class}`, or give it a `has_permission()`"),
        ),
    };
    let severity = match one.why {
        WhyUnasked::Create => Severity::Medium,
        _ => Severity::High,
    };
    let subject = format!("{} {model}", endpoint.subject());
    let finding = Finding::new(&RULE.meta, Location::Span(place), subject, message)
        .severity(severity)
        .confidence(one.confidence);
    let mut reported = out.report(finding).help(help);
    if place == one.place {
        reported = reported.related(one.named, "this says that the class decides");
    }
    reported.done();
}
