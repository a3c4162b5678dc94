# `str.format` carries positional and named values.
from django.db import connection


def search(request):
    q = request.GET["q"]
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books WHERE title = '{}'".format(q))  # bad: sql
    cursor.execute("SELECT * FROM books WHERE title = '{q}'".format(q=q))  # bad: sql
    cursor.execute("SELECT * FROM {}".format("books"))  # ok: sql
