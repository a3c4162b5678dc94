# A short text is still SQL.
from django.db import connection


def view(request):
    q = request.GET["q"]
    if len(q) > 20:
        return None
    connection.cursor().execute("SELECT " + q)  # bad: sql
