# The guard stands in a conditional expression.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    ok = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    target = url if ok else "/"
    return redirect(target)  # ok: redirect


def inverted(request):
    url = request.GET["next"]
    ok = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    target = "/" if ok else url
    return redirect(target)  # bad: redirect
