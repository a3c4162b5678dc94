# Parts of a request that whoever sends it decides, and parts that they do not.
import requests


def view(request, *args, **kwargs):
    requests.get(request.resolver_match.kwargs["url"])  # bad: ssrf
    requests.get(request.META["QUERY_STRING"])  # bad: ssrf
    requests.get("https:/" + request.META["PATH_INFO"])  # bad: ssrf
    requests.get(request.read().decode())  # bad: ssrf
    for line in request:
        requests.get(line.decode())  # bad: ssrf
    requests.get(request.COOKIES.get("url"))  # bad: ssrf
    requests.get(dict(request.headers)["X-Url"])  # bad: ssrf
    requests.get(request.GET.get("a") or request.POST.get("b"))  # bad: ssrf
    requests.get(request.get_signed_cookie("url"))  # ok: ssrf
    requests.get("https://example.com" + request.get_full_path())  # ok: ssrf
    requests.get(request.scheme + "://example.com/")  # ok: ssrf
    requests.get("https://%s.example.com" % request.method.lower())  # ok: ssrf
    requests.get("https://%s" % request.META["REMOTE_ADDR"])  # ok: ssrf
    requests.get("https://%s.example.com" % request.resolver_match.url_name)  # ok: ssrf
