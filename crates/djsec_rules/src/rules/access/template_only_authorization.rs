use djsec_base::{Confidence, Finding};
use djsec_django::views::Level;
use djsec_django::views::objects::{ObjectAccess, Operation};
use djsec_templates::page::Link;

use super::changes::writes;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that templates only show to staff, to superusers or to users with a permission, and that change
    /// rows for everybody with an account.
    ///
    /// ## Why it matters
    /// Hiding a button hides an address from those who do not look for it. Who sends the request anyway is let through.
    ///
    /// ## Flagged
    /// ```html templates/products.html
    /// {% if perms.shop.delete_product %}
    ///   <a href="{% url 'delete-product' product.pk %}">Delete</a>
    /// {% endif %}
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("products/<int:pk>/delete/", views.delete, name="delete-product")]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Product(models.Model):
    ///     name = models.CharField(max_length=50)
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect
    /// from django.views.decorators.http import require_POST
    ///
    /// from .models import Product
    ///
    ///
    /// @require_POST
    /// @login_required
    /// def delete(request, pk):  # finding
    ///     Product.objects.filter(pk=pk).delete()
    ///     return redirect("products")
    /// ```
    ///
    /// ## Not flagged
    /// Views that ask themselves, and conditions that let others through as well:
    /// ```html templates/products.html
    /// {% if user.is_staff %}<a href="{% url 'hide-product' product.pk %}">Hide</a>{% endif %}
    /// {% if user.is_staff or product.open %}<a href="{% url 'rename-product' product.pk %}">Rename</a>{% endif %}
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [
    ///     path("products/<int:pk>/hide/", views.hide, name="hide-product"),
    ///     path("products/<int:pk>/rename/", views.rename, name="rename-product"),
    /// ]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Product(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     hidden = models.BooleanField(default=False)
    /// ```
    /// ```python views.py
    /// from django.contrib.admin.views.decorators import staff_member_required
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect
    ///
    /// from .models import Product
    ///
    ///
    /// @staff_member_required
    /// def hide(request, pk):
    ///     Product.objects.filter(pk=pk).update(hidden=True)
    ///     return redirect("products")
    ///
    ///
    /// @login_required
    /// def rename(request, pk):
    ///     Product.objects.filter(pk=pk).update(name=request.POST["name"])
    ///     return redirect("products")
    /// ```
    ///
    /// ## How to fix
    /// Ask in the view for what the template asks for: `@permission_required`, `PermissionRequiredMixin`,
    /// `@staff_member_required`.
    ///
    /// ## Limits
    /// Rows that have an owner are judged by the rules on object ownership. Conditions on anything but `user.is_staff`,
    /// `user.is_superuser` and `perms` are not looked at.
    ///
    /// ## References
    /// - [Django: permissions in templates](https://docs.djangoproject.com/en/stable/topics/auth/default/#permissions)
    RULE {
        id: "template-only-authorization",
        group: "access",
        summary: "a view is only hidden in templates from those who may not use it",
        severity: High,
        cwe: [602, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1", "5.0:8.3.1"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What changes rows.
const WRITES: &[Operation] = &[Operation::Create, Operation::Update, Operation::Delete];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let links: Vec<&Link> = cx.templates().links().collect();
    if links.is_empty() || cx.decided_by_middleware() {
        return;
    }
    let linked = |endpoint: &Endpoint<'_>| links.iter().find(|link| endpoint.is_called(&link.name));
    let hidden: Vec<Endpoint<'_>> =
        cx.endpoints().filter(|endpoint| endpoint.is_own() && linked(endpoint).is_some()).collect();
    cx.work_out(&hidden);
    for endpoint in &hidden {
        if let Some(link) = linked(endpoint)
            && let Some(access) = written(cx, endpoint)
        {
            report(cx, endpoint, access, link, out);
        }
    }
}

/// What a view does to rows for everybody with an account.
fn written<'e>(cx: &'e Cx<'_>, endpoint: &Endpoint<'_>) -> Option<&'e ObjectAccess> {
    let all = writes(cx, endpoint, WRITES);
    let free = all.into_iter().find(|(access, level)| {
        *level == Level::Authenticated
            && !cx.is_personal(&access.model)
            && access.guards_after.is_empty()
            && access.under.is_empty()
            && !endpoint.is_asked_more(access)
    });
    free.map(|(access, _)| access)
}

fn report(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    link: &Link,
    out: &mut Findings,
) {
    let does = match access.operation {
        Operation::Delete => "deletes",
        Operation::Create => "creates",
        _ => "changes",
    };
    let message = format!(
        "{} {does} `{}` for everybody with an account; a template only shows its address to {}",
        endpoint.words(),
        cx.short_name(&access.model),
        link.asked
    );
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(Confidence::Medium);
    out.report(finding)
        .related(Some(access.place), "it happens here")
        .related(Some(link.condition), "what the template asks")
        .help("ask for the same in the view")
        .done();
}
