# A number does no harm.
from django.db import connection


def view(request):
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books WHERE id = %s" % int(request.GET["id"]))  # ok: sql
    cursor.execute("SELECT * FROM books WHERE id = %s" % str(int(request.GET["id"])))  # ok: sql
    cursor.execute("SELECT * FROM books WHERE id = %s" % request.GET["id"])  # bad: sql
