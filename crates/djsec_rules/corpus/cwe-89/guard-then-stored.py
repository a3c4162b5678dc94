# A guard on an attribute is over when the attribute is given something else.
from django.db import connection


class Query:
    pass


def view(request):
    query = Query()
    query.column = request.GET["column"]
    if query.column not in ("title", "author"):
        return None
    connection.cursor().execute("SELECT " + query.column)  # ok: sql
    query.column = request.GET["other"]
    connection.cursor().execute("SELECT " + query.column)  # bad: sql
