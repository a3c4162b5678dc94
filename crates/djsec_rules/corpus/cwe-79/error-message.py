# The text of an exception that names what was sent.
from django.http import HttpResponseBadRequest


def view(request):
    try:
        int(request.GET["id"])
    except ValueError as error:
        if request.user.is_staff:
            return HttpResponseBadRequest("<p>" + request.GET["id"])  # bad: html
        return HttpResponseBadRequest(str(error))  # bad: html
    return HttpResponseBadRequest("<p>" + request.GET["id"])  # ok: html
