use djsec_base::{Confidence, Finding, Location, Severity};
use djsec_django::routes::{Route, Target};
use djsec_django::views::{Level, Purpose, ViewKind};
use djsec_python::QualifiedName;
use djsec_python::value::Data;

use crate::words::listed;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds what production shows of an API to everybody besides the API: its schema, pages such as
    /// Swagger and Redoc (drf-spectacular, drf-yasg, Ninja, REST framework's own), and the login pages of
    /// the browsable API.
    ///
    /// ## Why it matters
    /// A schema lists every address with its parameters and fields, also those that are only for staff or
    /// that no client uses any more. For an API that needs a login it is a map for people who have none.
    /// The login page of `rest_framework.urls` is one more place to try passwords at.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "drf_spectacular"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    /// }
    /// ```
    /// ```python views.py
    /// from rest_framework.views import APIView
    ///
    ///
    /// class Stock(APIView):
    ///     def get(self, request): ...
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from drf_spectacular.views import SpectacularAPIView
    ///
    /// from . import views
    ///
    /// urlpatterns = [
    ///     path("api/stock/", views.Stock.as_view()),
    ///     path("api/schema/", SpectacularAPIView.as_view()),  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "drf_spectacular"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    /// }
    /// SPECTACULAR_SETTINGS = {"SERVE_PERMISSIONS": ["rest_framework.permissions.IsAdminUser"]}
    /// ```
    /// ```python views.py
    /// from rest_framework.views import APIView
    ///
    ///
    /// class Stock(APIView):
    ///     def get(self, request): ...
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from drf_spectacular.views import SpectacularAPIView
    ///
    /// from . import views
    ///
    /// urlpatterns = [
    ///     path("api/stock/", views.Stock.as_view()),
    ///     path("api/schema/", SpectacularAPIView.as_view()),
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Ask for a login or for staff: `SERVE_PERMISSIONS` in `SPECTACULAR_SETTINGS`,
    /// `permission_classes=[IsAdminUser]` for `get_schema_view()`, `docs_decorator=staff_member_required`
    /// for `NinjaAPI`. Or route to them only under `if settings.DEBUG:`.
    ///
    /// ## Limits
    /// Where most of the API is open to everybody, or where djsec sees no view of it, its schema is taken
    /// to be public on purpose: the finding is for information and of low confidence. The pages of the
    /// browsable API are what `drf-browsable-api-exposed` is about.
    ///
    /// ## References
    /// - [drf-spectacular: settings](https://drf-spectacular.readthedocs.io/en/latest/settings.html)
    /// - [Django Ninja: protecting the docs](https://django-ninja.dev/guides/api-docs/)
    RULE {
        id: "drf-production-surface",
        group: "api",
        summary: "production explains its API to strangers",
        severity: Low,
        cwe: [200],
        owasp: ["2025:A02"],
        asvs: ["5.0:13.4.5"],
        checklist: ["api-defaults-closed"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// The packages that describe an API: how their views begin, their name, and what to do.
const PACKAGES: &[(&str, &str, &str)] = &[
    (
        "drf_spectacular.",
        "drf-spectacular",
        "set `SERVE_PERMISSIONS` in `SPECTACULAR_SETTINGS`, to `IsAdminUser` for example",
    ),
    ("drf_yasg.", "drf-yasg", "give `get_schema_view()` other `permission_classes`"),
    ("rest_framework.schemas.", "REST framework", "give `get_schema_view()` `permission_classes`"),
    ("ninja.openapi.", "Ninja", "give `NinjaAPI` a `docs_decorator`, or `docs_url=None`"),
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let endpoints: Vec<Endpoint<'_>> = cx.endpoints().collect();
    let closed = is_closed(&endpoints);
    for (package, name, help) in PACKAGES {
        let open = |endpoint: &&Endpoint<'_>| {
            endpoint.purpose() == Some(Purpose::Schema)
                && endpoint.weakest().is_some_and(Level::is_public)
                && is_of(cx, endpoint, package)
        };
        let routes: Vec<&Route> =
            endpoints.iter().filter(open).flat_map(|endpoint| endpoint.routes.clone()).collect();
        let Some(first) = routes.first() else { continue };
        if filters_by_visitor(cx, package, &routes) {
            continue;
        }
        let message = format!("{name} describes the API to everybody: {}", addresses(&routes));
        let sure = closed && is_always_there(cx, first);
        let finding = Finding::new(&RULE.meta, place(cx, package, first), *name, message)
            .severity(if closed { Severity::Low } else { Severity::Info })
            .confidence(if sure { Confidence::Medium } else { Confidence::Low })
            .help(format!("{help}; or route to it only under `if settings.DEBUG:`"));
        out.report(finding).done();
    }
    login(cx, &endpoints, out);
}

/// Whether a view is one of a package, or derived from one.
fn is_of(cx: &Cx<'_>, endpoint: &Endpoint<'_>, package: &str) -> bool {
    let of = |base: &QualifiedName| matches!(base, QualifiedName::External(name) if name.starts_with(package));
    let derived = |class: &QualifiedName| cx.classes.order(class).iter().any(of);
    endpoint.view.dotted.starts_with(package) || endpoint.class().is_some_and(derived)
}

/// Whether most of the API asks who calls. Views that nobody knows anything of do not count.
fn is_closed(endpoints: &[Endpoint<'_>]) -> bool {
    let api = |endpoint: &&Endpoint<'_>| {
        endpoint.is_own() && (endpoint.is_rest() || endpoint.view.kind == ViewKind::Operation)
    };
    let levels: Vec<&Level> =
        endpoints.iter().filter(api).filter_map(|endpoint| endpoint.weakest()).collect();
    let open = levels.iter().filter(|level| level.is_public()).count();
    let asking = levels.iter().filter(|level| level.needs_user()).count();
    asking > open
}

/// Whether the schema shows each visitor only what they may call anyway.
fn filters_by_visitor(cx: &Cx<'_>, package: &str, routes: &[&Route]) -> bool {
    match package {
        "drf_spectacular." => {
            let public = cx.setting("SPECTACULAR_SETTINGS").entry("SERVE_PUBLIC");
            let off = public.is(|data| Some(matches!(data, Data::Bool(false))));
            !off.surely().is_never()
        }
        "drf_yasg." | "rest_framework.schemas." => !routes.iter().any(|route| {
            let Target::Class { arguments, .. } = &route.target else { return false };
            let public = arguments.iter().find(|(name, _)| &**name == "public");
            let alts = public.map(|(_, value)| value.alts.as_slice()).unwrap_or_default();
            alts.iter().any(|alt| matches!(alt.data, Data::Bool(true)))
        }),
        _ => false,
    }
}

/// Where it is said: in the settings, else where it is routed.
fn place(cx: &Cx<'_>, package: &str, first: &Route) -> Location {
    let setting = cx.setting("SPECTACULAR_SETTINGS").entry("SERVE_PERMISSIONS");
    let said = setting.value().single().filter(|alt| alt.data != Data::Absent);
    let said = said.and_then(|alt| alt.span).filter(|_| package == "drf_spectacular.");
    Location::Span(said.unwrap_or(first.place))
}

fn addresses(routes: &[&Route]) -> String {
    let mut all: Vec<String> =
        routes.iter().take(3).map(|route| format!("`{}`", route.address())).collect();
    if routes.len() > 3 {
        all.push(format!("{} more", routes.len() - 3));
    }
    listed(&all)
}

/// Whether a route is there in all of production's worlds.
fn is_always_there(cx: &Cx<'_>, route: &Route) -> bool {
    let production = cx.settings().production();
    cx.settings().with_worlds(|worlds| {
        let without = worlds.minus(production, route.when);
        worlds.impossible(without)
    })
}

/// The login pages of the browsable API.
fn login(cx: &Cx<'_>, endpoints: &[Endpoint<'_>], out: &mut Findings) {
    let is_login = |route: &&&Route| {
        let login = "django.contrib.auth.views.LoginView";
        let class =
            matches!(&route.target, Target::Class { class, .. } if class.is_external(login));
        class && route.namespaces.last().is_some_and(|name| &**name == "rest_framework")
    };
    let mut routes = endpoints.iter().flat_map(|endpoint| &endpoint.routes);
    let Some(route) = routes.find(is_login).filter(|route| is_always_there(cx, route)) else {
        return;
    };
    let message = format!(
        "the login of REST framework's browsable pages is open in production: `{}`",
        route.address()
    );
    let finding =
        Finding::new(&RULE.meta, Location::Span(route.place), "rest_framework.urls", message)
            .severity(Severity::Info)
            .confidence(Confidence::Medium)
            .help("include `rest_framework.urls` only under `if settings.DEBUG:`");
    out.report(finding).done();
}
