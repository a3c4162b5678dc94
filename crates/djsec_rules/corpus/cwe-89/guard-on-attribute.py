# A guard on an attribute holds for the attribute.
from django.db import connection


class Query:
    def __init__(self, request):
        self.column = request.GET["column"]
        self.table = request.GET["table"]


def view(request):
    query = Query(request)
    if query.column in ("title", "author"):
        connection.cursor().execute("SELECT " + query.column)  # ok: sql
        connection.cursor().execute("SELECT * FROM " + query.table)  # bad: sql
