# A copy of the query string in which one value was replaced.
import requests


def view(request):
    data = request.POST.copy()
    data["url"] = "https://example.com/"
    requests.get(data["url"])  # ok: ssrf
    requests.get(data["other"])  # bad: ssrf
