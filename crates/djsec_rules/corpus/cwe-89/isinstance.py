# A value that is a number already.
import json

from django.db import connection


def view(request):
    number = json.loads(request.body)["id"]
    if isinstance(number, int):
        connection.cursor().execute("SELECT * FROM books WHERE id = %s" % number)  # ok: sql
    if isinstance(number, (int, float)):
        connection.cursor().execute("SELECT * FROM books WHERE id = %s" % number)  # ok: sql
    if isinstance(number, str):
        connection.cursor().execute("SELECT * FROM books WHERE id = %s" % number)  # bad: sql
