from django.http import HttpResponse


def home(request):
    return HttpResponse("home")


def stage(request, stage):
    return HttpResponse(stage)


def year(request, year):
    return HttpResponse(str(year))


def page(request, page):
    return HttpResponse(page)


def closed(request):
    return HttpResponse("closed", status=410)


def broken(request, status):
    return HttpResponse(status=status)


def band_list(request):
    return HttpResponse("bands")


def band_add(request):
    return HttpResponse("added")


def band_remove(request, pk):
    return HttpResponse("removed")


def volunteer_list(request):
    return HttpResponse("volunteers")


def volunteer_add(request):
    return HttpResponse("added")


def volunteer_remove(request, pk):
    return HttpResponse("removed")
