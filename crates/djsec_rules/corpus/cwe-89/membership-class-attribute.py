# The allowed values stand on the class.
from django.db import connection
from django.views import View


class Books(View):
    columns = ["title", "author"]

    def get(self, request):
        column = request.GET["column"]
        if column not in self.columns:
            return None
        connection.cursor().execute("SELECT " + column)  # ok: sql
        connection.cursor().execute("SELECT " + request.GET["other"])  # bad: sql
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("books/", views.Books.as_view())]
