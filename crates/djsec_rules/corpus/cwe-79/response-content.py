# A response is given its content later; what is no page does no harm.
from django.http import HttpResponse


def view(request):
    response = HttpResponse()
    response.content = "<p>" + request.GET["name"]  # bad: html
    return response


def helper(response, name):
    response.write(name)  # bad: html


def helped(request):
    response = HttpResponse("<p>")
    helper(response, request.GET["name"])
    return response


def exported(request):
    response = HttpResponse(content_type="text/csv")
    response.write(request.GET["name"])  # ok: html
    response.content = request.GET["name"]  # ok: html
    return response


def by_position(request):
    response = HttpResponse("", "text/html; charset=utf-8")
    response.write(request.GET["name"])  # bad: html
    return response


def typed_later(request):
    response = HttpResponse()
    response["Content-Type"] = "text/plain"
    response.write(request.GET["name"])  # ok: html
    other = HttpResponse()
    other.headers["Content-Type"] = "application/json"
    other.write(request.GET["name"])  # ok: html
    return response


def made_elsewhere(request, response: HttpResponse):
    response.write(request.GET["name"])  # ok: html
    return response


def typed_helper(response: HttpResponse, name):
    response.write(name)  # bad: html


def text_helper(response, name):
    response.write(name)  # ok: html


def content_helper(response, name):
    response.content = name  # bad: html


def more_helped(request):
    typed_helper(HttpResponse(), request.GET["name"])
    text_helper(HttpResponse(content_type="text/plain"), request.GET["name"])
    response = HttpResponse()
    content_helper(response, request.GET["name"])
    return response
