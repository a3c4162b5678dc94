# A number does no harm, and what was converted without an error is one.
from django.db import connection


def view(request):
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books WHERE id = %s" % int(request.GET["id"]))  # ok: sql
    cursor.execute("SELECT * FROM books WHERE id = %s" % str(int(request.GET["id"])))  # ok: sql
    cursor.execute("SELECT * FROM books WHERE id = %s" % request.GET["id"])  # ok: sql
    cursor.execute("SELECT * FROM books WHERE id = %s" % request.GET["other"])  # bad: sql
