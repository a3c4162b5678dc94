# The guard is one part of an `and`.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET.get("next")
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return redirect(url)  # ok: redirect
    if url or url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return redirect(url)  # bad: redirect
    return redirect("/")
