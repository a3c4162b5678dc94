use std::collections::BTreeMap;

use djsec_base::{Confidence, Finding};
use djsec_django::views::Level;
use djsec_django::views::effects::Verbs;
use djsec_django::views::objects::{ObjectAccess, Operation};
use djsec_python::QualifiedName;

use super::changes::writes;
use super::ownership::is_free;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that change rows of a model for everybody with an account, while other views that
    /// change the same model ask for a permission.
    ///
    /// ## Why it matters
    /// Where customers can have accounts, "logged in" means everybody. The permission that the other
    /// views ask for can then be walked around.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [
    ///     path("products/<int:pk>/price/", views.price),
    ///     path("products/<int:pk>/hide/", views.hide),
    ///     path("products/<int:pk>/rename/", views.rename),
    /// ]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Product(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     price = models.IntegerField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required, permission_required
    /// from django.shortcuts import redirect
    /// from django.views.decorators.http import require_POST
    ///
    /// from .models import Product
    ///
    ///
    /// @require_POST
    /// @permission_required("shop.change_product")
    /// def price(request, pk):
    ///     Product.objects.filter(pk=pk).update(price=request.POST["price"])
    ///     return redirect("products")
    ///
    ///
    /// @require_POST
    /// @permission_required("shop.change_product")
    /// def hide(request, pk):
    ///     Product.objects.filter(pk=pk).update(price=0)
    ///     return redirect("products")
    ///
    ///
    /// @require_POST
    /// @login_required
    /// def rename(request, pk):  # finding
    ///     Product.objects.filter(pk=pk).update(name=request.POST["name"])
    ///     return redirect("products")
    /// ```
    ///
    /// ## Not flagged
    /// Rows that belong to who asks.
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/cancel/", views.cancel)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect
    /// from django.views.decorators.http import require_POST
    ///
    /// from .models import Order
    ///
    ///
    /// @require_POST
    /// @login_required
    /// def cancel(request, pk):
    ///     Order.objects.filter(pk=pk, customer=request.user).delete()
    ///     return redirect("orders")
    /// ```
    ///
    /// ## How to fix
    /// Ask for the permission that the other views ask for: `@permission_required`, or
    /// `PermissionRequiredMixin`.
    RULE {
        id: "write-without-permission",
        group: "access",
        summary: "a login is enough to change what others need a permission for",
        severity: Medium,
        cwe: [862, 285],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1", "5.0:8.3.1"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What takes rows away from others or changes them.
const CHANGES: &[Operation] = &[Operation::Update, Operation::Delete];

/// Views that change one model.
#[derive(Default)]
struct Writers<'a> {
    /// With more than a login, each with what it asks for.
    guarded: Vec<(Endpoint<'a>, Level)>,
    /// With a login only.
    open: Vec<(Endpoint<'a>, &'a ObjectAccess)>,
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if cx.decided_by_middleware() {
        return;
    }
    let endpoints: Vec<Endpoint<'_>> = cx.endpoints().filter(Endpoint::is_own).collect();
    // Those that ask for more are only looked at where there is something to compare with them.
    let login = |level: &Level| *level == Level::Authenticated;
    let open = |e: &&Endpoint<'_>| !e.verbs_where(login).and(Verbs::WRITING).is_empty();
    let free = |e: &Endpoint<'_>| {
        writes(cx, e, CHANGES).iter().any(|(access, level)| login(level) && is_free(access))
    };
    if !endpoints.iter().filter(open).any(free) {
        return;
    }
    cx.work_out(&endpoints);
    let mut models: BTreeMap<QualifiedName, Writers<'_>> = BTreeMap::new();
    for endpoint in &endpoints {
        for (access, level) in writes(cx, endpoint, CHANGES) {
            let writers = models.entry(access.model.clone()).or_default();
            if level.needs_more_than_login() {
                if writers.guarded.iter().all(|(known, _)| known.at != endpoint.at) {
                    writers.guarded.push((endpoint.clone(), level));
                }
            } else if level == Level::Authenticated
                && is_free(access)
                && !endpoint.is_asked_more(access)
                && writers.open.iter().all(|(known, _)| known.at != endpoint.at)
            {
                writers.open.push((endpoint.clone(), access));
            }
        }
    }
    for (model, writers) in &models {
        let few = writers.guarded.len() < 2 || writers.open.len() * 2 > writers.guarded.len();
        if few || cx.is_personal(model) {
            continue;
        }
        for (endpoint, access) in &writers.open {
            report(cx, endpoint, access, &writers.guarded, out);
        }
    }
}

fn report(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    guarded: &[(Endpoint<'_>, Level)],
    out: &mut Findings,
) {
    let Some((example, level)) = guarded.first() else { return };
    let model = cx.short_name(&access.model);
    let does = if access.operation == Operation::Delete { "deletes" } else { "changes" };
    let message = format!(
        "{} {does} `{model}` for everybody with an account, while {} other views that do ask for more \
         ({level})",
        endpoint.words(),
        guarded.len()
    );
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(Confidence::Medium);
    out.report(finding)
        .related(Some(access.place), "it happens here")
        .related(example.view.place, "this one asks for more")
        .help("ask for the permission that the other views ask for")
        .done();
}
