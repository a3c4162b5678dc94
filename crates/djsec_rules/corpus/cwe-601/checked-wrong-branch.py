# The redirect stands in the branch in which the check failed.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return redirect(url)  # bad: redirect
    return redirect("/")
