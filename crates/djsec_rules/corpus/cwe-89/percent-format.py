# The `%` operator carries every value, single or in a tuple or dict.
from django.db import connection


def search(request):
    q = request.GET["q"]
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books WHERE title = '%s'" % q)  # bad: sql
    cursor.execute("SELECT * FROM %s WHERE title = '%s'" % ("books", q))  # bad: sql
    cursor.execute("SELECT * FROM books WHERE title = '%(q)s'" % {"q": q})  # bad: sql
    cursor.execute("SELECT * FROM %s" % "books")  # ok: sql
