# A body that always leaves runs at most once.
from django.db import connection


def view(request):
    column = "title"
    for name in request.GET.getlist("column"):
        column = name
        return None
    connection.cursor().execute("SELECT " + column)  # ok: sql
