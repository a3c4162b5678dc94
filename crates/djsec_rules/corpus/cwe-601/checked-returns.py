# The guard leaves.
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return HttpResponseBadRequest()
    return HttpResponseRedirect(url)  # ok: redirect
