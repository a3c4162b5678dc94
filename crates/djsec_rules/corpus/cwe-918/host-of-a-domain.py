# A host that ends like a domain, with the dot in front, is one of that domain.
from urllib.parse import urlsplit

import requests
from django.http import JsonResponse


def of_domain(request):
    url = request.GET["url"]
    if not urlsplit(url).hostname.endswith(".example.com"):
        return JsonResponse({}, status=400)
    return JsonResponse(requests.get(url).json())  # ok: ssrf


def without_the_dot(request):
    url = request.GET["url"]
    if not urlsplit(url).hostname.endswith("example.com"):
        return JsonResponse({}, status=400)
    return JsonResponse(requests.get(url).json())  # bad: ssrf


def the_whole_address(request):
    url = request.GET["url"]
    if not url.endswith(".example.com"):
        return JsonResponse({}, status=400)
    return JsonResponse(requests.get(url).json())  # bad: ssrf


def somewhere_in_it(request):
    url = request.GET["url"]
    if "example.com" not in url or not url.startswith("https://example.com"):
        return JsonResponse({}, status=400)
    return JsonResponse(requests.get(url).json())  # bad: ssrf
