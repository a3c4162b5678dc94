from django.http import HttpResponse

__all__ = ["home", "hook", "season", "water"]


def home(request):
    return HttpResponse("home")


def hook(request):
    return HttpResponse("ok")


def season(request, season, year=0):
    return HttpResponse(season)


def water(request):
    return HttpResponse("done")
