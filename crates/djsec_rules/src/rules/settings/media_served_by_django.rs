use djsec_base::{Confidence, Finding, Location, Span};
use djsec_django::views::{Level, Purpose};
use djsec_python::code::Stmt;

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds routes of production that hand `MEDIA_ROOT` to `django.views.static.serve`.
    ///
    /// ## Why it matters
    /// The view is made for development. It sends every upload to whoever knows its name, asks nothing, and sends it
    /// as what its ending says: an uploaded page or SVG runs scripts under the address of the site. A worker of the
    /// application is busy until all of a file is sent, so that a few slow readers stop the site.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/media"
    /// ```
    /// ```python urls.py
    /// from django.conf import settings
    /// from django.urls import re_path
    /// from django.views.static import serve
    ///
    /// urlpatterns = [
    ///     re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/media"
    /// ```
    /// ```python urls.py
    /// from django.conf import settings
    /// from django.conf.urls.static import static
    ///
    /// urlpatterns = static("/media/", document_root=settings.MEDIA_ROOT)
    /// ```
    ///
    /// ## How to fix
    /// Let the web server or a store of files send public uploads, under another host name. Private ones go through a
    /// view that asks who calls. `static()` adds its routes in debug mode only.
    ///
    /// ## Limits
    /// Nothing is said where a decorator around the view asks for a login, and of other folders than `MEDIA_ROOT`.
    /// Under a condition that djsec cannot decide, the confidence is low.
    ///
    /// ## References
    /// - [Django: serving files in development](https://docs.djangoproject.com/en/stable/ref/views/#serving-files-in-development)
    RULE {
        id: "media-served-by-django",
        group: "settings",
        summary: "production sends uploads with Django's view for development",
        severity: Low,
        cwe: [552, 434],
        owasp: ["2025:A02"],
        asvs: ["5.0:5.4.2"],
        checklist: ["media-outside-webroot", "media-private"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

const VIEW: &str = "django.views.static.serve";

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let public = endpoint.weakest().is_some_and(Level::is_public);
    if endpoint.purpose() != Some(Purpose::StaticFiles) || endpoint.view.dotted != VIEW || !public {
        return;
    }
    for route in endpoint.routes.iter().filter(|route| names_media(cx, route.place)) {
        let message = format!(
            "`{}` sends what was uploaded with Django's view for development, to everybody",
            route.address()
        );
        let place = Location::Span(route.place);
        let sure =
            if is_conditional(cx, route.place) { Confidence::Low } else { Confidence::Medium };
        let finding = Finding::new(&RULE.meta, place, route.address(), message).confidence(sure);
        out.report(finding)
            .help("let the web server send it, or a view that asks who calls")
            .done();
    }
}

/// Whether a route is only there under a condition, which may be one for the machine of a developer.
fn is_conditional(cx: &Cx<'_>, place: Span) -> bool {
    let Some(at) = cx.site_of(place.file) else { return false };
    at.code.all_stmts().any(|(id, stmt)| {
        matches!(stmt, Stmt::If { .. }) && at.code.stmt_range(id).contains_range(place.range)
    })
}

/// Whether a route is given the folder of uploads.
fn names_media(cx: &Cx<'_>, place: Span) -> bool {
    let Some(at) = cx.site_of(place.file) else { return false };
    at.code.all_exprs().any(|(id, _)| {
        place.range.contains_range(at.code.expr_range(id))
            && cx.setting_read(at, id).is_some_and(|name| name == "MEDIA_ROOT")
    })
}
