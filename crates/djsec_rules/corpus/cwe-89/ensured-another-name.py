# A helper that gives its own name something harmless leaves the caller's value as it is.
from django.db import connection


def number(text):
    text = "1"
    return text


def view(request):
    text = request.GET["id"]
    number(text)
    connection.cursor().execute("SELECT * FROM books WHERE id = " + text)  # bad: sql
