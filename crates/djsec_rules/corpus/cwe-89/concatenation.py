# Text that is put together with `+` carries what is in it.
from django.db import connection


def search(request):
    q = request.GET["q"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM books WHERE title = '" + q + "'")  # bad: sql
        cursor.execute("SELECT * FROM books WHERE title = %s", [q])  # ok: sql
