# A text of the address without slashes is still free for SQL.
from django.db import connection


def by_name(request, name):
    connection.cursor().execute("SELECT * FROM books WHERE name = '%s'" % name)  # bad: sql


def by_slug(request, slug):
    connection.cursor().execute("SELECT * FROM books WHERE slug = '%s'" % slug)  # ok: sql
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [
    path("a/<name>/", views.by_name),
    path("b/<slug:slug>/", views.by_slug),
]
