# The host of the parsed address must be one of a few.
from urllib.parse import urlparse

import requests

HOSTS = {"example.com", "www.example.com"}


def view(request):
    url = request.GET["url"]
    if urlparse(url).hostname not in HOSTS:
        return None
    return requests.get(url)  # ok: ssrf


def lax(request):
    url = request.GET["url"]
    if urlparse(url).scheme not in {"http", "https"}:
        return None
    return requests.get(url)  # bad: ssrf
