# Methods of texts that answer with a number or a boolean carry nothing.
from django.db import connection


def search(request):
    q = request.GET["q"]
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books LIMIT %s" % q.count("a"))  # ok: sql
    cursor.execute("SELECT * FROM books LIMIT %s" % q.find("a"))  # ok: sql
    cursor.execute("SELECT * FROM books LIMIT %s" % len(q))  # ok: sql
    cursor.execute("SELECT %s" % q.startswith("a"))  # ok: sql
