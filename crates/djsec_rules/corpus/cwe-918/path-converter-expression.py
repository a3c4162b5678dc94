# Regular expressions in addresses.
import requests


def by_number(request, number):
    requests.get("https://%s.example.com/" % number)  # ok: ssrf


def by_text(request, rest):
    requests.get("https://" + rest)  # bad: ssrf
# --- urls.py
from django.urls import re_path

from shop import views

urlpatterns = [
    re_path(r"^a/(?P<number>[0-9]+)/$", views.by_number),
    re_path(r"^b/(?P<rest>.+)$", views.by_text),
]
