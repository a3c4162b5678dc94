# The whole query string goes on as a dict.
import requests


def fetch(parameters):
    requests.get(parameters["url"])  # bad: ssrf


def view(request):
    fetch(request.GET)
    data = request.POST.copy()
    requests.get(data["url"])  # bad: ssrf
    requests.get(request.GET.dict()["url"])  # bad: ssrf
    requests.get(dict(request.GET)["url"])  # bad: ssrf
