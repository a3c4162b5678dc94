# Actions of a viewset, and what its serializer lets through.
import requests
from rest_framework import serializers, viewsets
from rest_framework.decorators import action


class HookSerializer(serializers.Serializer):
    url = serializers.CharField()
    count = serializers.IntegerField()


class Hooks(viewsets.ViewSet):
    def create(self, request):
        serializer = HookSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        requests.get(serializer.validated_data["url"])  # bad: ssrf
        requests.get("https://%s" % serializer.validated_data["count"])  # ok: ssrf

    @action(detail=True, methods=["post"])
    def call(self, request, pk=None):
        requests.get(request.data["url"])  # bad: ssrf
# --- urls.py
from rest_framework.routers import DefaultRouter

from shop import views

router = DefaultRouter()
router.register("hooks", views.Hooks, basename="hook")
urlpatterns = router.urls
