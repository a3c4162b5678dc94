# A list of numbers that is made with `map` or a comprehension.
from django.db import connection


def view(request):
    cursor = connection.cursor()
    ids = [int(value) for value in request.GET.getlist("id")]
    cursor.execute("SELECT * FROM books WHERE id IN (%s)" % ",".join(map(str, ids)))  # ok: sql
    raw = ",".join(request.GET.getlist("id"))
    cursor.execute("SELECT * FROM books WHERE id IN (%s)" % raw)  # bad: sql
