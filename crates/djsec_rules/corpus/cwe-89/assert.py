# An assertion is a guard.
from django.db import connection


def view(request):
    column = request.GET["column"]
    assert column in ("title", "author")
    connection.cursor().execute("SELECT " + column)  # ok: sql
