# The first parameter of a view is a request, whatever it is called.
import requests


def view(r):
    requests.get(r.GET["url"])  # bad: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("a/", views.view)]
