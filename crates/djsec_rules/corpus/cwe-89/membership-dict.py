# Membership among the keys of a dict of constants.
from django.db import connection

COLUMNS = {"title": "Title", "author": "Author"}


def view(request):
    column = request.GET["column"]
    if column in COLUMNS:
        connection.cursor().execute("SELECT " + column)  # ok: sql
    if column in COLUMNS.keys():
        connection.cursor().execute("SELECT " + column)  # ok: sql
