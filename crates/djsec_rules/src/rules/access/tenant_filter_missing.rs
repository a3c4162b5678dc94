use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{Confidence, Span};
use djsec_django::views::Level;
use djsec_django::views::objects::{How, ObjectAccess, Operation, Scope};
use djsec_python::QualifiedName;

use super::ownership::{exposures, is_free};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Learns from the views of a project which models are always looked up together with the tenant of who
    /// asks (`organization=request.user.organization`), and finds a view that takes an id from the request
    /// and leaves the tenant out.
    ///
    /// ## Why it matters
    /// All customers share one table, and only this filter keeps them apart. Whoever has an account, or the
    /// permission in his own company, reads and changes the rows of every other company.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    /// from django.db import models
    ///
    ///
    /// class Branch(models.Model):
    ///     name = models.TextField()
    ///
    ///
    /// class Customer(AbstractUser):
    ///     branch = models.ForeignKey(Branch, on_delete=models.CASCADE)
    ///
    ///
    /// class Invoice(models.Model):
    ///     branch = models.ForeignKey(Branch, on_delete=models.CASCADE)
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import get_object_or_404, redirect, render
    ///
    /// from shop.models import Invoice
    ///
    ///
    /// @login_required
    /// def all(request):
    ///     all = Invoice.objects.filter(branch=request.user.branch)
    ///     return render(request, "invoices.html", {"all": all})
    ///
    ///
    /// @login_required
    /// def one(request, pk):
    ///     get_object_or_404(Invoice, pk=pk, branch=request.user.branch)
    ///     return redirect("/")
    ///
    ///
    /// @login_required
    /// def edit(request, pk):
    ///     get_object_or_404(Invoice, pk=pk, branch=request.user.branch).save()
    ///     return redirect("/")
    ///
    ///
    /// @login_required
    /// def pay(request, pk):
    ///     get_object_or_404(Invoice, pk=pk, branch=request.user.branch).delete()
    ///     return redirect("/")
    ///
    ///
    /// @login_required
    /// def print(request, pk):
    ///     invoice = get_object_or_404(Invoice, pk=pk)  # finding
    ///     return render(request, "print.html", {"invoice": invoice})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop import views
    ///
    /// urlpatterns = [
    ///     path("", views.all),
    ///     path("<int:pk>/", views.one),
    ///     path("<int:pk>/edit/", views.edit),
    ///     path("<int:pk>/pay/", views.pay),
    ///     path("<int:pk>/print/", views.print),
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Branch(models.Model):
    ///     name = models.TextField()
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import get_object_or_404, render
    ///
    /// from shop.models import Branch
    ///
    ///
    /// def branch(request, pk):
    ///     return render(request, "a.html", {"one": get_object_or_404(Branch, pk=pk)})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("<int:pk>/", views.branch)]
    /// ```
    ///
    /// ## How to fix
    /// Put the tenant into the query, or use a manager that always does.
    ///
    /// ## Limits
    /// At least four queries of views, and three quarters of all, must carry the same key. Nothing is said
    /// of views for staff, of projects that keep tenants in schemas (`django-tenants`), and of what the rules
    /// on object ownership report. Behind a check that djsec cannot grade, the confidence is low.
    ///
    /// ## References
    /// - [OWASP: multi-tenant security](https://cheatsheetseries.owasp.org/cheatsheets/Multi_Tenant_Security_Cheat_Sheet.html)
    RULE {
        id: "tenant-filter-missing",
        group: "access",
        summary: "a query leaves out the tenant that all others carry",
        severity: High,
        cwe: [639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2", "5.0:8.4.1"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// Apps that keep tenants apart themselves.
const APART: &[&str] = &["django_tenants", "django_scopes", "tenant_schemas"];
const LEAST: usize = 4;

/// How a model is looked up in all views.
#[derive(Default)]
struct Habit {
    /// The places where the tenant is part of the query, by its look-up.
    keyed: BTreeMap<Arc<str>, Vec<Span>>,
    /// Where a row is chosen without anything that ties it to who asks.
    bare: Vec<(Span, usize)>,
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if APART.iter().any(|app| !cx.has_app(app).is_never()) {
        return;
    }
    let endpoints: Vec<Endpoint<'_>> = cx.endpoints().collect();
    let mut known: Option<Vec<Span>> = None; // Most projects have no such habit.
    for (model, habit) in habits(cx, &endpoints) {
        let Some((key, keyed)) = habit.keyed.iter().max_by_key(|(_, places)| places.len()) else {
            continue;
        };
        // One for each view, and one for code that several views share.
        let mut bare: Vec<(Span, usize)> = Vec::new();
        for (place, at) in habit.bare {
            if !bare.iter().any(|(seen, view)| *seen == place || *view == at) {
                bare.push((place, at));
            }
        }
        if keyed.len() < LEAST || keyed.len() < 3 * bare.len() {
            continue;
        }
        let told = known.get_or_insert_with(|| {
            exposures(cx).into_iter().map(|(_, exposure)| exposure.place).collect()
        });
        for (place, at) in bare.into_iter().filter(|(place, _)| !told.contains(place)) {
            let Some(endpoint) = endpoints.get(at) else { continue };
            report(cx, endpoint, (&model, key), (place, keyed), out);
        }
    }
}

fn report(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    (model, key): (&QualifiedName, &str),
    (place, keyed): (Span, &[Span]),
    out: &mut Findings,
) {
    let confidence = match endpoint.weakest() {
        Some(Level::Authenticated) => Confidence::High,
        Some(Level::Permission(_)) => Confidence::Medium,
        _ => Confidence::Low,
    };
    let name = cx.models().get(model).map(|model| Arc::clone(&model.name)).unwrap_or_default();
    let message = format!(
        "`{name}` is looked up by `{key}` in {} other places, but here, at {}, by an id from the \
         request alone",
        keyed.len(),
        endpoint.address(),
    );
    let subject = format!("{} {name}", endpoint.subject());
    out.found(&RULE, place, subject, message)
        .confidence(confidence)
        .help(format!("put `{key}` into the query"))
        .related(keyed.first().copied(), "as here, for one")
        .done();
}

fn habits(cx: &Cx<'_>, endpoints: &[Endpoint<'_>]) -> BTreeMap<QualifiedName, Habit> {
    let mut habits: BTreeMap<QualifiedName, Habit> = BTreeMap::new();
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.is_own()) {
        for access in &cx.objects(endpoint).accesses {
            let plain = endpoint.level_of(access).is_some_and(|level| *level < Level::Staff);
            if access.operation == Operation::Create || !plain {
                continue;
            }
            let habit = habits.entry(access.model.clone()).or_default();
            if let Some(key) = tenant_key(cx, access) {
                let places = habit.keyed.entry(key).or_default();
                if !places.contains(&access.place) {
                    places.push(access.place);
                }
            } else if is_free(access) && endpoint.purpose().is_none() {
                habit.bare.push((access.place, endpoint.at));
            }
        }
    }
    habits
}

/// The look-up of a query that is given something of who asks: his company, his team.
fn tenant_key(cx: &Cx<'_>, access: &ObjectAccess) -> Option<Arc<str>> {
    let Scope::Scoped { how: How::User(lookup), .. } = &access.scope else { return None };
    let mut model = access.model.clone();
    for step in lookup.split("__") {
        let field = cx.models().field(&model, step)?;
        model = field.relation.as_ref()?.to.clone();
    }
    (!cx.models().is_account(&model)).then(|| Arc::clone(lookup))
}
