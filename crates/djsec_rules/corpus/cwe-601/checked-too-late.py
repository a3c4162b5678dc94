# The value is given anew after the check.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    if url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        url = request.GET["really"]
        return redirect(url)  # bad: redirect
    return redirect("/")
