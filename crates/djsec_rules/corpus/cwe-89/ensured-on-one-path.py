# A helper that only sometimes raises says nothing of what it is given.
from django.db import connection


def require_number(text, strict):
    if strict:
        int(text)


def require_always(text):
    try:
        number = int(text)
    except ValueError:
        raise LookupError
    return number


def view(request):
    text = request.GET["id"]
    require_number(text, False)
    connection.cursor().execute("SELECT * FROM books WHERE id = " + text)  # bad: sql
    require_always(text)
    connection.cursor().execute("SELECT * FROM books WHERE id = " + text)  # ok: sql
