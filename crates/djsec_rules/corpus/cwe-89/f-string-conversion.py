# Conversions and widths in an f-string change nothing; the width itself can carry data, too.
from django.db import connection


def search(request):
    q = request.GET["q"]
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM books WHERE title = {q!r}")  # bad: sql
    cursor.execute(f"SELECT * FROM books WHERE title = '{q:>20}'")  # bad: sql
