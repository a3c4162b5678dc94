from django.urls import include, path

from . import converters, views

converters.register()

app_name = "books"
urlpatterns = [
    path("", views.shelf, {"row": "a"}, name="list"),
    path("<isbn:isbn>/", views.book, name="book"),
    path("<isbn:isbn>/<roman:page>", views.page, name="page"),
    path("authors/", include("books.authors.urls")),
]
