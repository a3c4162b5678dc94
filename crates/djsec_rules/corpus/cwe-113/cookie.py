# A cookie that the visitor chooses.
from django.http import HttpResponse


def view(request):
    response = HttpResponse("ok")
    response.set_cookie("name", request.GET["name"])  # bad: header
    response.set_cookie("number", int(request.GET["number"]))  # ok: header
    response.set_cookie("theme", "dark")  # ok: header
    return response
