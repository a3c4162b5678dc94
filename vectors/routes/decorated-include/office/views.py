from django.http import HttpResponse
from django.views.generic import TemplateView


def entrance(request):
    return HttpResponse("hello")


def rooms(request):
    return HttpResponse("rooms")


def key(request, room):
    return HttpResponse("key")


def lockers(request):
    return HttpResponse("lockers")


def desk(request, desk):
    return HttpResponse(desk)


class Safe(TemplateView):
    template_name = "safe.html"
