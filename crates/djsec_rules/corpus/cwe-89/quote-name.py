# The database's own quoting of names.
from django.db import connection


def view(request):
    table = connection.ops.quote_name(request.GET["table"])
    connection.cursor().execute("SELECT * FROM " + table)  # ok: sql
