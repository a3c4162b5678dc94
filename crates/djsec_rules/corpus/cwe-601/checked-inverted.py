# The guard replaces an address that is not allowed.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(url=url, allowed_hosts=None):
        url = "/"
    return redirect(url)  # ok: redirect
