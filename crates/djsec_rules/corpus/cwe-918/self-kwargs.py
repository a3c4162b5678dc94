# What the address names, in a class view: by converter.
import requests
from django.views import View


class Fetch(View):
    def get(self, request, *args, **kwargs):
        requests.get("https://" + self.kwargs["rest"])  # bad: ssrf
        requests.get("https://" + kwargs["rest"])  # bad: ssrf
        requests.get("https://example.com/%s" % self.kwargs["number"])  # ok: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("fetch/<int:number>/<path:rest>", views.Fetch.as_view())]
