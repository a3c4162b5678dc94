# An address that begins with a whole origin and a slash stays on it.
import requests


def view(request):
    url = request.GET["url"]
    if url.startswith("https://example.com/"):
        requests.get(url)  # ok: ssrf
    if url.startswith("https://"):
        requests.get(url)  # bad: ssrf
    if url.startswith("https://example.com"):
        requests.get(url)  # bad: ssrf
