# What an exception of the project says is shown where it is caught.
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.html import escape


class Wrong(Exception):
    pass


class Missing(Exception):
    pass


def check(name):
    if len(name) > 10:
        raise Wrong("<p>too long: " + name)
    raise Missing("nothing found")


def handed_on(name):
    check(name)


def view(request):
    try:
        handed_on(request.GET["name"])
    except Missing as error:
        return HttpResponse(str(error))  # ok: html
    except Wrong as error:
        return HttpResponse(f"{error}")  # bad: html


def escaped(request):
    try:
        check(request.GET["name"])
    except Exception as error:
        return HttpResponse(escape(str(error)))  # ok: html # bad: told


def as_json(request):
    try:
        check(request.GET["name"])
    except Wrong as error:
        return JsonResponse({"error": str(error)})  # bad: markup


def swallowed(name):
    try:
        check(name)
    except Wrong:
        raise Missing("no name")


def other(request):
    try:
        swallowed(request.GET["name"])
    except Missing as error:
        return HttpResponseBadRequest(str(error))  # ok: html


def harmless(request):
    try:
        check("a fixed name")
        request.GET["name"]
    except Exception as error:
        return HttpResponseBadRequest(str(error))  # ok: html # bad: told
