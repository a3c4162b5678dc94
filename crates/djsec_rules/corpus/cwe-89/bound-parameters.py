# Bound parameters, however the list is made.
from django.db import connection


def view(request):
    cursor = connection.cursor()
    cursor.execute("SELECT %s, %s", [request.GET["a"], request.GET["b"]])  # ok: sql
    cursor.execute("SELECT %(a)s", {"a": request.GET["a"]})  # ok: sql
    cursor.execute("SELECT %s", params=(request.GET["a"],))  # ok: sql
    cursor.execute(sql="SELECT '%s'" % request.GET["a"], params=[])  # bad: sql
    cursor.executemany("INSERT INTO books VALUES (%s)", [[request.GET["a"]]])  # ok: sql
