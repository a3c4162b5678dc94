# What is left of a set after everything known was taken away must be nothing.
from django.db import connection

COLUMNS = {"title", "author"}


def view(request):
    columns = set(request.GET.getlist("column"))
    if columns - COLUMNS:
        return None
    connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql
