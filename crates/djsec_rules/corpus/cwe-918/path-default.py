# A further argument of the route is a constant.
import requests


def view(request, server):
    requests.get("https://" + server)  # ok: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("a/", views.view, {"server": "example.com"})]
