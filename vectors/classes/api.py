"""Views of Django REST framework and of packages on top of it."""

from dj_rest_auth.registration.views import RegisterView
from dj_rest_auth.views import LoginView
from django_filters import rest_framework as filters
from drf_spectacular.views import SpectacularAPIView
from knox.views import LoginView as KnoxLogin
from oauth2_provider.contrib.rest_framework import TokenHasReadWriteScope
from oauth2_provider.views.generic import ProtectedResourceView
from rest_framework import generics, mixins, permissions, routers, serializers, viewsets
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.pagination import PageNumberPagination
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView
from rest_framework_nested.viewsets import NestedViewSetMixin
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.views import TokenObtainPairView

from shared.bases import IsOwner


class Everything(viewsets.ModelViewSet):
    pass


class Owned(viewsets.ModelViewSet):
    permission_classes = [IsOwner]


class ReadOnly(Owned, viewsets.ReadOnlyModelViewSet):
    lookup_field = "slug"


class Open(Owned):
    permission_classes = []


class Token:
    authentication_classes = [TokenAuthentication]


class ByToken(Token, Owned):
    pass


class TokenTooLate(Owned, Token):
    pass


class Picked(mixins.CreateModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    http_method_names = ["get", "post"]


class Detail(generics.RetrieveUpdateDestroyAPIView):
    lookup_field = "uuid"


class Mixed(mixins.ListModelMixin, generics.CreateAPIView):
    pass


class Raw(APIView):
    authentication_classes = ()


class Nested(NestedViewSetMixin, viewsets.ReadOnlyModelViewSet):
    pass


class Rest(LoginView):
    pass


class Register(RegisterView):
    permission_classes = [permissions.IsAdminUser]


class Knox(KnoxLogin):
    authentication_classes = [SessionAuthentication]


class Jwt(TokenObtainPairView):
    pass


class Obtain(ObtainAuthToken):
    pass


class Schema(SpectacularAPIView):
    pass


class Protected(ProtectedResourceView):
    pass


class Scope(TokenHasReadWriteScope, permissions.IsAuthenticated):
    pass


class Pages(PageNumberPagination):
    page_size = 20


class Burst(UserRateThrottle):
    rate = "5/min"


class Jwts(JWTAuthentication):
    pass


class Price(serializers.DecimalField):
    pass


class Order(serializers.ModelSerializer):
    pass


class Bare(serializers.Serializer):
    pass


class Router(routers.DefaultRouter):
    pass


class Orders(filters.FilterSet):
    pass
