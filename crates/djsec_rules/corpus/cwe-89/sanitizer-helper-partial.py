# A helper that makes some values harmless and lets others through.
from django.db import connection


def number(text):
    if text.isdigit():
        return int(text)
    return text


def view(request):
    connection.cursor().execute("SELECT * FROM books LIMIT %s" % number(request.GET["n"]))  # bad: sql
