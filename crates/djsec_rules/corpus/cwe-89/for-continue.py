# A guard that goes on with the next turn keeps the rest of the body safe.
from django.db import connection

COLUMNS = {"title", "author"}


def search(request):
    cursor = connection.cursor()
    for column in request.GET.getlist("column"):
        if column not in COLUMNS:
            continue
        cursor.execute("SELECT " + column)  # ok: sql
    for column in request.GET.getlist("column"):
        if column not in COLUMNS:
            print("odd")
        cursor.execute("SELECT " + column)  # bad: sql
