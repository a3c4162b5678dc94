# A loop over constants is harmless whatever else is in the request.
from django.db import connection


def search(request):
    cursor = connection.cursor()
    for table in ["books", "authors"]:
        cursor.execute("SELECT count(*) FROM " + table)  # ok: sql
        cursor.execute(f"SELECT * FROM {table} WHERE title = %s", [request.GET["q"]])  # ok: sql
