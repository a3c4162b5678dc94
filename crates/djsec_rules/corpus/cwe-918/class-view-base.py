# The base class of the view reads, the derived one calls.
import requests
from django.views import View


class Base(View):
    def target(self):
        return self.request.GET["url"]


class Fetch(Base):
    def get(self, request):
        requests.get(self.target())  # bad: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("fetch/", views.Fetch.as_view())]
