# Headers that clients send, and entries of META that the server makes.
import requests


def view(request):
    requests.get(request.headers["X-Target"])  # bad: ssrf
    requests.get(request.headers.get("X-Target", ""))  # bad: ssrf
    requests.get(request.META["HTTP_X_TARGET"])  # bad: ssrf
    requests.get(request.META.get("HTTP_REFERER"))  # bad: ssrf
    requests.get("https://" + request.META["SERVER_NAME"])  # ok: ssrf
    requests.get("https://" + request.META.get("REMOTE_ADDR"))  # ok: ssrf
