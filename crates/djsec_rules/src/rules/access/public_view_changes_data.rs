use djsec_base::{Confidence, Finding};
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::objects::{ObjectAccess, Operation};
use djsec_django::views::{Csrf, GuardSource, Level};

use super::ownership::{exposures, is_free};
use super::siblings::is_for_strangers;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that change or delete any row that the request names, for everybody: without a
    /// login, a permission, a signature or a secret.
    ///
    /// ## Why it matters
    /// Whoever knows the address, or counts up the number in it, changes or deletes the data of
    /// others. No account is needed, and nothing tells afterwards who it was.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import delete_order
    ///
    /// urlpatterns = [path("orders/<int:pk>/delete/", delete_order)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     total = models.IntegerField()
    /// ```
    /// ```python views.py
    /// from django.shortcuts import get_object_or_404, redirect
    ///
    /// from .models import Order
    ///
    ///
    /// def delete_order(request, pk):  # finding
    ///     order = get_object_or_404(Order, pk=pk)
    ///     order.delete()
    ///     return redirect("orders")
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import delete_order
    ///
    /// urlpatterns = [path("orders/<int:pk>/delete/", delete_order)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     total = models.IntegerField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import permission_required
    /// from django.shortcuts import get_object_or_404, redirect
    /// from django.views.decorators.http import require_POST
    ///
    /// from .models import Order
    ///
    ///
    /// @require_POST
    /// @permission_required("shop.delete_order", raise_exception=True)
    /// def delete_order(request, pk):
    ///     order = get_object_or_404(Order, pk=pk)
    ///     order.delete()
    ///     return redirect("orders")
    /// ```
    ///
    /// ## How to fix
    /// Ask for a login and for the permission to change the row: `@permission_required`, or
    /// `LoginRequiredMixin` with a query for the visitor's own rows.
    ///
    /// ## Limits
    /// Rows that are only made (a contact form, a comment) are not reported, neither are views that a
    /// secret in the address opens. What djsec knows nothing of may stand in front of the site.
    RULE {
        id: "public-view-changes-data",
        group: "access",
        summary: "anybody can change or delete rows here",
        severity: High,
        cwe: [306, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1", "5.0:8.3.1"],
        checklist: ["views-require-auth", "permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    // What is said of rows with an owner includes that a login is missing.
    let known: Vec<usize> = exposures(cx).iter().map(|(endpoint, _)| endpoint.at).collect();
    for endpoint in cx.endpoints().filter(|endpoint| !known.contains(&endpoint.at)) {
        judge(cx, &endpoint, out);
    }
}

fn judge(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let public = endpoint.verbs_where(Level::is_public);
    let skip = endpoint.view.public_because.is_some()
        || endpoint.has_secret_parameter()
        || is_for_strangers(endpoint)
        || endpoint.view.guards.iter().any(|guard| guard.source == GuardSource::DrfClass);
    if !endpoint.is_own() || public.is_empty() || skip {
        return;
    }
    let effects = cx.effects(endpoint);
    let proven = [
        EffectKind::Verifies,
        EffectKind::ComparesSecret,
        EffectKind::ChecksToken,
        EffectKind::ChecksPassword,
        EffectKind::LogsIn,
    ];
    if effects.first(&proven, public).is_some() {
        return;
    }
    let happens = |access: &&ObjectAccess| {
        effects.all.iter().any(|e| e.place == access.place && !e.verbs.and(public).is_empty())
    };
    let found = effects
        .objects
        .accesses
        .iter()
        .filter(|access| matches!(access.operation, Operation::Update | Operation::Delete))
        .filter(|access| is_free(access))
        .find(happens);
    let Some(access) = found else { return };
    let model = cx.short_name(&access.model);
    let does = if access.operation == Operation::Delete { "delete" } else { "change" };
    let get = effects
        .all
        .iter()
        .any(|e| e.place == access.place && !e.verbs.and(Verbs::one("GET")).is_empty());
    let how = match (&endpoint.view.csrf, get) {
        (_, true) => ", even with a link",
        (Csrf::Exempt(..), _) => ", from any site",
        _ => "",
    };
    let message = format!(
        "anybody can {does} any `{model}` by {}{how}: it asks for no login",
        endpoint.words()
    );
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(Confidence::High);
    out.report(finding)
        .related(Some(access.place), "it happens here")
        .help("ask for a login, and for the permission to change the row")
        .done();
}
