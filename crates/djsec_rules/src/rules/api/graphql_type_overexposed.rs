use djsec_base::{Confidence, Severity};
use djsec_django::models::{Strength, Why};
use djsec_django::views::ViewKind;

use super::graphql_types::{Columns, Shown, shown};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds types of a GraphQL schema that show every column of a model with secrets, and nodes that
    /// hand out any row of a model whose rows belong to somebody.
    ///
    /// ## Why it matters
    /// `DjangoObjectType` shows all columns unless it names some, and clients may ask for each: for
    /// `User` that is the hash of the password, from wherever the graph leads to a user. Node ids are
    /// `base64("OrderType:1")`, so they can be counted like any other.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Gateway(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     api_key = models.CharField(max_length=50)
    /// ```
    /// ```python shop/schema.py
    /// import graphene
    /// from graphene_django import DjangoObjectType
    ///
    /// from .models import Gateway
    ///
    ///
    /// class GatewayType(DjangoObjectType):
    ///     class Meta:
    ///         model = Gateway
    ///         fields = "__all__"  # finding
    ///
    ///
    /// class Query(graphene.ObjectType):
    ///     gateways = graphene.List(GatewayType)
    ///
    ///
    /// schema = graphene.Schema(query=Query)
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from graphene_django.views import GraphQLView
    ///
    /// from .schema import schema
    ///
    /// urlpatterns = [path("graphql/", GraphQLView.as_view(schema=schema))]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Gateway(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     api_key = models.CharField(max_length=50)
    /// ```
    /// ```python shop/schema.py
    /// import graphene
    /// from graphene_django import DjangoObjectType
    ///
    /// from .models import Gateway
    ///
    ///
    /// class GatewayType(DjangoObjectType):
    ///     class Meta:
    ///         model = Gateway
    ///         fields = ["id", "name"]
    ///
    ///
    /// class Query(graphene.ObjectType):
    ///     gateways = graphene.List(GatewayType)
    ///
    ///
    /// schema = graphene.Schema(query=Query)
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from graphene_django.views import GraphQLView
    ///
    /// from .schema import schema
    ///
    /// urlpatterns = [path("graphql/", GraphQLView.as_view(schema=schema))]
    /// ```
    ///
    /// ## How to fix
    /// Name the columns. For nodes, filter by `info.context.user` in `get_queryset()`, which also
    /// counts for rows that are fetched by their id.
    ///
    /// ## Limits
    /// Columns are known to be secret by their names and kinds. Nothing is said where the type
    /// defines the column itself, where the endpoint is for staff, or where production routes to no
    /// GraphQL endpoint. Findings on nodes are of low confidence: rows that have an owner may be
    /// meant to be public.
    ///
    /// ## References
    /// - [graphene-django: specifying which fields to include](https://docs.graphene-python.org/projects/django/en/latest/queries/#specifying-which-fields-to-include)
    /// - [graphene-django: authorization](https://docs.graphene-python.org/projects/django/en/latest/authorization/)
    RULE {
        id: "graphql-type-overexposed",
        group: "api",
        summary: "a GraphQL type shows more than clients should see",
        severity: High,
        cwe: [200, 639],
        owasp: ["2025:A01"],
        asvs: ["5.0:15.3.1", "5.0:8.2.3"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let open = cx.endpoints().any(|endpoint| {
        endpoint.view.kind == ViewKind::GraphQl
            && endpoint.weakest().is_some_and(|level| !level.needs_more_than_login())
    });
    if !open {
        return;
    }
    for one in shown(cx) {
        secrets(cx, &one, out);
        node(cx, &one, out);
    }
}

fn secrets(cx: &Cx<'_>, one: &Shown<'_>, out: &mut Findings) {
    let (without, how): (&[&str], _) = match &one.columns {
        Columns::All => (&[], "every column"),
        Columns::Unsaid => (&[], "every column, for it names none,"),
        Columns::Except(names) => (names, "every column but some"),
        Columns::Named => return,
    };
    let all = cx.models().sensitive(&one.model).into_iter().filter(|field| {
        field.why == Why::Secret && !without.contains(&&*field.name) && !one.redefines(&field.name)
    });
    let names: Vec<String> = all.map(|field| format!("`{}`", field.name)).collect();
    if names.is_empty() {
        return;
    }
    // Whoever may see a service may be meant to see its key; nobody is meant to see a hash.
    let grave = names.iter().any(|name| name.contains("password"));
    let (severity, confidence) = if grave {
        (Severity::High, Confidence::High)
    } else {
        (Severity::Medium, Confidence::Medium)
    };
    let model = cx.short_name(&one.model);
    let path = &one.class.path;
    let message = format!("`{path}` shows {how} of `{model}`, also {}", names.join(", "));
    out.found(&RULE, one.place, &**path, message)
        .severity(severity)
        .confidence(confidence)
        .help("name the columns that clients need")
        .done();
}

/// A node of a model with an owner that hands out any row.
fn node(cx: &Cx<'_>, one: &Shown<'_>, out: &mut Findings) {
    let Some(model) = cx.models().get(&one.model).filter(|_| one.is_node) else { return };
    let owned = model
        .owner()
        .is_some_and(|owner| owner.strength == Strength::Owner && !owner.steps.is_empty());
    if !owned || cx.models().is_user(&one.model) || one.narrows(cx) || !one.is_known(cx) {
        return;
    }
    let path = &one.class.path;
    let owner = model.owner().map(djsec_django::models::OwnerPath::lookup).unwrap_or_default();
    let message = format!(
        "`{path}` hands any `{}` to whoever names its id: nothing ties it to its owner (`{owner}`)",
        model.name
    );
    out.found(&RULE, one.at.span(one.class.name_range), &**path, message)
        .severity(Severity::Medium)
        .confidence(Confidence::Low)
        .help("filter by `info.context.user` in `get_queryset()`")
        .done();
}
