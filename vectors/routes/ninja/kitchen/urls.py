from django.urls import path

from kitchen.api import api, closed

urlpatterns = [
    path("api/", api.urls),
    path("internal/", closed.urls),
]
