# `%d` takes numbers only: what gets through it does no harm.
from django.db import connection


def search(request):
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books WHERE id = %d" % request.GET["id"])  # ok: sql
    cursor.execute("SELECT * FROM books WHERE id = %s" % request.GET["id"])  # bad: sql
