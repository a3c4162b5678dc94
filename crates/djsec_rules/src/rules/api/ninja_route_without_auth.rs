use djsec_base::{Confidence, Finding, Severity};
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::objects::{ObjectAccess, Operation, Scope};
use djsec_django::views::{Level, ViewKind};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds operations of Django Ninja without `auth` that change data, or show data that belongs to
    /// somebody.
    ///
    /// ## Why it matters
    /// Ninja asks nobody for anything unless `auth=` says so, on the operation, its router or the API.
    /// `LOGIN_URL`, mixins and DRF's defaults do not reach it.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import api
    ///
    /// urlpatterns = [path("api/", api.urls)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from ninja import NinjaAPI
    ///
    /// from .models import Order
    ///
    /// api = NinjaAPI()
    ///
    ///
    /// @api.delete("/orders/{pk}")
    /// def delete_order(request, pk: int):  # finding
    ///     Order.objects.filter(pk=pk).delete()
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import api
    ///
    /// urlpatterns = [path("api/", api.urls)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from ninja import NinjaAPI
    /// from ninja.security import django_auth
    ///
    /// from .models import Order
    ///
    /// api = NinjaAPI(auth=django_auth)
    ///
    ///
    /// @api.delete("/orders/{pk}")
    /// def delete_order(request, pk: int):
    ///     Order.objects.filter(pk=pk, customer=request.user).delete()
    /// ```
    ///
    /// ## How to fix
    /// Give the whole API an `auth`, such as `NinjaAPI(auth=django_auth)`, and write `auth=None` on the
    /// operations that are meant for everybody.
    ///
    /// ## References
    /// - [Django Ninja: authentication](https://django-ninja.dev/guides/authentication/)
    RULE {
        id: "ninja-route-without-auth",
        group: "api",
        summary: "an operation of Ninja asks nobody who they are",
        severity: High,
        cwe: [306, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1", "5.0:8.3.1"],
        checklist: ["views-require-auth", "api-defaults-closed"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let public = endpoint.verbs_where(Level::is_public);
    let by_nature = endpoint.view.public_because.is_some() || endpoint.has_secret_parameter();
    if endpoint.view.kind != ViewKind::Operation || public.is_empty() || by_nature {
        return;
    }
    let effects = cx.effects(endpoint);
    let proven = [
        EffectKind::Verifies,
        EffectKind::ComparesSecret,
        EffectKind::ChecksToken,
        EffectKind::ChecksPassword,
    ];
    if effects.first(&proven, Verbs::ALL).is_some() {
        return;
    }
    let open = |access: &&ObjectAccess| {
        !matches!(access.scope, Scope::Scoped { .. })
            && access.under.is_empty()
            && !access.is_of_published()
            && !access.guards_after.iter().any(|check| check.enforced)
    };
    let changes =
        |access: &&ObjectAccess| matches!(access.operation, Operation::Update | Operation::Delete);
    let mut all = effects.objects.accesses.iter().filter(open);
    let changed = all.clone().find(changes);
    let Some(access) = changed.or_else(|| all.find(|access| cx.is_personal(&access.model))) else {
        return;
    };
    let model = cx.short_name(&access.model);
    let (does, severity) = match access.operation {
        Operation::Update => ("changes rows of", Severity::High),
        Operation::Delete => ("deletes rows of", Severity::High),
        Operation::Create => return,
        Operation::Fetch | Operation::List => ("shows rows of", Severity::Medium),
    };
    let message =
        format!("{} {does} `{model}` for whoever calls it: it has no `auth`", endpoint.words());
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .severity(severity)
        .confidence(Confidence::Medium);
    out.report(finding)
        .related(Some(access.place), "it happens here")
        .help("give the API, its router or the operation an `auth`, such as `django_auth`")
        .done();
}
