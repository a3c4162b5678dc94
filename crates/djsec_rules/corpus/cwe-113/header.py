# A response's header that the visitor chooses.
import mimetypes

from django.http import HttpResponse


def view(request):
    response = HttpResponse("ok", content_type=request.GET["type"])  # bad: header
    response["X-Name"] = request.GET["name"]
    return response


def guessed(request):
    name = request.GET["name"]
    kind, _ = mimetypes.guess_type(name)
    return HttpResponse(b"", content_type=kind)  # bad: header
