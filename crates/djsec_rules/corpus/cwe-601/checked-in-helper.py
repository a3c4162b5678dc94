# A helper of the project gives the address back only if it is allowed.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request):
    url = request.GET.get("next")
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return "/"


def cleaned(url):
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else "/"


def view(request):
    if request.user.is_staff:
        return redirect(cleaned(request.GET["next"]))  # ok: redirect
    return redirect(next_url(request))  # ok: redirect
