use djsec_base::{Confidence, Finding, Location, Severity, Span};
use djsec_django::hierarchy::AttributeValue;
use djsec_django::models::Strength;
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::objects::{ObjectAccess, Operation, Scope};
use djsec_django::views::{GuardSource, Guarding, Level};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds API views whose own `permission_classes` let everybody in (`AllowAny`, `[]`,
    /// `IsAuthenticatedOrReadOnly`) to data that belongs to somebody, or to change data.
    ///
    /// ## Why it matters
    /// Such a line overrides the project's default. It is often written to try something out, and
    /// then stays.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
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
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from rest_framework import generics, serializers
    /// from rest_framework.permissions import AllowAny
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "customer"]
    ///
    ///
    /// class OrderList(generics.ListAPIView):
    ///     queryset = Order.objects.all()
    ///     serializer_class = OrderSerializer
    ///     permission_classes = [AllowAny]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    /// }
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import ProductList
    ///
    /// urlpatterns = [path("api/products/", ProductList.as_view())]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Product(models.Model):
    ///     name = models.CharField(max_length=50)
    /// ```
    /// ```python views.py
    /// from rest_framework import generics, serializers
    /// from rest_framework.permissions import AllowAny
    ///
    /// from .models import Product
    ///
    ///
    /// class ProductSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Product
    ///         fields = ["id", "name"]
    ///
    ///
    /// class ProductList(generics.ListAPIView):
    ///     queryset = Product.objects.all()
    ///     serializer_class = ProductSerializer
    ///     permission_classes = [AllowAny]
    /// ```
    ///
    /// ## How to fix
    /// Ask for what the data needs: `IsAuthenticated`, a permission of the model, or a class of the
    /// project. Where everybody may read but not write, `IsAuthenticatedOrReadOnly`.
    ///
    /// ## Limits
    /// Views that follow an open default are the business of `drf-default-permission-open`.
    RULE {
        id: "drf-view-allows-anyone",
        group: "api",
        summary: "an API view lets everybody at data that belongs to somebody",
        severity: Medium,
        cwe: [862, 306],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1", "5.0:8.3.1"],
        checklist: ["views-require-auth", "api-defaults-closed"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    if !endpoint.is_rest() || !endpoint.is_own() || endpoint.view.public_because.is_some() {
        return;
    }
    if cx.unasked().iter().any(|one| one.at == endpoint.at) {
        return; // `drf-object-permission-skipped` says why.
    }
    let public = endpoint.verbs_where(Level::is_public);
    let Some(place) = said_here(cx, endpoint, public) else { return };
    let effects = cx.effects(endpoint);
    let proven = [
        EffectKind::Verifies,
        EffectKind::ComparesSecret,
        EffectKind::ChecksToken,
        EffectKind::LogsIn,
    ];
    if effects.first(&proven, public).is_some() {
        return;
    }
    let write = effects.write(public.and(Verbs::WRITING));
    let open = effects.objects.accesses.iter().filter(|access| {
        !matches!(access.scope, Scope::Scoped { .. })
            && !access.guards_after.iter().any(|check| check.enforced)
            && access.under.is_empty()
    });
    let mut open = open.peekable();
    let changed = |access: &&ObjectAccess| {
        let verbs = public.and(Verbs::WRITING);
        matches!(access.operation, Operation::Update | Operation::Delete)
            && verbs.names().any(|verb| endpoint.touches_on(access, verb))
            && write.is_some_and(|write| {
                effects.all.iter().any(|effect| {
                    effect.place == access.place
                        && !effect.verbs.and(public).and(Verbs::WRITING).is_empty()
                }) || write.place == access.place
            })
    };
    let told_apart = tells_writers_apart(endpoint, public);
    let shown = |access: &&ObjectAccess| {
        matches!(access.operation, Operation::Fetch | Operation::List)
            && public.has("GET")
            && endpoint.touches_on(access, "GET")
            && !told_apart
            && !narrows(cx, access)
            && is_personal(cx, access)
    };
    let all: Vec<&ObjectAccess> = open.by_ref().collect();
    let (access, severity, does) = match all.iter().find(|a| changed(a)) {
        Some(access) if access.operation == Operation::Delete => {
            (access, Severity::High, "deletes")
        }
        Some(access) => (access, Severity::High, "changes"),
        None => match all.iter().find(|a| shown(a)) {
            Some(access) => (access, Severity::Medium, "shows"),
            None => return,
        },
    };
    let model = cx.short_name(&access.model);
    let message = format!(
        "{} {does} rows of `{model}` for whoever calls it: its permission classes let everybody in",
        endpoint.words()
    );
    let finding = Finding::new(&RULE.meta, place, endpoint.subject(), message)
        .severity(severity)
        .confidence(Confidence::Medium);
    out.report(finding)
        .related(Some(access.place), "it happens here")
        .help("ask for what the data needs, such as `permission_classes = [IsAuthenticated]`")
        .done();
}

/// Whether one permission class tells those who may write from all others: it says itself that these may read.
fn tells_writers_apart(endpoint: &Endpoint<'_>, public: Verbs) -> bool {
    let guards = &endpoint.view.guards;
    let opens = |guard: &&Guarding| {
        guard.level.is_public() && public.names().any(|verb| guard.covers(verb))
    };
    guards.iter().filter(opens).any(|open| {
        guards.iter().any(|one| one.what == open.what && one.level.needs_more_than_login())
    })
}

/// Where the view itself says that everybody may call it with one of these methods, if it does.
fn said_here(cx: &Cx<'_>, endpoint: &Endpoint<'_>, public: Verbs) -> Option<Location> {
    let rest = |guard: &&Guarding| {
        matches!(guard.source, GuardSource::DrfClass | GuardSource::DrfDefault)
            && guard.without_effect.is_none()
            && public.names().any(|verb| guard.covers(verb))
    };
    let mut guards = endpoint.view.guards.iter().filter(rest).peekable();
    if guards.peek().is_some() {
        let own = guards.find(|g| g.source == GuardSource::DrfClass && g.level.is_public());
        return own.map(|guard| guard.place.map_or_else(|| endpoint.place(), Location::Span));
    }
    // An empty list asks nothing.
    let found = cx.classes.attribute(endpoint.class()?, "permission_classes")?;
    let AttributeValue::Assigned(module, code, value) = found.value else { return None };
    let empty = code.elements(value).is_some_and(<[_]>::is_empty) && !public.is_empty();
    let file = cx.program.module(module)?.file;
    empty.then(|| Location::Span(Span::new(file, code.expr_range(value))))
}

/// Whether a row is fetched where a view says which rows it lists: it is asked for to tell these, and what
/// is shown are they.
fn narrows(cx: &Cx<'_>, access: &ObjectAccess) -> bool {
    let function = cx.function_at(access.place).map(|(at, it)| at.code.text(it.name));
    access.operation == Operation::Fetch
        && matches!(function, Some("get_queryset" | "filter_queryset"))
}

fn is_personal(cx: &Cx<'_>, access: &ObjectAccess) -> bool {
    let owner = cx.models().get(&access.model).and_then(|model| model.owner());
    cx.models().is_user(&access.model)
        || owner.is_some_and(|owner| owner.strength == Strength::Owner)
}
