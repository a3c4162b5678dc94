# `join` carries every part of the list.
from django.db import connection


def search(request):
    parts = ["SELECT * FROM books WHERE title = '", request.GET["q"], "'"]
    cursor = connection.cursor()
    cursor.execute("".join(parts))  # bad: sql
    cursor.execute(" ".join(["SELECT", "1"]))  # ok: sql
