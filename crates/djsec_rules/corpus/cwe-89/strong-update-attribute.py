# An attribute that is given something else no longer holds what was in it.
from django.db import connection


class Query:
    pass


def search(request):
    query = Query()
    query.table = request.GET["table"]
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM " + query.table)  # bad: sql
    query.table = "books"
    cursor.execute("SELECT * FROM " + query.table)  # ok: sql
