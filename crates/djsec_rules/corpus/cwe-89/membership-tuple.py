# Membership in constants, as a guard that leaves.
from django.db import connection


def view(request):
    column = request.GET["column"]
    if column not in ("title", "author"):
        return None
    connection.cursor().execute("SELECT " + column)  # ok: sql


def ignored(request):
    column = request.GET["column"]
    if column not in ("title", "author"):
        print("odd")
    connection.cursor().execute("SELECT " + column)  # bad: sql
