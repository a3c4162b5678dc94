from django.urls import path

from .views import page

urlpatterns = [path("menu/", page, {"page": "menu"}, name="menu")]
