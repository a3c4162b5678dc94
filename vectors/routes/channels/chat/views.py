from django.http import HttpResponse


def index(request):
    return HttpResponse("rooms")


def room(request, room):
    return HttpResponse(room)
