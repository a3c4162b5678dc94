# The result of arithmetic is a number.
from django.db import connection


def view(request):
    page = int(request.GET["page"])
    offset = (page - 1) * 20
    connection.cursor().execute("SELECT * FROM books OFFSET " + str(offset))  # ok: sql
    connection.cursor().execute("SELECT * FROM books OFFSET " + request.GET["page"] * 2)  # unsupported: sql
