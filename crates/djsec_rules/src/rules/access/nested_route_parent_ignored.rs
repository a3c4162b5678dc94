use djsec_base::Confidence;
use djsec_django::views::Level;

use super::ownership::exposures;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views whose address names a row and what it belongs to (`projects/<project_pk>/files/<pk>/`),
    /// and that fetch the row by its own id alone.
    ///
    /// ## Why it matters
    /// The check that the user is a member of the project looks at the project in the address. Whoever
    /// names a project of his own and the id of a file of another one passes it, and gets the file.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Project(models.Model):
    ///     owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ///
    ///
    /// class File(models.Model):
    ///     project = models.ForeignKey(Project, on_delete=models.CASCADE)
    ///     text = models.TextField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import get_object_or_404, render
    ///
    /// from .models import File, Project
    ///
    ///
    /// @login_required
    /// def file(request, project_pk, pk):
    ///     project = get_object_or_404(Project, pk=project_pk, owner=request.user)
    ///     file = get_object_or_404(File, pk=pk)  # finding
    ///     return render(request, "file.html", {"project": project, "file": file})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("projects/<int:project_pk>/files/<int:pk>/", views.file)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Project(models.Model):
    ///     owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ///
    ///
    /// class File(models.Model):
    ///     project = models.ForeignKey(Project, on_delete=models.CASCADE)
    ///     text = models.TextField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import get_object_or_404, render
    ///
    /// from .models import File, Project
    ///
    ///
    /// @login_required
    /// def file(request, project_pk, pk):
    ///     project = get_object_or_404(Project, pk=project_pk, owner=request.user)
    ///     file = get_object_or_404(File, pk=pk, project=project)
    ///     return render(request, "file.html", {"project": project, "file": file})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("projects/<int:project_pk>/files/<int:pk>/", views.file)]
    /// ```
    ///
    /// ## How to fix
    /// Look for the row within its parent: `get_object_or_404(File, pk=pk, project=project)`, or
    /// `project.file_set`.
    ///
    /// ## Limits
    /// A parameter counts as the parent where it is called as a relation of the row's model or as the model
    /// that it leads to. Rows that are tied to who asks anyway need no parent, and neither do rows under
    /// keys that nobody can guess. Otherwise what holds for `idor-unscoped-lookup` holds here; a row is
    /// reported by one of the two.
    ///
    /// ## References
    /// - [OWASP: insecure direct object reference prevention](https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html)
    RULE {
        id: "nested-route-parent-ignored",
        group: "access",
        summary: "a row is fetched by its id alone, though the address names what it belongs to",
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
        let Some(parent) = &exposure.parent else { continue };
        let confidence = match exposure.confidence {
            // A check that is not followed may be about the row.
            _ if matches!(endpoint.weakest(), Some(Level::Custom(_))) && !parent.checked => {
                Confidence::Low
            }
            // Who may see the parent is decided in this very view.
            Confidence::Low if parent.checked => Confidence::Medium,
            Confidence::Medium if parent.checked => Confidence::High,
            confidence => confidence,
        };
        let message = format!(
            "the address {} names the `{}`, but `{}` is looked up without it: whoever may call it can {} \
             those of others",
            endpoint.address(),
            parent.parameter,
            exposure.name,
            exposure.verbs(),
        );
        out.found(&RULE, exposure.place, exposure.subject(&endpoint), message)
            .confidence(confidence)
            .help(format!("look for it by `{}`, too", parent.relation))
            .related(exposure.scoped_at, "the same model is tied to who asks here")
            .done();
    }
}
