from django.urls import include, path

from depot.registry import patterns

from . import views  # noqa: F401

app_name = "stock"
urlpatterns = [
    path("items/", include(patterns("item", detail=False))),
    path("items/<int:pk>/", include(patterns("item"))),
    path("shelves/", include(patterns("shelf", detail=False))),
    path("shelves/<int:pk>/", include(patterns("shelf"))),
]
