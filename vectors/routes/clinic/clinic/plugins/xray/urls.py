from django.http import HttpResponse
from django.urls import path


def image(request, pk):
    return HttpResponse("image")


urlpatterns = [path("<int:pk>.png", image, name="image")]
