# A helper of the project makes the value harmless.
from django.db import connection


def number(text):
    try:
        return int(text)
    except ValueError:
        return 0


def trimmed(text):
    return text.strip()[:10]


def view(request):
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books LIMIT %s" % number(request.GET["n"]))  # ok: sql
    cursor.execute("SELECT * FROM books LIMIT %s" % trimmed(request.GET["n"]))  # bad: sql
