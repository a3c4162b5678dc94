# The path of the request is shown as it is.
from django.http import HttpResponseNotFound
from django.utils.html import escape


def view(request):
    if request.user.is_staff:
        return HttpResponseNotFound("<p>Nothing at " + escape(request.path))  # ok: html
    return HttpResponseNotFound("<p>Nothing at " + request.GET["path"])  # bad: html
