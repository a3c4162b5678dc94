"""A module with patterns that is no package's urls."""

from django.urls import path

from books import views as v

app_name = "staff"
urlpatterns = (
    path("", v.home, name="home"),
    path("loans/", v.loans, name="loans"),
)
