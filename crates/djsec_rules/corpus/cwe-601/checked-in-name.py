# The answer of the guard is kept in a name.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    allowed = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    if not allowed:
        return redirect("/")
    return redirect(url)  # ok: redirect
