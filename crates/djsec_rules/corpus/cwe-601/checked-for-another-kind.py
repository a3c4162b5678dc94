# An address that is fine to be sent to is not fine as HTML.
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    if url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return HttpResponse("<a href='" + url + "'>on</a>")  # bad: html
    return HttpResponse("nothing")
