use djsec_base::{Confidence, Finding};
use djsec_django::views::effects::Verbs;
use djsec_django::views::{GuardSource, Level, Purpose};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that ask for a login on `GET`, but change data for everybody on another method.
    ///
    /// ## Why it matters
    /// The page looks protected. Who knows its address sends the `POST` without ever loading it.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import Cancel
    ///
    /// urlpatterns = [path("orders/<int:pk>/cancel/", Cancel.as_view())]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     cancelled = models.BooleanField(default=False)
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect, render
    /// from django.utils.decorators import method_decorator
    /// from django.views import View
    ///
    /// from .models import Order
    ///
    ///
    /// class Cancel(View):
    ///     @method_decorator(login_required)  # finding
    ///     def get(self, request, pk):
    ///         return render(request, "cancel.html")
    ///
    ///     def post(self, request, pk):
    ///         Order.objects.filter(pk=pk).update(cancelled=True)
    ///         return redirect("orders")
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import Cancel
    ///
    /// urlpatterns = [path("orders/<int:pk>/cancel/", Cancel.as_view())]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     cancelled = models.BooleanField(default=False)
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect, render
    /// from django.utils.decorators import method_decorator
    /// from django.views import View
    ///
    /// from .models import Order
    ///
    ///
    /// @method_decorator(login_required, name="dispatch")
    /// class Cancel(View):
    ///     def get(self, request, pk):
    ///         return render(request, "cancel.html")
    ///
    ///     def post(self, request, pk):
    ///         Order.objects.filter(pk=pk).update(cancelled=True)
    ///         return redirect("orders")
    /// ```
    ///
    /// ## How to fix
    /// Check in `dispatch`: a mixin in front of the view, or
    /// `@method_decorator(login_required, name="dispatch")`.
    RULE {
        id: "guard-covers-some-methods",
        group: "access",
        summary: "a view checks who asks on some methods, and changes data on others",
        severity: High,
        cwe: [425, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.3.1"],
        checklist: ["views-require-auth"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    if !endpoint.is_own() || !endpoint.level("GET").is_some_and(Level::needs_user) {
        return;
    }
    let by_nature = matches!(endpoint.purpose(), Some(Purpose::Webhook | Purpose::SecretLink));
    let open = endpoint.verbs_where(Level::is_public).and(Verbs::WRITING);
    if by_nature || open.is_empty() {
        return;
    }
    let Some(write) = cx.effects(endpoint).write(open) else { return };
    let guard = endpoint.view.guards.iter().find(|guard| {
        guard.without_effect.is_none()
            && guard.level.needs_user()
            && guard.covers("GET")
            && guard.methods.is_some()
    });
    // What a permission class says of each method is meant as it stands.
    if guard.is_some_and(|guard| guard.source == GuardSource::DrfClass) {
        return;
    }
    let methods: Vec<&str> = open.and(write.verbs).names().collect();
    let message = format!(
        "{} asks for a login on `GET`, but not on `{}`, where it changes `{}`",
        endpoint.words(),
        methods.join("`, `"),
        write.words
    );
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(Confidence::Medium);
    out.report(finding)
        .at(guard.and_then(|guard| guard.place))
        .related(Some(write.place), "it happens here")
        .help("check in `dispatch`, for all methods")
        .done();
}
