# A table of constants gives the text for a key.
from django.db import connection

COLUMNS = {"t": "title", "a": "author"}


def view(request):
    cursor = connection.cursor()
    cursor.execute("SELECT " + COLUMNS[request.GET["column"]])  # ok: sql
    local = {"t": "title", "a": "author"}
    cursor.execute("SELECT " + local[request.GET["column"]])  # ok: sql
    cursor.execute("SELECT " + local.get(request.GET["column"]))  # ok: sql
    cursor.execute("SELECT " + local.get(request.GET["column"], "title"))  # ok: sql
