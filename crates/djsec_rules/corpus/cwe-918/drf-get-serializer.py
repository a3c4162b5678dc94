# The serializer that a generic view makes.
import requests
from rest_framework import generics, serializers


class HookSerializer(serializers.Serializer):
    url = serializers.CharField()
    port = serializers.IntegerField()


class Hooks(generics.CreateAPIView):
    serializer_class = HookSerializer

    def create(self, request, *args, **kwargs):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        requests.get(serializer.validated_data["url"])  # bad: ssrf
        requests.get("https://example.com:%s" % serializer.validated_data["port"])  # ok: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("hooks/", views.Hooks.as_view())]
