# A guard on one item of the query string says nothing of the others, nor of what comes after it.
from django.db import connection

COLUMNS = {"title", "author"}


def view(request):
    cursor = connection.cursor()
    if request.GET["column"] in COLUMNS:
        cursor.execute("SELECT " + request.GET["column"])  # ok: sql
        cursor.execute("SELECT " + request.GET["other"])  # bad: sql
    cursor.execute("SELECT " + request.GET["column"])  # bad: sql
    if request.GET.get("column") not in COLUMNS:
        return None
    cursor.execute("SELECT " + request.GET["column"])  # ok: sql
