use djsec_base::Confidence;
use djsec_django::models::{Model, Owner, Strength};
use djsec_django::routes::Target;
use djsec_django::views::Level;

use super::related_fields::{Taking, is_looked_at, is_narrowed, taking};
use crate::customs::Custom;
use crate::own::OwnClass;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds serializers that take a reference to any row of a model whose rows belong to somebody, on
    /// views that every user may call.
    ///
    /// ## Why it matters
    /// The view may show each user only their own projects. But a task is made with the id of a project
    /// in the body, and `queryset=Project.objects.all()` accepts the projects of others: users attach
    /// rows to what is not theirs, and often read it back in the answer. The error for an unknown id
    /// tells which ones there are.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Project(models.Model):
    ///     owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    ///
    ///
    /// class Task(models.Model):
    ///     project = models.ForeignKey(Project, on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from rest_framework import serializers, viewsets
    /// from rest_framework.permissions import IsAuthenticated
    ///
    /// from .models import Project, Task
    ///
    ///
    /// class TaskSerializer(serializers.ModelSerializer):
    ///     project = serializers.PrimaryKeyRelatedField(queryset=Project.objects.all())  # finding
    ///
    ///     class Meta:
    ///         model = Task
    ///         fields = ["id", "project"]
    ///
    ///
    /// class ProjectViewSet(viewsets.ReadOnlyModelViewSet):
    ///     permission_classes = [IsAuthenticated]
    ///
    ///     def get_queryset(self):
    ///         return Project.objects.filter(owner=self.request.user)
    ///
    ///
    /// class TaskViewSet(viewsets.ModelViewSet):
    ///     serializer_class = TaskSerializer
    ///     permission_classes = [IsAuthenticated]
    ///
    ///     def get_queryset(self):
    ///         return Task.objects.filter(project__owner=self.request.user)
    /// ```
    /// ```python urls.py
    /// from rest_framework.routers import SimpleRouter
    ///
    /// from . import views
    ///
    /// router = SimpleRouter()
    /// router.register("projects", views.ProjectViewSet, basename="project")
    /// router.register("tasks", views.TaskViewSet, basename="task")
    /// urlpatterns = router.urls
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Project(models.Model):
    ///     owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    ///
    ///
    /// class Task(models.Model):
    ///     project = models.ForeignKey(Project, on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from rest_framework import serializers, viewsets
    /// from rest_framework.permissions import IsAuthenticated
    ///
    /// from .models import Project, Task
    ///
    ///
    /// class TaskSerializer(serializers.ModelSerializer):
    ///     project = serializers.PrimaryKeyRelatedField(queryset=Project.objects.all())
    ///
    ///     class Meta:
    ///         model = Task
    ///         fields = ["id", "project"]
    ///
    ///     def validate_project(self, project):
    ///         if project.owner != self.context["request"].user:
    ///             raise serializers.ValidationError("There is no such project.")
    ///         return project
    ///
    ///
    /// class ProjectViewSet(viewsets.ReadOnlyModelViewSet):
    ///     permission_classes = [IsAuthenticated]
    ///
    ///     def get_queryset(self):
    ///         return Project.objects.filter(owner=self.request.user)
    ///
    ///
    /// class TaskViewSet(viewsets.ModelViewSet):
    ///     serializer_class = TaskSerializer
    ///     permission_classes = [IsAuthenticated]
    ///
    ///     def get_queryset(self):
    ///         return Task.objects.filter(project__owner=self.request.user)
    /// ```
    /// ```python urls.py
    /// from rest_framework.routers import SimpleRouter
    ///
    /// from . import views
    ///
    /// router = SimpleRouter()
    /// router.register("projects", views.ProjectViewSet, basename="project")
    /// router.register("tasks", views.TaskViewSet, basename="task")
    /// urlpatterns = router.urls
    /// ```
    ///
    /// ## How to fix
    /// Narrow the field: `validate_project()`, a field class with its own `get_queryset()`, or
    /// `self.fields["project"].queryset = …` in `__init__()` from `self.context["request"].user`. The
    /// same answer for rows of others and rows that are not there tells nobody which exist.
    ///
    /// ## Limits
    /// Nothing is said where the serializer or the view looks at the field or at who asks on the way, of
    /// users themselves, and of models whose rows nobody owns. The confidence is low for fields that a
    /// model serializer makes by itself, for rows of a group of users, and where the project ties the
    /// model to who asks nowhere else.
    ///
    /// ## References
    /// - [DRF: serializer relations](https://www.django-rest-framework.org/api-guide/relations/)
    /// - [OWASP API1: broken object level authorization](https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/)
    RULE {
        id: "drf-related-field-unscoped",
        group: "access",
        summary: "an API takes references to rows of others",
        severity: Medium,
        cwe: [639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    // Each serializer once, with the first view that takes it from every user.
    let mut takers: Vec<(OwnClass<'_>, Vec<Endpoint<'_>>)> = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        if endpoint.view.public_because.is_some() || !endpoint.is_own() {
            continue;
        }
        for taken in objects.taken.iter().filter(|taken| open_to_users(&endpoint, &taken.handler)) {
            let known = takers.iter_mut().find(|(class, _)| class.name == taken.serializer);
            if let Some((_, endpoints)) = known {
                endpoints.push(endpoint.clone());
            } else if let Some(class) = cx.own_class(&taken.serializer) {
                takers.push((class, vec![endpoint.clone()]));
            }
        }
    }
    // A field that several serializers inherit is told of once.
    let mut told = Vec::new();
    for (serializer, endpoints) in &takers {
        for field in taking(cx, serializer) {
            let here = (field.place, field.name.clone());
            if told.contains(&here) || is_narrowed(cx, serializer, &field.name) {
                continue;
            }
            let open = endpoints.iter().find(|one| !is_looked_at(cx, one.view, &field.name));
            if let Some(endpoint) = open
                && let Some(model) = cx.models().get(&field.model)
                && !cx.models().is_user(&field.model)
            {
                let custom = cx.customs().get(&field.model);
                told.push(here);
                report(model, custom, (serializer, &field, endpoint), out);
            }
        }
    }
}

/// Whether everybody or every user may come to a handler.
fn open_to_users(endpoint: &Endpoint<'_>, handler: &str) -> bool {
    let plain = |level: &Level| matches!(level, Level::Public | Level::Authenticated);
    let of = |method: &str| endpoint.level(&method.to_ascii_uppercase()).is_some_and(plain);
    match endpoint.target_of(handler) {
        Some(Target::ViewSet { actions, .. }) => {
            actions.iter().any(|(method, action)| **action == *handler && of(method))
        }
        Some(Target::Class { .. }) => of(handler),
        _ => endpoint.weakest().is_some_and(plain),
    }
}

fn report(
    model: &Model,
    custom: Option<&Custom>,
    (serializer, field, endpoint): (&OwnClass<'_>, &Taking, &Endpoint<'_>),
    out: &mut Findings,
) {
    let Some(owner) = model.owner().filter(|owner| owner.strength != Strength::Trace) else {
        return;
    };
    let scoped = custom.and_then(|custom| custom.scoped);
    if custom.is_some_and(|custom| custom.listed) && scoped.is_none() {
        return; // Every user may see them all.
    }
    // Where the project ties rows of a company to who asks, no other is meant to be named.
    let tied = owner.strength == Strength::Owner || matches!(owner.who, Owner::Tenant(_));
    let sure = field.declared && tied && !owner.steps.is_empty() && scoped.is_some();
    let what = if owner.steps.is_empty() {
        "a group they are no member of".to_owned()
    } else {
        format!("those of others (`{}`)", owner.lookup())
    };
    let message = format!(
        "`{}` takes any `{}` as `{}` from {}, also {what}",
        serializer.path(),
        model.name,
        field.name,
        endpoint.words(),
    );
    let subject = format!("{} {}", serializer.path(), field.name);
    out.found(&RULE, field.place, subject, message)
        .confidence(if sure { Confidence::Medium } else { Confidence::Low })
        .help(format!(
            "check it in `validate_{}()`, or narrow the queryset of the field to the rows of who asks",
            field.name
        ))
        .related(scoped, "the same model is tied to who asks here")
        .done();
}
