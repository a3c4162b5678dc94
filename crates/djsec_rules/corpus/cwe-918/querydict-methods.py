# Ways through a query string: its names, its values, and all of it.
import requests


def view(request):
    for name in request.GET:
        requests.get(name)  # bad: ssrf
    for name, value in request.GET.items():
        requests.get(name)  # bad: ssrf
        requests.get(value)  # bad: ssrf
    for name, values in request.POST.lists():
        requests.get(values[0])  # bad: ssrf
    for value in request.GET.getlist("url"):
        requests.get(value)  # bad: ssrf
    requests.get(next(iter(request.GET.values())))  # bad: ssrf
    requests.get("https://example.com/?" + request.GET.urlencode())  # ok: ssrf
    requests.get("https://example.com/?" + str(len(request.GET)))  # ok: ssrf
    merged = {**request.GET.dict(), "url": "https://example.com/"}
    requests.get(merged["url"])  # ok: ssrf
    requests.get(merged["other"])  # bad: ssrf
    first, *rest = request.GET.getlist("urls")
    requests.get(rest[0])  # bad: ssrf
    if "url" in request.GET:
        requests.get(request.GET["url"])  # bad: ssrf
    try:
        url = request.GET["url"]
    except KeyError:
        url = "https://example.com/"
    requests.get(url)  # bad: ssrf
