# A view that takes what its address names as `**kwargs`.
import requests


def view(request, **kwargs):
    requests.get("https://" + kwargs["rest"])  # bad: ssrf
    requests.get("https://%s.example.com/" % kwargs["number"])  # ok: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("a/<int:number>/<path:rest>", views.view)]
