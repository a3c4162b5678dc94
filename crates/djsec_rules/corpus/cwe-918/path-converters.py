# What an address may hold depends on its converter.
import requests


def by_number(request, number):
    requests.get("https://example.com/%s" % number)  # ok: ssrf


def by_uuid(request, key):
    requests.get("https://%s.example.com/" % key)  # ok: ssrf


def by_path(request, rest):
    requests.get("https://" + rest)  # bad: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [
    path("a/<int:number>/", views.by_number),
    path("b/<uuid:key>/", views.by_uuid),
    path("c/<path:rest>", views.by_path),
]
