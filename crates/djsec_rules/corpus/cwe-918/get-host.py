# Django checks the host against ALLOWED_HOSTS.
import requests


def view(request):
    requests.get("https://" + request.get_host() + "/health")  # ok: ssrf
    requests.get(request.build_absolute_uri("/health"))  # ok: ssrf
