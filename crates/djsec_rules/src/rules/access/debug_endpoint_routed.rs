use djsec_base::{Confidence, Finding, Severity};
use djsec_django::views::effects::{EffectKind, Verbs};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views for trying things out that production routes to: one that fails on purpose, runs a
    /// command, fills or empties the database.
    ///
    /// ## Why it matters
    /// Such views are written for a moment, without the care that others get. They tell how the site
    /// is built, cost it work, or do what nobody should be able to.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("sentry-debug/", views.trigger_error)]
    /// ```
    /// ```python views.py
    /// def trigger_error(request):  # finding
    ///     return 1 / 0
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.conf import settings
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = []
    /// if settings.DEBUG:
    ///     urlpatterns += [path("sentry-debug/", views.trigger_error)]
    /// ```
    /// ```python views.py
    /// def trigger_error(request):
    ///     return 1 / 0
    /// ```
    ///
    /// ## How to fix
    /// Take the route away, or put it under `if settings.DEBUG:`.
    RULE {
        id: "debug-endpoint-routed",
        group: "access",
        summary: "a view for development is routed in production",
        severity: Low,
        cwe: [489, 749],
        owasp: ["2025:A02"],
        asvs: ["5.0:13.4.2", "5.0:15.2.3"],
        checklist: ["debug-off", "views-require-auth"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

/// Names of views and parts of addresses that say so.
const NAMES: &[&str] = &[
    "debug",
    "sentry_debug",
    "debug_sentry",
    "trigger_error",
    "trigger_exception",
    "raise_error",
    "raise_exception",
    "test_error",
    "test_500",
    "error_test",
    "crash",
    "divide_by_zero",
    "phpinfo",
    "shell",
    "webshell",
    "debug_shell",
    "seed",
    "seed_db",
    "seed_data",
    "reset_db",
    "reset_database",
    "flush_db",
    "populate_db",
    "dump_db",
    "dump_env",
    "show_env",
    "env_dump",
    "print_env",
    "debug_info",
    "debug_view",
    "debug_request",
    "show_settings",
    "dump_settings",
];

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let guarded =
        endpoint.weakest().is_none_or(|level| level.needs_more_than_login() || level.is_unknown());
    if !endpoint.is_own() || guarded || endpoint.is_rest() {
        return;
    }
    let name = endpoint.name().to_ascii_lowercase();
    let address = endpoint.routes.first().map(|route| route.address()).unwrap_or_default();
    let last = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.to_ascii_lowercase().replace('-', "_");
    if !NAMES.contains(&&*name) && !NAMES.contains(&&*last) {
        return;
    }
    let effects = cx.effects(endpoint);
    let runs = effects.first(&[EffectKind::Runs], Verbs::ALL);
    let deletes = effects.first(&[EffectKind::Deletes], Verbs::ALL);
    let worst = runs.or(deletes);
    let (severity, does) = match (runs, deletes) {
        (Some(effect), _) => (Severity::High, format!(", and runs `{}`", effect.words)),
        (_, Some(effect)) => (Severity::High, format!(", and deletes rows of `{}`", effect.words)),
        _ => (Severity::Low, String::new()),
    };
    let message =
        format!("{} is for development, and production answers it{does}", endpoint.words());
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .severity(severity)
        .confidence(Confidence::Medium);
    let route = endpoint.routes.first().map(|route| route.place);
    out.report(finding)
        .related(worst.map(|effect| effect.place), "it happens here")
        .related(route, "routed here")
        .help("take the route away, or put it under `if settings.DEBUG:`")
        .done();
}
