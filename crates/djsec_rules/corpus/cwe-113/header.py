# A response's header that the visitor chooses.
from django.http import HttpResponse


def view(request):
    response = HttpResponse("ok", content_type=request.GET["type"])  # bad: header
    response["X-Name"] = request.GET["name"]
    return response
