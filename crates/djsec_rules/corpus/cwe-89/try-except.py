# The handler runs with what stood there when the exception came.
from django.db import connection


def search(request):
    q = request.GET["q"]
    try:
        q = int(q)
    except ValueError:
        pass
    connection.cursor().execute(f"SELECT * FROM books WHERE id = {q}")  # bad: sql


def strict(request):
    q = request.GET["q"]
    try:
        q = int(q)
    except ValueError:
        return None
    connection.cursor().execute(f"SELECT * FROM books WHERE id = {q}")  # ok: sql
