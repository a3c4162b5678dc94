# An f-string carries what stands in its braces.
from django.db import connection


def search(request):
    q = request.GET.get("q", "")
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM books WHERE title = '{q}'")  # bad: sql
    cursor.execute(f"SELECT * FROM books WHERE pages > {int(q)}")  # ok: sql
