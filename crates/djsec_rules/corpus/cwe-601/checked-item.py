# The item of the query string is checked and used without a name of its own.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    if url_has_allowed_host_and_scheme(request.GET["next"], allowed_hosts=None):
        return redirect(request.GET["next"])  # ok: redirect
    return redirect("/")
