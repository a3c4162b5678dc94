# Django quotes the value of a cookie, but not its name and where it reaches.
from django.http import HttpResponse


def view(request):
    response = HttpResponse("ok")
    response.set_cookie("name", request.GET["name"])  # ok: header
    response.set_cookie(request.GET["name"], "1")  # bad: header
    response.set_cookie("number", int(request.GET["number"]))  # ok: header
    response.set_cookie("theme", "dark")  # ok: header
    return response
