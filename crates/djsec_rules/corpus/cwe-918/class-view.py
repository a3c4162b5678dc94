# A class view has the request as an argument and as `self.request`.
import requests
from django.views import View


class Fetch(View):
    def get(self, request, *args, **kwargs):
        requests.get(request.GET["url"])  # bad: ssrf
        return self.show()

    def show(self):
        requests.get(self.request.GET["url"])  # bad: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("fetch/", views.Fetch.as_view())]
