# The statement is run before the name is given something else.
from django.db import connection


def search(request):
    q = request.GET["q"]
    connection.cursor().execute("SELECT * FROM books WHERE title = '" + q + "'")  # bad: sql
    q = "fixed"
    return q
