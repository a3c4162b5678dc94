from django.http import HttpResponse


def error_404(request):
    return HttpResponse(status=404)


def error_500(request):
    return HttpResponse(status=500)


def no_such_endpoint(request):
    return HttpResponse(status=404)
