# `any` and `all` over the parts of a value.
from django.db import connection

COLUMNS = {"title", "author"}


def view(request):
    columns = request.GET.getlist("column")
    if not all(column in COLUMNS for column in columns):
        return None
    connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql
