# What was put into the session earlier in the same view.
import requests


def view(request):
    request.session["url"] = request.GET["url"]
    requests.get(request.session["url"])  # bad: ssrf
    requests.get(request.session["other"])  # ok: ssrf
