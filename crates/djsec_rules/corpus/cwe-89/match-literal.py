# In a `case` with literals the subject is one of them.
from django.db import connection


def search(request):
    column = request.GET["column"]
    cursor = connection.cursor()
    match column:
        case "title" | "author":
            cursor.execute("SELECT " + column)  # ok: sql
        case _:
            cursor.execute("SELECT " + column)  # bad: sql
