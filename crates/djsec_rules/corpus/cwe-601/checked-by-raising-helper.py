# A helper of the project raises where the address is not allowed.
from django.core.exceptions import SuspiciousOperation
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def require_allowed(url):
    if not url_has_allowed_host_and_scheme(url, allowed_hosts={"example.com"}):
        raise SuspiciousOperation


def view(request):
    url = request.GET["next"]
    require_allowed(url)
    return redirect(url)  # ok: redirect
