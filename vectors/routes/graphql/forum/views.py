from django.contrib.auth.mixins import LoginRequiredMixin
from graphene_django.views import GraphQLView


class PrivateGraphQL(LoginRequiredMixin, GraphQLView):
    pass
