# The same helper, given the value as a parameter.
from django.db import connection


def rows(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)  # ok: sql
        return cursor.fetchall()


def view(request):
    rows("SELECT * FROM books WHERE title = %s", [request.GET["q"]])
