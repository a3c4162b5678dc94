# The value is given anew after the answer of the check was kept.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    allowed = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    url = request.GET["other"]
    if allowed:
        return redirect(url)  # bad: redirect
    return redirect("/")
