# `setup` and `dispatch` keep data on the view; `get` uses it.
import requests
from django.views import View


class Fetch(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.url = request.GET["url"]

    def dispatch(self, request, *args, **kwargs):
        self.other = request.GET["other"]
        self.fixed = "https://example.com/"
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        requests.get(self.url)  # bad: ssrf
        requests.get(self.other)  # bad: ssrf
        requests.get(self.fixed)  # ok: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("fetch/", views.Fetch.as_view())]
