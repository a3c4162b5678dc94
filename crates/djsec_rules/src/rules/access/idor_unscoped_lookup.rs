use super::exposed::report;
use super::ownership::exposures;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that fetch, change or delete a row by an id from the request, though the row
    /// belongs to somebody, and do not look whether that is who asks.
    ///
    /// ## Why it matters
    /// Ids can be counted. Whoever has an account changes the number in the address and reads or
    /// changes the rows of all others. A login does not help: this is the most frequent serious fault
    /// of web applications, and no scanner of single files sees it.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    ///     note = models.TextField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import get_object_or_404, render
    ///
    /// from .models import Order
    ///
    ///
    /// @login_required
    /// def order_detail(request, pk):
    ///     order = get_object_or_404(Order, pk=pk)  # finding
    ///     return render(request, "order.html", {"order": order})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/", views.order_detail)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    ///     note = models.TextField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import get_object_or_404, render
    ///
    /// from .models import Order
    ///
    ///
    /// @login_required
    /// def order_detail(request, pk):
    ///     order = get_object_or_404(Order, pk=pk, customer=request.user)
    ///     return render(request, "order.html", {"order": order})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("orders/<int:pk>/", views.order_detail)]
    /// ```
    ///
    /// ## How to fix
    /// Put the owner into the query: `get_object_or_404(Order, pk=pk, customer=request.user)`, or
    /// fetch through the user: `request.user.order_set`. Rows of others are then not found, which also
    /// does not tell that they exist.
    ///
    /// ## Limits
    /// A model counts as owned where relations lead to the user or to a group of users, and not only
    /// to who made or edited the row. Nothing is said of views for staff, of rows under keys that
    /// nobody can guess, and of what everybody may list. Where the project scopes the same model
    /// elsewhere, the confidence is high; where rows belong to a group only, or are read by a name
    /// rather than an id, it is low.
    ///
    /// ## References
    /// - [OWASP: insecure direct object reference prevention](https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html)
    RULE {
        id: "idor-unscoped-lookup",
        group: "access",
        summary: "a row is fetched by an id from the request, whoever owns it",
        severity: High,
        cwe: [639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (endpoint, exposure) in exposures(cx) {
        if !exposure.generic && exposure.parent.is_none() {
            report(&RULE, &endpoint, &exposure, out);
        }
    }
}
