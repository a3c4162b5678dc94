use djsec_base::{Confidence, Span};
use djsec_django::views::Level;
use djsec_django::views::objects::{ObjectAccess, Operation, Scope};
use djsec_python::code::Expr;

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that ask for a permission on the model as a whole, though the project grants the same
    /// permission for single objects with `django-guardian`.
    ///
    /// ## Why it matters
    /// The view never looks at whom a row was granted to. Who has the permission on the model (which
    /// somebody had to give him, so that the view would let him in) reaches every row; who was granted one
    /// row alone is turned away.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Document(models.Model):
    ///     text = models.TextField()
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop", "guardian"]
    /// AUTHENTICATION_BACKENDS = [
    ///     "django.contrib.auth.backends.ModelBackend",
    ///     "guardian.backends.ObjectPermissionBackend",
    /// ]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import permission_required
    /// from django.shortcuts import get_object_or_404, render
    /// from guardian.shortcuts import assign_perm
    ///
    /// from shop.models import Document
    ///
    ///
    /// def share(document, user):
    ///     assign_perm("shop.change_document", user, document)
    ///
    ///
    /// @permission_required("shop.change_document")
    /// def edit(request, pk):
    ///     document = get_object_or_404(Document, pk=pk)  # finding
    ///     return render(request, "edit.html", {"document": document})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("<int:pk>/", views.edit)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Document(models.Model):
    ///     text = models.TextField()
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop", "guardian"]
    /// AUTHENTICATION_BACKENDS = [
    ///     "django.contrib.auth.backends.ModelBackend",
    ///     "guardian.backends.ObjectPermissionBackend",
    /// ]
    /// ```
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    /// from django.shortcuts import get_object_or_404, render
    /// from guardian.shortcuts import assign_perm
    ///
    /// from shop.models import Document
    ///
    ///
    /// def share(document, user):
    ///     assign_perm("shop.change_document", user, document)
    ///
    ///
    /// def edit(request, pk):
    ///     document = get_object_or_404(Document, pk=pk)
    ///     if not request.user.has_perm("shop.change_document", document):
    ///         raise PermissionDenied
    ///     return render(request, "edit.html", {"document": document})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("<int:pk>/", views.edit)]
    /// ```
    ///
    /// ## How to fix
    /// Ask with the object: `request.user.has_perm(permission, document)`, guardian's
    /// `permission_required` with a look-up, or `get_objects_for_user()`.
    ///
    /// ## Limits
    /// Only grants by `assign_perm()` with an object count, and only views that fetch a row by an id from the
    /// request. Lists and pages for making rows ask for the model's permission rightly.
    ///
    /// ## References
    /// - [django-guardian: check object permissions](https://django-guardian.readthedocs.io/en/stable/userguide/check/)
    RULE {
        id: "object-permission-layer-unused",
        group: "access",
        summary: "permissions are granted by object, and checked for the model only",
        severity: Medium,
        cwe: [863],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2"],
        checklist: ["object-ownership", "permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const ASSIGN: &[&str] = &["guardian.shortcuts.assign_perm", "guardian.shortcuts.assign"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let grants = grants(cx);
    if grants.is_empty() {
        return;
    }
    for endpoint in cx.endpoints().filter(|endpoint| endpoint.is_own() && !by_object(endpoint)) {
        let accesses = &cx.objects(&endpoint).accesses;
        let first = accesses
            .iter()
            .find_map(|access| Some((access, grant(cx, &endpoint, access, &grants)?)));
        let Some((access, grant)) = first else { continue };
        let message = format!(
            "{} asks for `{}` on the model, but it is granted for single rows: whose row it is does not \
             count",
            endpoint.address(),
            grant.permission,
        );
        out.found(&RULE, access.place, endpoint.subject(), message)
            .confidence(Confidence::Medium)
            .help("ask with the object: `has_perm(permission, obj)`")
            .related(Some(grant.place), "it is granted for one row here")
            .done();
    }
}

/// A permission that is granted for single rows.
struct Grant<'a> {
    permission: &'a str,
    place: Span,
}

fn grants<'a>(cx: &Cx<'a>) -> Vec<Grant<'a>> {
    let mut grants = Vec::new();
    for at in cx.sites().filter(|at| at.code.symbol("assign_perm").is_some()) {
        for (id, expr) in at.code.all_exprs() {
            let Expr::Call(callee, arguments) = expr else { continue };
            let arguments = at.code.arguments(arguments);
            let object = at.code.argument(arguments, 2, "obj");
            let permission = at.code.argument(arguments, 0, "perm");
            let permission = permission.and_then(|e| at.code.string(e));
            if let (Some(permission), Some(_), true) =
                (permission, object, cx.names(at, callee, ASSIGN))
            {
                grants.push(Grant { permission, place: at.expr_span(id) });
            }
        }
    }
    grants
}

/// Whether a check of guardian, which looks at the row, stands before the view.
fn by_object(endpoint: &Endpoint<'_>) -> bool {
    endpoint.view.guards.iter().any(|guard| guard.what.contains("guardian"))
}

/// The grant that a view does not look at when it reaches a row by an id from the request.
fn grant<'g, 'a>(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    grants: &'g [Grant<'a>],
) -> Option<&'g Grant<'a>> {
    let Some(Level::Permission(asked)) = endpoint.level_of(access) else { return None };
    let bare = access.scope == Scope::Unscoped
        && access.is_chosen()
        && access.guards_after.is_empty()
        && !matches!(access.operation, Operation::Create | Operation::List);
    let model = cx.models().get(&access.model).filter(|_| bare)?;
    let about = format!("_{}", model.name.to_lowercase());
    grants.iter().find(|grant| {
        let codename = codename(grant.permission);
        codename.ends_with(&about) && asked.iter().any(|one| self::codename(one) == codename)
    })
}

fn codename(permission: &str) -> &str {
    permission.rsplit('.').next().unwrap_or(permission)
}
