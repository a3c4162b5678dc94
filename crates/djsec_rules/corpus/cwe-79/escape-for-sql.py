# Escaping for HTML does nothing for SQL.
from django.db import connection
from django.utils.html import escape


def view(request):
    name = escape(request.GET["name"])
    connection.cursor().execute("SELECT * FROM books WHERE name = " + name)  # bad: sql
