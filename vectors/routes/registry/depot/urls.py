from django.urls import include, path

urlpatterns = [path("stock/", include("stock.urls"))]
