from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def book(request):
    return HttpResponse("booked")


urlpatterns = [path("", book, name="book")]
