# A name that is given something else no longer holds what was in it.
from django.db import connection


def search(request):
    q = request.GET["q"]
    q = "fixed"
    connection.cursor().execute("SELECT * FROM books WHERE title = '" + q + "'")  # ok: sql
