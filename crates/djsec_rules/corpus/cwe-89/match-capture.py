# A `case` that captures the subject under a new name carries it.
from django.db import connection


def search(request):
    cursor = connection.cursor()
    match request.GET["column"]:
        case "title":
            cursor.execute("SELECT title")  # ok: sql
        case other:
            cursor.execute("SELECT " + other)  # bad: sql
