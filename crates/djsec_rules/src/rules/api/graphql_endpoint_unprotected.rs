use djsec_base::{Confidence, Finding};
use djsec_django::views::ViewKind;
use djsec_django::views::graphql::{GraphQl, graphql};

use super::graphql_lacks::{Lack, csrf, open_mutation, tools};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds GraphQL endpoints (graphene, strawberry, ariadne) that take a visitor's session from other
    /// sites, have mutations that ask nobody, or leave tools of development on. One finding for each
    /// endpoint lists everything.
    ///
    /// ## Why it matters
    /// All of a GraphQL API is behind one address, so one careless wrapper opens all of it. With
    /// `csrf_exempt`, a form on any page sends mutations in the name of whoever is logged in. The explorer
    /// hands strangers the map of the API, batches walk around limits per request (a thousand
    /// passwords in one), and a query that nests deep enough keeps a worker busy.
    ///
    /// ## Flagged
    /// ```python shop/schema.py
    /// import graphene
    ///
    /// from .models import Order
    ///
    ///
    /// class DeleteOrder(graphene.Mutation):
    ///     class Arguments:
    ///         pk = graphene.ID()
    ///
    ///     ok = graphene.Boolean()
    ///
    ///     def mutate(root, info, pk):
    ///         Order.objects.filter(pk=pk, customer=info.context.user).delete()
    ///         return DeleteOrder(ok=True)
    ///
    ///
    /// class Mutation(graphene.ObjectType):
    ///     delete_order = DeleteOrder.Field()
    ///
    ///
    /// schema = graphene.Schema(mutation=Mutation)
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from django.views.decorators.csrf import csrf_exempt
    /// from graphene_django.views import GraphQLView
    ///
    /// from .schema import schema
    ///
    /// urlpatterns = [
    ///     path("graphql/", csrf_exempt(GraphQLView.as_view(schema=schema))),  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python shop/schema.py
    /// import graphene
    ///
    /// from .models import Order
    ///
    ///
    /// class DeleteOrder(graphene.Mutation):
    ///     class Arguments:
    ///         pk = graphene.ID()
    ///
    ///     ok = graphene.Boolean()
    ///
    ///     def mutate(root, info, pk):
    ///         Order.objects.filter(pk=pk, customer=info.context.user).delete()
    ///         return DeleteOrder(ok=True)
    ///
    ///
    /// class Mutation(graphene.ObjectType):
    ///     delete_order = DeleteOrder.Field()
    ///
    ///
    /// schema = graphene.Schema(mutation=Mutation)
    /// ```
    /// ```python urls.py
    /// from django.conf import settings
    /// from django.urls import path
    /// from graphene_django.views import GraphQLView
    /// from graphene.validation import depth_limit_validator
    ///
    /// from .schema import schema
    ///
    /// urlpatterns = [
    ///     path(
    ///         "graphql/",
    ///         GraphQLView.as_view(
    ///             schema=schema,
    ///             graphiql=settings.DEBUG,
    ///             validation_rules=[depth_limit_validator(max_depth=8)],
    ///         ),
    ///     ),
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Take `csrf_exempt` away and send the token in `X-CSRFToken`, or give programs an endpoint without
    /// sessions. Check who asks in each mutation, or put a login around the view. Tie `graphiql` and
    /// `graphql_ide` to `settings.DEBUG`, and limit the depth of queries (`depth_limit_validator` of
    /// graphene, `QueryDepthLimiter` of strawberry).
    ///
    /// ## Limits
    /// A mutation counts as asking somebody where it reads `info.context`, hands `info` on, or has a
    /// decorator, a permission class or an extension. Where code of the project stands before all
    /// resolvers, nothing is said of single mutations. A missing limit and the tools of an API that
    /// only reads are for information.
    ///
    /// ## References
    /// - [OWASP: GraphQL cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html)
    RULE {
        id: "graphql-endpoint-unprotected",
        group: "api",
        summary: "a GraphQL endpoint lacks protection",
        severity: High,
        cwe: [306, 352, 770],
        owasp: ["2025:A01", "2025:A02"],
        asvs: ["5.0:3.5.1", "5.0:4.3.1", "5.0:4.3.2"],
        checklist: ["csrf-exemptions-justified", "views-require-auth"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    if endpoint.view.kind != ViewKind::GraphQl {
        return;
    }
    let source = cx.lookup();
    let mut known: Vec<GraphQl> = Vec::new();
    for route in &endpoint.routes {
        let Some(facts) = graphql(source, &route.target) else { continue };
        // The same endpoint under several addresses is one.
        if !known.contains(&facts) {
            let one = Endpoint { routes: vec![*route], ..endpoint.clone() };
            report(&one, &facts, out);
            known.push(facts);
        }
    }
}

fn report(endpoint: &Endpoint<'_>, facts: &GraphQl, out: &mut Findings) {
    let mut lacks: Vec<Lack> = csrf(endpoint, facts).into_iter().collect();
    lacks.extend(open_mutation(endpoint, facts));
    lacks.extend(tools(endpoint, facts));
    let Some(severity) = lacks.iter().map(|lack| lack.severity).max() else { return };
    lacks.sort_by_key(|lack| std::cmp::Reverse(lack.severity));
    let words: Vec<&str> = lacks.iter().map(|lack| lack.words.as_str()).collect();
    let help: Vec<&str> = lacks.iter().map(|lack| lack.help).collect();
    let confidence = lacks.iter().filter(|lack| lack.severity == severity);
    let confidence = confidence.map(|lack| lack.confidence).max().unwrap_or(Confidence::Low);
    let message = format!("the GraphQL endpoint {} {}", endpoint.address(), words.join("; it "));
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .severity(severity)
        .confidence(confidence)
        .help(help.join("; "));
    let mut reported = out.report(finding);
    for (place, text) in lacks.iter().filter_map(|lack| lack.place) {
        reported = reported.related(Some(place), text);
    }
    reported.done();
}
