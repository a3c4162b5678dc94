# After `return` and `raise` nothing runs.
from django.db import connection


def search(request):
    q = request.GET["q"]
    raise ValueError
    connection.cursor().execute("SELECT " + q)  # ok: sql
