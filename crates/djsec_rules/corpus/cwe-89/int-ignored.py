# The converted value is thrown away, and nothing happens where it fails.
from contextlib import suppress

from django.db import connection


def view(request):
    number = request.GET["id"]
    with suppress(ValueError):
        int(number)
    connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # bad: sql
