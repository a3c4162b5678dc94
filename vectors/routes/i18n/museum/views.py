from django.http import HttpResponse


def home(request):
    return HttpResponse("home")


def rooms(request):
    return HttpResponse("rooms")


def room(request, number):
    return HttpResponse(number)


def shop(request):
    return HttpResponse("shop")
