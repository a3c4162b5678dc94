# Either reason leaves; after it, both are false.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET.get("next")
    if not url or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return redirect("/")
    return redirect(url)  # ok: redirect


def lax(request):
    url = request.GET.get("next")
    if not url and not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return redirect("/")
    return redirect(url)  # bad: redirect
