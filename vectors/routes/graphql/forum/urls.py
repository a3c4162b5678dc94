from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from graphene_django.views import GraphQLView
from strawberry.django.views import AsyncGraphQLView
from strawberry.django.views import GraphQLView as BerryView

from .berry import schema as berry
from .views import PrivateGraphQL

urlpatterns = [
    path("graphql", csrf_exempt(GraphQLView.as_view(graphiql=settings.DEBUG)), name="graphql"),
    path("graphql/private", login_required(GraphQLView.as_view(graphiql=False))),
    path("graphql/mine", PrivateGraphQL.as_view(), name="mine"),
    path("berry/", BerryView.as_view(schema=berry), name="berry"),
    path("berry/async/", AsyncGraphQLView.as_view(schema=berry, graphql_ide=None)),
]
if settings.DEBUG:
    urlpatterns.append(path("graphiql", csrf_exempt(GraphQLView.as_view(graphiql=True)), name="graphiql"))
