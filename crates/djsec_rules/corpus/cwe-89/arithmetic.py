# The result of arithmetic is a number; a text twice is that text.
from django.db import connection


def view(request):
    page = int(request.GET["page"])
    offset = (page - 1) * 20
    connection.cursor().execute("SELECT * FROM books OFFSET " + str(offset))  # ok: sql
    connection.cursor().execute("SELECT * FROM books OFFSET " + request.GET["order"] * 2)  # bad: sql
    # It was a number above, and is twice that one's digits.
    connection.cursor().execute("SELECT * FROM books OFFSET " + request.GET["page"] * 2)  # ok: sql
