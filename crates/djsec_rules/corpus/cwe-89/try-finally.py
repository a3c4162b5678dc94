# `finally` runs with whatever the body left.
from django.db import connection


def search(request):
    column = "title"
    try:
        column = request.GET["column"]
    finally:
        connection.cursor().execute("SELECT " + column)  # bad: sql
