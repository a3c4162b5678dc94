# The `else` of a `try` runs after a body that went well.
from django.db import connection


def search(request):
    number = request.GET["id"]
    try:
        number = int(number)
    except ValueError:
        number = 0
    else:
        connection.cursor().execute(f"SELECT * FROM books WHERE id = {number}")  # ok: sql
    connection.cursor().execute(f"SELECT * FROM books WHERE id = {number}")  # ok: sql
