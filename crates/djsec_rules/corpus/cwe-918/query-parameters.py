# What goes into `params` is no address.
import requests


def view(request):
    requests.get("https://example.com/", params={"q": request.GET["q"]})  # ok: ssrf
