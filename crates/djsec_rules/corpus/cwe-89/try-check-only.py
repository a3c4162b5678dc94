# A conversion whose result is thrown away says that the text is a number, where failure leaves.
from django.db import connection


def strict(request):
    number = request.GET["id"]
    try:
        int(number)
    except ValueError:
        return None
    connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # ok: sql


def lax(request):
    number = request.GET["id"]
    try:
        int(number)
    except ValueError:
        print("not a number")
    connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # bad: sql
