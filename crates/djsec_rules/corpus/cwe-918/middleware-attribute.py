# A middleware keeps data on the request; a view uses it.
import requests


class TargetMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.target = request.GET.get("url")
        request.fixed = "https://example.com/"
        return self.get_response(request)


def view(request):
    requests.get(request.target)  # bad: ssrf
    requests.get(request.fixed)  # ok: ssrf
# --- settings.py
MIDDLEWARE = ["shop.views.TargetMiddleware"]
