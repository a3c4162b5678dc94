from django.conf import settings
from django.urls import path

from .views import page

urlpatterns = [path("map/", page, {"page": "map"}, name="map")]
if not settings.DEBUG:
    urlpatterns.append(path("weather/", page, {"page": "weather"}, name="weather"))
