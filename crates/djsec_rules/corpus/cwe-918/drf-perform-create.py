# The serializer that the framework hands to `perform_create`.
import requests
from rest_framework import serializers, viewsets


class HookSerializer(serializers.Serializer):
    url = serializers.CharField()


class Hooks(viewsets.ModelViewSet):
    serializer_class = HookSerializer

    def perform_create(self, serializer):
        requests.get(serializer.validated_data["url"])  # bad: ssrf
# --- urls.py
from rest_framework.routers import DefaultRouter

from shop import views

router = DefaultRouter()
router.register("hooks", views.Hooks, basename="hook")
urlpatterns = router.urls
