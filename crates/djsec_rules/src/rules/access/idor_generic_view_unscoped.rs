use djsec_django::views::ViewKind;

use super::exposed::report;
use super::ownership::exposures;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds generic views (`DetailView`, `UpdateView`, `DeleteView` and what is derived from them) over a
    /// model whose rows belong to somebody, that neither narrow the queryset nor check the object.
    ///
    /// ## Why it matters
    /// The generic view fetches any row by the id in the address. `LoginRequiredMixin` lets in everybody
    /// with an account, and `PermissionRequiredMixin` asks about the model, not about the row.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    ///     note = models.TextField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import UpdateView
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderUpdate(LoginRequiredMixin, UpdateView):  # finding
    ///     model = Order
    ///     fields = ["note"]
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/edit/", views.OrderUpdate.as_view())]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    ///     note = models.TextField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import UpdateView
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderUpdate(LoginRequiredMixin, UpdateView):
    ///     model = Order
    ///     fields = ["note"]
    ///
    ///     def get_queryset(self):
    ///         return super().get_queryset().filter(customer=self.request.user)
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/edit/", views.OrderUpdate.as_view())]
    /// ```
    ///
    /// ## How to fix
    /// Narrow `get_queryset()` to the rows of who asks, as above, or check the object in `get_object()` or
    /// `test_func()`.
    ///
    /// ## Limits
    /// The same as those of `idor-unscoped-lookup`.
    ///
    /// ## References
    /// - [Django: limiting the queryset of generic views](https://docs.djangoproject.com/en/stable/topics/class-based-views/generic-display/#dynamic-filtering)
    /// - [OWASP: insecure direct object reference prevention](https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html)
    RULE {
        id: "idor-generic-view-unscoped",
        group: "access",
        summary: "a generic view opens every row of a model that has an owner",
        severity: High,
        cwe: [639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (endpoint, exposure) in exposures(cx) {
        let meant = !matches!(endpoint.view.kind, ViewKind::ViewSet | ViewKind::ApiClass);
        if exposure.generic && meant && exposure.parent.is_none() {
            report(&RULE, &endpoint, &exposure, out);
        }
    }
}
