# Another value is checked than the one that is used.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    other = request.GET["other"]
    if url_has_allowed_host_and_scheme(other, allowed_hosts=None):
        return redirect(url)  # bad: redirect
    return redirect("/")
