use djsec_django::views::ViewKind;

use super::exposed::report;
use super::ownership::exposures;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds viewsets and generic API views over a model whose rows belong to somebody, whose queryset is
    /// everything, and whose permissions ask only for a login.
    ///
    /// ## Why it matters
    /// `IsAuthenticated` says that somebody is logged in. With `queryset = Order.objects.all()` every user
    /// reads, and with a `ModelViewSet` changes and deletes, the rows of all others.
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
    /// from rest_framework import serializers, viewsets
    /// from rest_framework.permissions import IsAuthenticated
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "note"]
    ///
    ///
    /// class OrderViewSet(viewsets.ModelViewSet):  # finding
    ///     queryset = Order.objects.all()
    ///     serializer_class = OrderSerializer
    ///     permission_classes = [IsAuthenticated]
    /// ```
    /// ```python urls.py
    /// from rest_framework.routers import SimpleRouter
    ///
    /// from . import views
    ///
    /// router = SimpleRouter()
    /// router.register("orders", views.OrderViewSet, basename="order")
    /// urlpatterns = router.urls
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
    /// from rest_framework import serializers, viewsets
    /// from rest_framework.permissions import IsAuthenticated
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "note"]
    ///
    ///
    /// class OrderViewSet(viewsets.ModelViewSet):
    ///     serializer_class = OrderSerializer
    ///     permission_classes = [IsAuthenticated]
    ///
    ///     def get_queryset(self):
    ///         return Order.objects.filter(customer=self.request.user)
    /// ```
    /// ```python urls.py
    /// from rest_framework.routers import SimpleRouter
    ///
    /// from . import views
    ///
    /// router = SimpleRouter()
    /// router.register("orders", views.OrderViewSet, basename="order")
    /// urlpatterns = router.urls
    /// ```
    ///
    /// ## How to fix
    /// Give the rows of who asks in `get_queryset()`, or use a permission class whose
    /// `has_object_permission()` compares the owner (and narrow the list all the same: object permissions do
    /// not apply to it).
    ///
    /// ## Limits
    /// The same as those of `idor-unscoped-lookup`. A filter backend or an object permission of the project
    /// counts as a check.
    ///
    /// ## References
    /// - [DRF: filtering against the current user](https://www.django-rest-framework.org/api-guide/filtering/#filtering-against-the-current-user)
    /// - [OWASP API1: broken object level authorization](https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/)
    RULE {
        id: "drf-queryset-unscoped",
        group: "access",
        summary: "an API opens every row of a model that has an owner",
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
        let meant = matches!(endpoint.view.kind, ViewKind::ViewSet | ViewKind::ApiClass);
        if exposure.generic && meant && exposure.parent.is_none() {
            report(&RULE, &endpoint, &exposure, out);
        }
    }
}
