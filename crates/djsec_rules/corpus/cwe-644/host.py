# The host by which a request calls the site decides where an address leads.
from urllib.parse import urlunsplit

from django.http import JsonResponse


def links(request):
    host = request.META["HTTP_HOST"]
    a = f"https://{host}/orders/"  # bad: host
    b = "https://" + host + "/orders/"  # bad: host
    c = "https://%s/orders/" % host  # bad: host
    d = "{}://{}/orders/".format(request.scheme, request.headers["X-Forwarded-Host"])  # bad: host
    e = "%s://%s/" % (request.scheme, request.META.get("HTTP_X_FORWARDED_HOST"))  # bad: host
    f = urlunsplit(("https", request.headers.get("Host"), "/", "", ""))  # bad: host
    return JsonResponse({"all": [a, b, c, d, e, f]})


def link(host):
    return f"https://{host}/"  # bad: host


def through_a_function(request):
    return JsonResponse({"link": link(request.META.get("HTTP_HOST", "example.com"))})


def fine(request):
    a = f"https://{request.get_host()}/"  # ok: host
    b = f"https://example.com/?from={request.META['HTTP_HOST']}"  # ok: host
    c = f"https://{request.GET['name']}/"  # ok: host
    d = request.build_absolute_uri("/")
    host = request.META["HTTP_HOST"]
    if host not in ("example.com", "www.example.com"):
        return JsonResponse({}, status=400)
    e = f"https://{host}/"  # ok: host
    return JsonResponse({"all": [a, b, c, d, e]})
