# A conditional expression gives either side.
from django.db import connection


def search(request):
    column = request.GET["column"]
    cursor = connection.cursor()
    cursor.execute("SELECT " + (column if column else "title"))  # bad: sql
    cursor.execute("SELECT " + (column if column in ("title", "author") else "title"))  # ok: sql
    cursor.execute("SELECT " + ("a" if column else "b"))  # ok: sql
