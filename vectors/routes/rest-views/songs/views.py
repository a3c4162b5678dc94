from django.contrib.auth.decorators import login_required
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from rest_framework import generics, status
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.decorators import (
    action,
    api_view,
    authentication_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

from .models import Song


@api_view()
def root(request, format=None):
    return Response({})


@api_view(["GET", "HEAD"])
@permission_classes([AllowAny])
def now_playing(request, format=None):
    return Response("silence")


@never_cache
@api_view(http_method_names=["POST"])
@authentication_classes([BasicAuthentication])
@permission_classes([IsAuthenticated & IsAdminUser])
@throttle_classes([])
def vote(request):
    return Response(status=status.HTTP_201_CREATED)


@login_required
@api_view(["GET"])
def stats(request):
    return Response({})


class Base(APIView):
    authentication_classes = (SessionAuthentication,)


class WishView(Base):
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "wishes"

    def get(self, request):
        return Response([])

    def post(self, request):
        return Response(status=201)


class OpenWishView(WishView):
    permission_classes = WishView.permission_classes + [AllowAny]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class ArtistList(generics.ListCreateAPIView):
    queryset = Song.objects.all()

    def get_permissions(self):
        return [IsAdminUser()] if self.request.method == "POST" else [AllowAny()]


class ArtistDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = Song.objects.all()
    http_method_names = ["get", "patch"]


class HostList(generics.ListAPIView):
    queryset = Song.objects.all()
    permission_classes = []


class SongViewSet(ModelViewSet):
    queryset = Song.objects.all()

    @action(detail=False)
    def search(self, request):
        return Response([])


@permission_classes([IsAdminUser])
@throttle_classes([])
class Decorated(Base):
    permission_classes = [AllowAny]

    def get(self, request):
        return Response([])


class InheritsDecorated(Decorated):
    pass
