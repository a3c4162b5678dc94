# The standard library's own client.
from urllib.request import Request, urlopen


def view(request):
    urlopen(request.GET["url"])  # bad: ssrf
    Request(request.GET["url"])  # bad: ssrf
    urlopen("https://example.com/")  # ok: ssrf
