# Texts of digits only.
from django.db import connection


def view(request):
    number = request.GET["id"]
    if number.isdigit():
        connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # ok: sql
    if not number.isdigit():
        connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # bad: sql
    if number.islower():
        connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # bad: sql
