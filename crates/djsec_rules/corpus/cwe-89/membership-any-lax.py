# That one of several is known says nothing of the others.
from django.db import connection

COLUMNS = {"title", "author"}


def view(request):
    columns = request.GET.getlist("column")
    if not any(column in COLUMNS for column in columns):
        return None
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql


def strict(request):
    columns = request.GET.getlist("column")
    if any(column not in COLUMNS for column in columns):
        return None
    connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql
