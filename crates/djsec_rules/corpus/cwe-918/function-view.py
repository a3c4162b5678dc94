# A function view reads every part of the request.
import requests


def view(request):
    requests.get(request.GET["url"])  # bad: ssrf
    requests.get(request.POST.get("url"))  # bad: ssrf
    requests.get(request.COOKIES["url"])  # bad: ssrf
    requests.get(request.body.decode())  # bad: ssrf
    requests.get("https://example.com/")  # ok: ssrf
