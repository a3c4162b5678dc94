# A helper of the project runs SQL with parameters.
from django.db import connection


def rows(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)  # bad: sql
        return cursor.fetchall()


def view(request):
    rows("SELECT * FROM books WHERE title = '" + request.GET["q"] + "'")
