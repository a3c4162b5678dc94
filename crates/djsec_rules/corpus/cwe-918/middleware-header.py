# A middleware reads a header of the request.
import requests


class HookMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        requests.get(request.headers["X-Hook"])  # bad: ssrf
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        requests.get(request.META["HTTP_X_HOOK"])  # bad: ssrf
# --- settings.py
MIDDLEWARE = ["shop.views.HookMiddleware"]
