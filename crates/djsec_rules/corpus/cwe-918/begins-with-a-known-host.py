# An address that begins with a host, as it is put together from settings, stays there.
import requests
from django.conf import settings


def of_region(request):
    url = request.POST["certificate"]
    origin = f"https://keys.{settings.REGION}.example.com/"
    if not url.startswith(origin):
        raise ValueError(url)
    return requests.get(url)  # ok: ssrf


def added_up(request):
    url = request.POST["certificate"]
    if url.startswith("https://" + settings.HOST + "/"):
        return requests.get(url)  # ok: ssrf
    return None


def host_goes_on(request):
    url = request.POST["certificate"]
    origin = f"https://keys.{settings.REGION}.example.com"
    if not url.startswith(origin):
        raise ValueError(url)
    return requests.get(url)  # bad: ssrf


def scheme_alone(request):
    url = request.POST["certificate"]
    prefix = f"{settings.SCHEME}://"
    if not url.startswith(prefix):
        raise ValueError(url)
    return requests.get(url)  # bad: ssrf


def chosen_by_the_client(request):
    url = request.POST["certificate"]
    origin = f"https://{request.POST['region']}.example.com/"
    if not url.startswith(origin):
        raise ValueError(url)
    return requests.get(url)  # bad: ssrf
