# `suppress` goes on where the conversion fails.
from contextlib import suppress

from django.db import connection


def view(request):
    number = "1"
    with suppress(KeyError):
        number = request.GET["id"]
    connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # bad: sql
