# Guards on addresses as people write them.
from urllib.parse import urlparse, urlsplit

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

HOSTS = {"example.com", "www.example.com"}


def is_ours(url):
    return urlsplit(url).netloc in HOSTS


def safe_next(request):
    url = request.POST.get("next", request.GET.get("next"))
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}):
        return url
    return settings.LOGIN_REDIRECT_URL


def any_next(request):
    return request.POST.get("next", request.GET.get("next")) or settings.LOGIN_REDIRECT_URL


def one(request):
    return redirect(safe_next(request))  # ok: redirect


def two(request):
    return redirect(any_next(request))  # bad: redirect


def three(request):
    url = request.GET["next"]
    if not is_ours(url):
        url = "/"
    return HttpResponseRedirect(url)  # ok: redirect


def four(request):
    url = request.GET["next"]
    match urlparse(url).netloc:
        case "example.com" | "www.example.com":
            return redirect(url)  # ok: redirect
        case _:
            return redirect(url)  # bad: redirect


def five(request):
    url = request.GET["next"]
    host = urlparse(url).hostname
    if host == "shop.example.com" or host in HOSTS:
        return redirect(url)  # ok: redirect
    return redirect("/")


def six(request):
    url = request.GET["next"]
    while not url_has_allowed_host_and_scheme(url, None):
        url = "/"
    return redirect(url)  # ok: redirect


def seven(request):
    url = request.GET["next"]
    if "example.com" in url:
        return redirect(url)  # bad: redirect
    return redirect("/")


def eight(request):
    return redirect(url if url_has_allowed_host_and_scheme(url := request.GET["next"], None) else "/")  # ok: redirect
