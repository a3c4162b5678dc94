# A middleware is told what the address gives the view, and hands on what it made of the request.
import requests


class Hooks:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.hook = request.headers.get("X-Hook", "")
        request.count = len(request.headers)
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        requests.get(view_kwargs["url"])  # bad: ssrf
        return None


def view(request):
    requests.get(request.hook)  # bad: ssrf
    requests.get("https://example.com/%s" % request.count)  # ok: ssrf
# --- settings.py
MIDDLEWARE = ["shop.views.Hooks"]
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("hook/<path:url>", views.view)]
