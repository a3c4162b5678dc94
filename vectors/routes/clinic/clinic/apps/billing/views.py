from django.http import HttpResponse
from django.views.decorators.http import require_POST


def invoice(request, number):
    return HttpResponse("invoice")


@require_POST
def pay(request, number=None):
    return HttpResponse("paid")
