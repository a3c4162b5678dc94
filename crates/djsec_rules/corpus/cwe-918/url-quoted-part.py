# A part of an address that is quoted stays a part.
from urllib.parse import quote, urlencode

import requests


def view(request):
    requests.get("https://example.com/" + quote(request.GET["name"]))  # ok: ssrf
    requests.get("https://example.com/?" + urlencode({"q": request.GET["q"]}))  # ok: ssrf
    requests.get("https://" + request.GET["name"])  # bad: ssrf
