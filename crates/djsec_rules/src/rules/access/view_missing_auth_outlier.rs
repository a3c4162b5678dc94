use std::collections::BTreeMap;

use djsec_base::{Confidence, Finding};
use djsec_django::views::effects::EffectKind;
use djsec_django::views::objects::{ObjectAccess, Operation, Scope};
use djsec_django::views::{Level, ViewKind};
use djsec_python::QualifiedName;

use super::siblings::is_for_strangers;
use super::visitors::tells_apart;
use crate::customs::Custom;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that everybody may call, while the views beside them ask for a login, and that show
    /// or change what is not meant for everybody.
    ///
    /// ## Why it matters
    /// A forgotten `@login_required` looks like any other line that is not there. The data behind it
    /// is open to the whole internet. That all siblings have the check says that it was meant to be
    /// there.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [
    ///     path("orders/", views.orders),
    ///     path("orders/<int:pk>/", views.order),
    ///     path("orders/<int:pk>/cancel/", views.cancel),
    ///     path("orders/export/", views.export),
    /// ]
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
    /// from django.http import HttpResponse
    /// from django.shortcuts import get_object_or_404, redirect, render
    ///
    /// from .models import Order
    ///
    ///
    /// @login_required
    /// def orders(request):
    ///     return render(request, "orders.html", {"orders": request.user.order_set.all()})
    ///
    ///
    /// @login_required
    /// def order(request, pk):
    ///     order = get_object_or_404(Order, pk=pk, customer=request.user)
    ///     return render(request, "order.html", {"order": order})
    ///
    ///
    /// @login_required
    /// def cancel(request, pk):
    ///     if request.method == "POST":
    ///         Order.objects.filter(pk=pk, customer=request.user).delete()
    ///     return redirect("orders")
    ///
    ///
    /// def export(request):  # finding
    ///     return HttpResponse(str(list(Order.objects.values_list())))
    /// ```
    ///
    /// ## Not flagged
    /// Views that are public by their nature: the login, a page without data, published content.
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [
    ///     path("orders/", views.orders),
    ///     path("orders/<int:pk>/", views.order),
    ///     path("orders/help/", views.help),
    /// ]
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
    /// from django.shortcuts import get_object_or_404, render
    ///
    /// from .models import Order
    ///
    ///
    /// @login_required
    /// def orders(request):
    ///     return render(request, "orders.html", {"orders": request.user.order_set.all()})
    ///
    ///
    /// @login_required
    /// def order(request, pk):
    ///     order = get_object_or_404(Order, pk=pk, customer=request.user)
    ///     return render(request, "order.html", {"order": order})
    ///
    ///
    /// def help(request):
    ///     return render(request, "help.html")
    /// ```
    ///
    /// ## How to fix
    /// Put `@login_required` (or `LoginRequiredMixin`, or the permission its siblings ask for) on the
    /// view. From Django 5.1 on, `LoginRequiredMiddleware` asks for a login everywhere, so that only
    /// exceptions have to be written down.
    RULE {
        id: "view-missing-auth-outlier",
        group: "access",
        summary: "a view asks for no login, though its siblings do",
        severity: High,
        cwe: [862, 306],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.3.1", "5.0:8.2.1"],
        checklist: ["views-require-auth"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What the views of one module ask for.
#[derive(Default)]
struct Siblings<'a> {
    guarded: Vec<Endpoint<'a>>,
    open: usize,
    public: Vec<Endpoint<'a>>,
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if cx.decided_by_middleware() {
        return;
    }
    let mut modules: BTreeMap<String, Siblings<'_>> = BTreeMap::new();
    let mut published: Vec<Endpoint<'_>> = Vec::new();
    for endpoint in cx.endpoints().filter(Endpoint::is_own) {
        let siblings = modules.entry(endpoint.module().to_owned()).or_default();
        let verbs = endpoint.verbs();
        let public = endpoint.verbs_where(Level::is_public);
        if endpoint.view.public_because.is_some() {
            published.push(endpoint);
        } else if verbs == endpoint.verbs_where(Level::needs_user) {
            siblings.guarded.push(endpoint);
        } else if public == verbs {
            siblings.open += 1;
            siblings.public.push(endpoint);
        } else {
            siblings.open += 1;
        }
    }
    for (module, siblings) in &modules {
        let all = siblings.guarded.len() + siblings.open;
        let few = siblings.guarded.len() < 2 || siblings.guarded.len() * 5 < all * 3;
        if few || siblings.public.is_empty() {
            continue;
        }
        for endpoint in &siblings.public {
            judge(cx, endpoint, module, siblings, &published, out);
        }
    }
}

fn judge(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    module: &str,
    siblings: &Siblings<'_>,
    published: &[Endpoint<'_>],
    out: &mut Findings,
) {
    let effects = cx.effects(endpoint);
    let shared = |access: &&ObjectAccess| touch(cx, &siblings.guarded, &access.model);
    let proven = [
        EffectKind::Verifies,
        EffectKind::ComparesSecret,
        EffectKind::ChecksToken,
        EffectKind::ChecksPassword,
        EffectKind::LogsIn,
    ];
    // Of operations of Ninja `ninja-route-without-auth` says so.
    let told = endpoint.view.kind == ViewKind::Operation || endpoint.has_secret_parameter();
    if told || effects.has(&proven) || is_for_strangers(endpoint) {
        return;
    }
    let touched: Vec<&ObjectAccess> = effects
        .objects
        .accesses
        .iter()
        .filter(|access| !matches!(access.scope, Scope::Scoped { .. }))
        .filter(|access| !access.guards_after.iter().any(|check| check.enforced))
        .filter(|access| access.under.is_empty() && !access.is_of_published())
        .collect();
    let writes =
        |access: &&&ObjectAccess| matches!(access.operation, Operation::Update | Operation::Delete);
    let private = |access: &&&ObjectAccess| {
        cx.is_personal(&access.model)
            && !touch(cx, published, &access.model)
            && !is_published_elsewhere(cx, module, &access.model)
    };
    let write = touched.iter().find(|a| writes(a) && shared(a));
    let shows = || touched.iter().find(|a| private(a) && shared(a) && !tells_apart(cx, endpoint));
    let Some(access) = write.or_else(shows) else { return };
    let model = cx.short_name(&access.model);
    let (does, whom) = match access.operation {
        Operation::Fetch | Operation::List => ("shows", "to"),
        Operation::Create => ("makes", "for"),
        Operation::Update => ("changes", "for"),
        Operation::Delete => ("deletes", "for"),
    };
    let count = siblings.guarded.len();
    let all = count + siblings.open.saturating_sub(1);
    let which = if count == all { format!("all {all}") } else { format!("{count} of {all}") };
    let message = format!(
        "{} {does} `{model}` {whom} whoever calls it, while {which} other views of `{module}` ask for \
         a login",
        endpoint.words()
    );
    let finding =
        Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message).confidence(
            if all >= 4 && count * 5 >= all * 4 { Confidence::High } else { Confidence::Medium },
        );
    out.report(finding)
        .related(Some(access.place), "it happens here")
        .help("ask for a login, as its siblings do: `@login_required` or `LoginRequiredMixin`")
        .done();
}

/// Whether several other modules show rows of a model to everybody: that is meant then.
fn is_published_elsewhere(cx: &Cx<'_>, module: &str, model: &QualifiedName) -> bool {
    let elsewhere = |custom: &Custom| custom.published_in.iter().filter(|by| *by != module).count();
    cx.customs().get(model).is_some_and(|custom| elsewhere(custom) >= 2)
}

/// Whether one of some views touches rows of a model.
fn touch(cx: &Cx<'_>, endpoints: &[Endpoint<'_>], model: &QualifiedName) -> bool {
    let mut touched = endpoints.iter().flat_map(|endpoint| &cx.objects(endpoint).accesses);
    touched.any(|access| access.model == *model)
}
