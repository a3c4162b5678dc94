# Where every other case leaves, the subject is one of the literals afterwards.
from django.db import connection


def search(request):
    column = request.GET["column"]
    match column:
        case "title" | "author":
            pass
        case _:
            return None
    connection.cursor().execute("SELECT " + column)  # ok: sql
