use djsec_base::{Confidence, Finding, Location};
use djsec_django::views::effects::Verbs;
use djsec_django::views::{Level, ViewKind};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that Django's `LoginRequiredMiddleware` does not reach, in a project that relies on
    /// it: views of Django REST framework and consumers of Channels that ask for nothing themselves.
    ///
    /// ## Why it matters
    /// With the middleware on, everybody takes for granted that each view asks for a login. DRF
    /// switches it off for its views, because tokens are only looked at later.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// MIDDLEWARE += ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import OrderList
    ///
    /// urlpatterns = [path("api/orders/", OrderList.as_view())]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     total = models.IntegerField()
    /// ```
    /// ```python views.py
    /// from rest_framework import generics, serializers
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "total"]
    ///
    ///
    /// class OrderList(generics.ListAPIView):  # finding
    ///     queryset = Order.objects.all()
    ///     serializer_class = OrderSerializer
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// MIDDLEWARE += ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    /// }
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import OrderList
    ///
    /// urlpatterns = [path("api/orders/", OrderList.as_view())]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     total = models.IntegerField()
    /// ```
    /// ```python views.py
    /// from rest_framework import generics, serializers
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "total"]
    ///
    ///
    /// class OrderList(generics.ListAPIView):
    ///     queryset = Order.objects.all()
    ///     serializer_class = OrderSerializer
    /// ```
    ///
    /// ## How to fix
    /// Let `DEFAULT_PERMISSION_CLASSES` be `["rest_framework.permissions.IsAuthenticated"]`. In
    /// consumers, close connections of users who are not logged in.
    ///
    /// ## References
    /// - [Django: LoginRequiredMiddleware](https://docs.djangoproject.com/en/stable/ref/middleware/#django.contrib.auth.middleware.LoginRequiredMiddleware)
    RULE {
        id: "login-required-middleware-gap",
        group: "access",
        summary: "the middleware that asks for a login does not reach these views",
        severity: High,
        cwe: [862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["views-require-auth", "api-defaults-closed"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const MIDDLEWARE: &str = "django.contrib.auth.middleware.LoginRequiredMiddleware";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if cx.uses_middleware(MIDDLEWARE).is_never() {
        return;
    }
    let open: Vec<Endpoint<'_>> = cx
        .endpoints()
        .filter(Endpoint::is_own)
        .filter(|endpoint| endpoint.is_rest() || endpoint.view.kind == ViewKind::Consumer)
        .filter(|endpoint| endpoint.view.public_because.is_none())
        .filter(|endpoint| {
            let public = endpoint.verbs_where(Level::is_public);
            public != Verbs::NONE && touches_rows(cx, endpoint)
        })
        .collect();
    let Some(first) = open.first() else { return };
    let what = match open.len() {
        1 => first.words(),
        count => format!("{} and {} more views", first.words(), count - 1),
    };
    let message = format!(
        "`LoginRequiredMiddleware` does not reach {what}, and nothing else there asks for a login"
    );
    let finding = Finding::new(&RULE.meta, first.place(), "views".to_owned(), message)
        .confidence(Confidence::High);
    let mut report = out.report(finding);
    for other in open.iter().skip(1) {
        if let Location::Span(span) = other.place() {
            report = report.related(Some(span), "and this one");
        }
    }
    report
        .help("let DRF's `DEFAULT_PERMISSION_CLASSES` be `[\"rest_framework.permissions.IsAuthenticated\"]`")
        .done();
}

fn touches_rows(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    !cx.objects(endpoint).accesses.is_empty()
}
